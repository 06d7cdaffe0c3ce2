from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class ReviewState(TextChoices):
    """How far an access review has come."""

    OPEN = "open", _("in review")
    PASSED = "passed", _("passed")
    REFUSED = "refused", _("did not pass")
    WITHDRAWN = "withdrawn", _("withdrawn")
    VOID = "void", _("void")


class VoteState(TextChoices):
    CALLED = "called", _("called")
    OPEN = "open", _("open")
    CLOSED = "closed", _("counted")
    VOID = "void", _("void")


LIVE_STATES = frozenset({VoteState.CALLED, VoteState.OPEN})


class Choice(IntegerChoices):
    YES = 1, _("+1, in favour")
    ABSTAIN = 0, _("0, abstain")
    NO = -1, _("−1, against")


class VoidReason(TextChoices):
    """Why a vote ended without a count."""

    PROJECT_MOVED = "project-moved", _("the project changed its stage meanwhile")
    NOBODY = "nobody", _("nobody had a vote when it was to open")
    CALLED_OFF = "called-off", _("it was called off")


class Conflict(TextChoices):
    """Why somebody of the electorate stands aside."""

    OWN = "own", _("speaks for the project")
    AFFILIATION = "affiliation", _("shares an organisation with who speaks for the project")
    DONOR = "donor", _("is a donor of the project, or belongs to one")
    DECLARED = "declared", _("stands aside")
