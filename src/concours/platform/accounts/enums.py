from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganisationKind(TextChoices):
    COMPANY = "company", _("company")
    PUBLIC_INSTITUTION = "public-institution", _("public institution")
    UNIVERSITY = "university", _("university")
    RESEARCH_INSTITUTE = "research-institute", _("research institute")
    INDUSTRY_ORGANISATION = "industry-organisation", _("industry organisation")
    COMMUNITY = "community", _("community")


class Role(TextChoices):
    """What staff may hold in a season (or, without one, in every season)."""

    ORGANISER = "organiser", _("organiser")
    TRACK_OWNER = "track-owner", _("track owner")


class Scope(TextChoices):
    """What an API token may do. A token never exceeds its owner."""

    READ = "read", _("read what I may see")
    ENTER = "enter", _("manage my teams, entries and submissions")
    REVIEW = "review", _("read and write my reviews")
    ORGANISE = "organise", _("run seasons in which I am staff")
