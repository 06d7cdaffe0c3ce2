from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AppealKind(TextChoices):
    """What an appeal is against."""

    STANDING = "standing", _("the standing")
    REVIEW = "review", _("a review")
    MACHINE = "machine", _("the machine score")
    DISQUALIFICATION = "disqualification", _("the disqualification")
    RESULT = "result", _("the result")


class AppealState(TextChoices):
    FILED = "filed", _("filed")
    ADMITTED = "admitted", _("admitted")
    HEARD = "heard", _("heard")
    DECIDED = "decided", _("decided")
    DISMISSED = "dismissed", _("dismissed as inadmissible")
    WITHDRAWN = "withdrawn", _("withdrawn")


OPEN_STATES = frozenset({AppealState.FILED, AppealState.ADMITTED, AppealState.HEARD})
ENDED_STATES = frozenset({AppealState.DECIDED, AppealState.DISMISSED})


class Outcome(TextChoices):
    UPHELD = "upheld", _("upheld in full")
    PARTLY = "partly", _("upheld in part")
    REJECTED = "rejected", _("rejected")


class RecusalReason(TextChoices):
    """Why somebody must not judge an appeal."""

    OWN = "own", _("takes part in the track")
    ORGANISATION = "organisation", _("belongs to an organisation of the team")
    REVIEWED = "reviewed", _("reviewed the entry")
    SCREENED = "screened", _("decided a flag about the entry")
    JURY = "jury", _("scored the entry as a juror")
    DECIDED = "decided", _("decided about the entry before")
    DECLARED = "declared", _("stands aside")


class ChangeState(TextChoices):
    DRAFT = "draft", _("draft")
    APPLIED = "applied", _("applied")
    CANCELLED = "cancelled", _("cancelled")


class ChangeKind(TextChoices):
    STRIKE = "strike", _("strike a review")
    CORRECT = "correct", _("correct a review’s points")
    RESTORE = "restore", _("let a review count as it was written")
    JURY = "jury", _("correct a juror’s score")
    JURY_OWN = "jury-own", _("let a juror’s own score count")
    DISQUALIFY = "disqualify", _("disqualify an entry")
    REINSTATE = "reinstate", _("reinstate an entry")


REVIEW_KINDS = frozenset({ChangeKind.STRIKE, ChangeKind.CORRECT, ChangeKind.RESTORE})
JURY_KINDS = frozenset({ChangeKind.JURY, ChangeKind.JURY_OWN})
ENTRY_KINDS = frozenset({ChangeKind.DISQUALIFY, ChangeKind.REINSTATE})
