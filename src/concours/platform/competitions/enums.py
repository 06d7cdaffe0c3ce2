from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SeasonState(TextChoices):
    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class ProposalState(TextChoices):
    SUBMITTED = "submitted", _("under discussion")
    APPROVED = "approved", _("approved")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class TrackState(TextChoices):
    DRAFT = "draft", _("in preparation")
    STARTED = "started", _("running")
    CLOSED = "closed", _("closed")


class LlmPolicy(TextChoices):
    """What a track's rules say of large language models, for entries and reviews alike."""

    NONE = "none", _("not asked")
    ASK = "ask", _("allowed, and to be declared")
    FORBID = "forbid", _("forbidden, and to be declared unused")


class PhaseKind(TextChoices):
    REGISTRATION = "registration", _("registration")
    PRACTICE = "practice", _("practice")
    RANKING = "ranking", _("ranking")
    PEER_REVIEW = "peer-review", _("peer review")
    FINAL = "final", _("final")
    APPEAL = "appeal", _("appeal")
    RESULT = "result", _("result")


class EntryState(TextChoices):
    ENTERED = "entered", _("entered")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DISQUALIFIED = "disqualified", _("disqualified")


class InvitationState(TextChoices):
    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class SubmissionKind(TextChoices):
    ARCHIVE = "archive", _("uploaded archive")
    GIT = "git", _("git commit")


class SubmissionState(TextChoices):
    FETCHING = "fetching", _("being fetched")
    READY = "ready", _("ready")
    REFUSED = "refused", _("refused")
