from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RoundState(TextChoices):
    PLANNED = "planned", _("planned")
    ASSIGNED = "assigned", _("reviewing")
    CLOSED = "closed", _("reviews closed")
    COMPUTED = "computed", _("standings computed")
    PUBLISHED = "published", _("standings published")


class AssignmentState(TextChoices):
    PENDING = "pending", _("to do")
    SUBMITTED = "submitted", _("submitted")
    DEFAULTED = "defaulted", _("not fulfilled")
    LIFTED = "lifted", _("lifted: conflict declared")
    REPLACED = "replaced", _("given to another, being late")
    EXCUSED = "excused", _("excused")


class DeclaredKind(TextChoices):
    """What a reviewer declares after the draw."""

    RECOGNISED = "recognised", _("recognises the entry")
    CLOSE = "close", _("is close to its team")


class Cause(TextChoices):
    """Why duties are given anew."""

    CONFLICT = "conflict", _("a conflict was declared")
    LATE = "late", _("reviewers were late")
    EXCUSED = "excused", _("a duty was excused")
    GONE = "gone", _("a reviewer is gone")
    RESERVE = "reserve", _("an emergency reviewer was named")


class ConflictKind(TextChoices):
    PERSON = "person", _("shared person")
    ORGANISATION = "organisation", _("shared organisation")
    DECLARED = "declared", _("declared")


class FlagState(TextChoices):
    OPEN = "open", _("to be looked at")
    DISMISSED = "dismissed", _("dismissed")
    UPHELD = "upheld", _("upheld")


class AliasKind(TextChoices):
    ENTRY = "entry", _("entry")
    REVIEWER = "reviewer", _("reviewer")
