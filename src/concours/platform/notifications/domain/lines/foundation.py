"""What is told of proposals, votes and donations."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concours.platform.notifications.domain import concerned
from concours.platform.notifications.domain.lines.line import Line
from concours.platform.notifications.enums import Kind


def _donation(text: str | Promise) -> Line:
    return Line(
        kind=Kind.DONATION,
        who=concerned.donating,
        title=_("A donation moved on: %(donation)s"),
        text=text,
    )


def _vote(title: str | Promise, text: str | Promise) -> Line:
    return Line(kind=Kind.VOTE, who=concerned.voters, title=title, text=text)


LINES: dict[str, Line] = {
    "proposal.approved": Line(
        kind=Kind.PROPOSAL,
        who=concerned.proposer,
        title=_("Your proposal was approved: %(proposal)s"),
        text=_("The reasons are on its page."),
    ),
    "proposal.declined": Line(
        kind=Kind.PROPOSAL,
        who=concerned.proposer,
        title=_("Your proposal was declined: %(proposal)s"),
        text=_("The reasons are on its page."),
    ),
    "proposal.discussed": Line(
        kind=Kind.PROPOSAL,
        who=concerned.proposer,
        title=_("A comment on your proposal: %(proposal)s"),
        text=_("The discussion is public."),
    ),
    "vote.called": _vote(
        _("A vote was called: %(project)s"),
        _("It opens on %(opens)s. Stand aside before, if you must; comments are public."),
    ),
    "vote.opened": _vote(
        _("A vote is open: %(project)s"),
        _("It closes on %(closes)s. Its page has the ballot, and the rule in words."),
    ),
    "vote.closed": _vote(
        _("A vote was counted: %(project)s"), _("Its page has the count, step by step.")
    ),
    "vote.voided": _vote(_("A vote ended without a count: %(project)s"), _("Its page says why.")),
    "donation.submitted": Line(
        kind=Kind.DONATION,
        who=concerned.receiving,
        title=_("A donation waits for its review: %(donation)s"),
        text=_("What it still lacks is listed on its page."),
    ),
    "donation.sent-back": _donation(_("It was sent back; the findings are on its page.")),
    "donation.accepted": _donation(_("It was accepted, and the agreement is drawn up.")),
    "donation.ceremony-planned": _donation(_("Place and day of the signing are on its page.")),
    "donation.agreement-drawn": _donation(
        _("There is a new version of the agreement. Earlier signatures are not under it.")
    ),
    "donation.both-sides-signed": _donation(_("Both sides have signed.")),
    "donation.completed": _donation(_("All have signed, and the project is in the register.")),
    "donation.withdrawn": _donation(_("It was withdrawn.")),
}
