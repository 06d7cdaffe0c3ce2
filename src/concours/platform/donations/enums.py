from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DonationState(TextChoices):
    """How far a donation has come."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    SENT_BACK = "sent-back", _("sent back")
    ACCEPTED = "accepted", _("accepted for agreement")
    SIGNED = "signed", _("signed by both sides")
    COMPLETED = "completed", _("completed")
    WITHDRAWN = "withdrawn", _("withdrawn")


WITH_DONORS = frozenset({DonationState.DRAFT, DonationState.SENT_BACK})
"""The donors' side works on it."""
CHANGEABLE = WITH_DONORS | {DonationState.ACCEPTED}
"""What the agreement stands on may change."""
UNDER_WAY = CHANGEABLE | {DonationState.SUBMITTED, DonationState.SIGNED}


class AssetKind(TextChoices):
    REPOSITORY = "repository", _("repository")
    TRADEMARK = "trademark", _("trademark")
    DOMAIN = "domain", _("domain name")
    ACCOUNT = "account", _("account")
    HARDWARE = "hardware", _("hardware design")


LICENSED = frozenset({AssetKind.REPOSITORY, AssetKind.HARDWARE})
"""Kinds of asset that need a licence."""


class AssetState(TextChoices):
    """How far the transfer of an asset has come."""

    NAMED = "named", _("named")
    AGREED = "agreed", _("agreed")
    TRANSFERRED = "transferred", _("transferred")
    CONFIRMED = "confirmed", _("confirmed")


class TermsKind(TextChoices):
    """What contributors have agreed to."""

    ICLA = "icla", _("contributor agreement of persons (ICLA)")
    CCLA = "ccla", _("contributor agreement of companies (CCLA)")
    DCO = "dco", _("sign-off in each commit (DCO)")


class PaperPurpose(TextChoices):
    MANDATE = "mandate", _("mandate")
    EVIDENCE = "evidence", _("evidence")
    SIGNED_COPY = "signed-copy", _("signed copy")


class Role(TextChoices):
    """In what role somebody signs."""

    DONOR = "donor", _("donor")
    FOUNDATION = "foundation", _("foundation")
    WITNESS = "witness", _("witness")


class Duty(TextChoices):
    """Who is to do what is missing."""

    DONORS = "donors", _("the donors’ side")
    STAFF = "staff", _("the foundation’s staff")
