from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What a notification is about; people choose a channel for each."""

    TEAM = "team", _("Teams and invitations")
    SUBMISSION = "submission", _("Submissions and their scores")
    PHASE = "phase", _("Phases that begin or end soon")
    REVIEW = "review", _("Reviews to do")
    RESULT = "result", _("Standings and results")
    CHANGE = "change", _("Changes that move your entry")
    APPEAL = "appeal", _("Appeals")
    AWARD = "award", _("Awards and their payment")
    PROPOSAL = "proposal", _("Tracks that you proposed")
    VOTE = "vote", _("Votes of the foundation")
    DONATION = "donation", _("Donations in which you take part")
    INCUBATION = "incubation", _("Projects that you maintain or mentor")
    WEBHOOK = "webhook", _("Webhooks that you run")
    SECURITY = "security", _("The safety of your account")


class Channel(TextChoices):
    """How a person learns of a kind. All but OFF show it in the page too."""

    MAIL = "mail", _("mail at once")
    DIGEST = "digest", _("a daily digest")
    PAGE = "page", _("in the page only")
    OFF = "off", _("not at all")


class MailState(TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    WITHHELD = "withheld", _("withheld")
    REFUSED = "refused", _("refused by the mail server")
    GIVEN_UP = "given-up", _("given up")


DEFAULTS: dict[Kind, Channel] = {
    **dict.fromkeys(Kind, Channel.MAIL),
    Kind.SUBMISSION: Channel.DIGEST,
}
"""What holds for those who chose nothing."""
ALWAYS = frozenset({Kind.SECURITY})
"""Kinds that go by mail at once whatever somebody wishes: who took an account over would turn
them off first."""
