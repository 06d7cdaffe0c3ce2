from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

OWN = "own"
"""The short name of the foundation's own register; others are those of its neighbours."""


class Stage(TextChoices):
    """How far a project has come in the foundation's care."""

    CANDIDATE = "candidate", _("candidate")
    PREPARATION = "preparation", _("in preparation")
    INCUBATING = "incubating", _("incubating")
    GRADUATED = "graduated", _("graduated")
    ARCHIVED = "archived", _("archived")


class ArchiveCause(TextChoices):
    """Why a project was archived; the words to it are the change's reason."""

    INACTIVE = "inactive", _("inactive")
    DONOR_WITHDREW = "donor-withdrew", _("its donor withdrew")
    MERGED = "merged", _("merged into another project")
    MOVED = "moved", _("moved elsewhere")
    LEGAL = "legal", _("legal reasons")
    OTHER = "other", _("other reasons")


class DonorKind(TextChoices):
    LEGAL_ENTITY = "legal-entity", _("legal entity")
    PERSON = "person", _("person")
