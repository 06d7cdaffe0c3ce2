"""The one table of which verb of the record tells whom what.

A verb that is not here tells nobody. Words are filled with what `words.values_of` knows of the
subject; they name no person, because who they reach may not be one who may know.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concours.platform.notifications.domain import concerned
from concours.platform.notifications.domain.concerned import Who
from concours.platform.notifications.domain.subjects import find
from concours.platform.notifications.enums import Kind

About = Callable[[Any], str]
"""event -> the name of what its readers are shown, and of what `who` is asked."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """What one verb tells.

    `about` names what readers are shown; without one, the event's own subject. `detail` is what
    the words need of the event itself, open to all who see the subject. `mailed` says that
    another mail goes about it already, so that this one is for the page alone. `own` tells the
    actor too.
    """

    kind: Kind
    who: Who
    title: str | Promise
    text: str | Promise
    about: About | None = None
    detail: About | None = None
    mailed: bool = False
    own: bool = False


def _its_track(event: Any) -> str:
    return f"track:{event.season}/{json.loads(event.data)['track']}"


def _track_of_round(event: Any) -> str:
    round_ = find(event.subject)
    return f"track:{round_.track.code}" if round_ is not None else ""


def _phase_begun(event: Any) -> str:
    return str(json.loads(event.data).get("to", ""))


def _who_acted(event: Any) -> str:
    """What people do to their own account."""
    actor: str = event.actor
    return actor


def _its_invitation(event: Any) -> str:
    return f"invitation:{json.loads(event.data)['invitation']}"


def _team(title: str | Promise, text: str | Promise) -> Line:
    return Line(kind=Kind.TEAM, who=concerned.members, title=title, text=text)


def _run(title: str | Promise, text: str | Promise) -> Line:
    return Line(kind=Kind.SUBMISSION, who=concerned.ordinary_run, title=title, text=text)


def _phase(title: str | Promise, text: str | Promise) -> Line:
    return Line(kind=Kind.PHASE, who=concerned.entrants, title=title, text=text)


def _award(title: str | Promise, text: str | Promise) -> Line:
    return Line(kind=Kind.AWARD, who=concerned.members, title=title, text=text)


def _appeal(text: str | Promise) -> Line:
    return Line(
        kind=Kind.APPEAL,
        who=concerned.members,
        title=_("Your appeal moved on: %(track)s"),
        text=text,
        mailed=True,
    )


def _donation(text: str | Promise) -> Line:
    return Line(
        kind=Kind.DONATION,
        who=concerned.donating,
        title=_("A donation moved on: %(donation)s"),
        text=text,
    )


def _safety(title: str | Promise, text: str | Promise, *, mailed: bool = False) -> Line:
    return Line(
        kind=Kind.SECURITY,
        who=concerned.oneself,
        about=_who_acted,
        title=title,
        text=text,
        mailed=mailed,
        own=True,
    )


def _vote(title: str | Promise, text: str | Promise) -> Line:
    return Line(kind=Kind.VOTE, who=concerned.voters, title=title, text=text)


_INVITED = Line(
    kind=Kind.TEAM,
    who=concerned.invited,
    about=_its_invitation,
    title=_("You are invited to the team “%(team)s”"),
    text=_("The link by which you join is in the mail that was sent to your address."),
    mailed=True,
)
_NOT_YOU = _("If this was not you, end your sessions and change your password.")

LINES: dict[str, Line] = {
    "invitation.sent": _INVITED,
    "invitation.resent": _INVITED,
    "team.joined": _team(
        _("Somebody joined your team “%(team)s”"), _("See who is of it on the team’s page.")
    ),
    "team.left": _team(
        _("Somebody left your team “%(team)s”"), _("See who is of it on the team’s page.")
    ),
    "team.member-removed": _team(
        _("Somebody was taken out of your team “%(team)s”"),
        _("See who is of it on the team’s page."),
    ),
    "team.captain-passed": _team(
        _("Another captain of your team “%(team)s”"), _("See who it is on the team’s page.")
    ),
    "team.merged": _team(
        _("Another team joined your team “%(team)s”"), _("See who is of it on the team’s page.")
    ),
    "duties.transferred": _team(
        _("Another reviewer for “%(entry)s”"),
        _("Your team passed on the reviews that it owes in “%(track)s”."),
    ),
    "entry.reviewer-named": _team(
        _("Another reviewer for “%(entry)s”"),
        _("Your team named who pays the entry’s debt of reviews in “%(track)s”."),
    ),
    "entry.withdrawn": _team(
        _("“%(entry)s” was withdrawn"), _("Your team took it out of “%(track)s”.")
    ),
    "entry.disqualified": _team(
        _("“%(entry)s” was disqualified"),
        _("The organisers took it out of “%(track)s”. The reason is on the entry’s page."),
    ),
    "entry.reinstated": _team(
        _("“%(entry)s” is back in the track"),
        _("The organisers reinstated it in “%(track)s”. The reason is on the entry’s page."),
    ),
    "submission.refused": Line(
        kind=Kind.SUBMISSION,
        who=concerned.members,
        title=_("Submission %(number)s was refused"),
        text=_("It is of “%(entry)s” in “%(track)s”. The reason is on the entry’s page."),
        own=True,
    ),
    "submission.fetched": Line(
        kind=Kind.SUBMISSION,
        who=concerned.members,
        title=_("Submission %(number)s was fetched"),
        text=_("The snapshot of “%(entry)s” in “%(track)s” is complete."),
        own=True,
    ),
    "evaluation.scored": _run(
        _("Submission %(number)s was evaluated"),
        _("An evaluation of “%(entry)s” in “%(track)s” has ended with a score."),
    ),
    "evaluation.failed": _run(
        _("Submission %(number)s failed its evaluation"),
        _("An evaluation of “%(entry)s” in “%(track)s” could not be scored; its page says why."),
    ),
    "evaluation.faulted": _run(
        _("Submission %(number)s could not be evaluated"),
        _("That is our fault: an evaluation of “%(entry)s” in “%(track)s” waits for staff."),
    ),
    "track.started": _phase(
        _("“%(track)s” has started"), _("See its page for what may be done now.")
    ),
    "phase.advanced": Line(
        kind=Kind.PHASE,
        who=concerned.entrants,
        detail=_phase_begun,
        title=_("A new phase in “%(track)s”: %(phase)s"),
        text=_("It ends on %(phase_ends)s."),
    ),
    "phase.ends-soon": _phase(
        _("Soon over in “%(track)s”: %(phase)s"), _("The phase ends on %(phase_ends)s.")
    ),
    "track.closed": _phase(_("“%(track)s” is closed"), _("It stays readable.")),
    "round.assigned": Line(
        kind=Kind.REVIEW,
        who=concerned.reviewers,
        title=_("Reviews to do in “%(track)s”"),
        text=_("Entries were assigned to you. Your reviews are due on %(closes)s."),
    ),
    "round.extended": Line(
        kind=Kind.REVIEW,
        who=concerned.reviewers_behind,
        title=_("More time for reviews in “%(track)s”"),
        text=_("Your reviews are now due on %(closes)s."),
    ),
    "reminders.sent": Line(
        kind=Kind.REVIEW,
        who=concerned.reminded,
        title=_("Reviews are due soon in “%(track)s”"),
        text=_("You still owe reviews. They are due on %(closes)s."),
        mailed=True,
    ),
    "duty.late": Line(
        kind=Kind.REVIEW,
        who=concerned.reviewers_behind,
        title=_("Reviews are late in “%(track)s”"),
        text=_("Reviews that you owe were due on %(closes)s."),
    ),
    "duties.lost": Line(
        kind=Kind.REVIEW,
        who=concerned.lost_duties,
        title=_("Reviews given to others: %(track)s"),
        text=_("What follows from that stands under “My reviews” and in the track’s rules."),
        mailed=True,
    ),
    "duties.replaced": Line(
        kind=Kind.REVIEW,
        who=concerned.given_anew,
        title=_("Further reviews: %(track)s"),
        text=_("They lost their reviewer and were given to you. They are due on %(closes)s."),
        mailed=True,
    ),
    "duty.undone": Line(
        kind=Kind.REVIEW,
        who=concerned.members,
        title=_("Reviews that “%(entry)s” owed are undone"),
        text=_("What follows from that in “%(track)s” is on the entry’s page."),
        mailed=True,
    ),
    "standings.published": Line(
        kind=Kind.RESULT,
        who=concerned.entrants,
        about=_track_of_round,
        title=_("Standings were published: %(track)s"),
        text=_("The peers’ verdict is on the track’s page of standings."),
    ),
    "result.published": Line(
        kind=Kind.RESULT,
        who=concerned.entrants,
        about=_its_track,
        title=_("The result was published: %(track)s"),
        text=_("Places and prizes are on the track’s page of results."),
    ),
    "board.sources-published": Line(
        kind=Kind.RESULT,
        who=concerned.entrants,
        about=_its_track,
        title=_("Sources were published: %(track)s"),
        text=_("The sources behind the leaderboard can be read by everyone."),
    ),
    "changes.applied": Line(
        kind=Kind.CHANGE,
        who=concerned.moved,
        title=_("Your place changed in “%(track)s”"),
        text=_("Organisers changed human scores. What was changed, and why, is public."),
    ),
    "appeal.filed": Line(
        kind=Kind.APPEAL,
        who=concerned.judges,
        title=_("An appeal waits: %(track)s"),
        text=_("It is to be decided by %(decide_by)s. Stand aside if you should not judge it."),
        mailed=True,
    ),
    "appeal.admitted": _appeal(_("“%(appeal)s” was admitted.")),
    "appeal.heard": _appeal(_("“%(appeal)s” was heard.")),
    "appeal.dismissed": _appeal(_("“%(appeal)s” was dismissed; the reasons are with it.")),
    "appeal.decided": _appeal(_("“%(appeal)s” was decided; the reasons are with it.")),
    "payout.held": _award(
        _("You won an award in “%(track)s”"),
        _("It is on hold until it is verified. What is asked of you is on its page."),
    ),
    "payout.granted": _award(
        _("Your team was granted an award in “%(track)s”"),
        _("It is on hold until it is verified. What is asked of you is on its page."),
    ),
    "payout.released": _award(
        _("Your award in “%(track)s” was released"), _("It is to be paid next.")
    ),
    "payout.paid": _award(
        _("A payment was noted for your award in “%(track)s”"),
        _("Who was paid finds a receipt on the award’s page."),
    ),
    "payout.adjusted": _award(
        _("Your award in “%(track)s” changed"), _("The result was replaced; its page says to what.")
    ),
    "payout.clawed-back": _award(
        _("Your award in “%(track)s” is taken back"),
        _("The reason, and what is owed, are on its page."),
    ),
    "payout.repaid": _award(
        _("A repayment was noted for your award in “%(track)s”"),
        _("What is still owed is on its page."),
    ),
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
    "webhook.set-aside": Line(
        kind=Kind.WEBHOOK,
        who=concerned.owner,
        title=_("A webhook of “%(season)s” is set aside"),
        text=_("Its receiver failed for a day, or is gone. Its page has the log and a button."),
    ),
    "account.merged": _safety(_("Another account was merged into yours"), _NOT_YOU),
    "session.from-new-place": _safety(_("A sign-in from a place that is new"), _NOT_YOU),
    "token.created": _safety(_("A key to the API was made"), _NOT_YOU),
    "person.exported": _safety(_("All your data was taken along"), _NOT_YOU),
    "identity.joined": _safety(_("Another way to sign in was added"), _NOT_YOU),
    "identity.parted": _safety(_("A way to sign in was taken away"), _NOT_YOU),
    # allauth's own mail goes about these.
    "password.changed": _safety(_("Your password was changed"), _NOT_YOU, mailed=True),
    "factor.added": _safety(_("A second factor was added"), _NOT_YOU, mailed=True),
    "factor.removed": _safety(_("A second factor was taken away"), _NOT_YOU, mailed=True),
}
