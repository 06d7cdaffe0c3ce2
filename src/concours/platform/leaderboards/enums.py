from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Visibility(TextChoices):
    PUBLIC = "public", _("public")
    SEALED = "sealed", _("sealed")


class Rule(TextChoices):
    """Which of an entry's submissions counts."""

    BEST = "best", _("the best submission")
    LAST = "last", _("the last submission")
    SELECTED = "selected", _("the submission that the team selects")


class Cause(TextChoices):
    """Why a snapshot was made."""

    CREATED = "created", _("the board was made")
    SCORES = "scores", _("new scores")
    FREEZE = "freeze", _("the freeze")
    APPLIED = "applied", _("a re-evaluation was applied")
    REVERTED = "reverted", _("a former version was applied again")
    REBUILT = "rebuilt", _("computed anew")


class SetScope(TextChoices):
    """Whose runs a re-evaluation makes again."""

    ALL = "all", _("all entries")
    TOP = "top", _("the first places")
    CHOSEN = "chosen", _("chosen entries")


class ReevaluationState(TextChoices):
    STAGED = "staged", _("staged")
    APPLIED = "applied", _("applied")
    CANCELLED = "cancelled", _("cancelled")
    REVERTED = "reverted", _("taken back")
