"""What is told of results, appeals and awards."""

from __future__ import annotations

import json
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concours.platform.notifications.domain import concerned
from concours.platform.notifications.domain.lines.line import Line
from concours.platform.notifications.domain.subjects import find
from concours.platform.notifications.enums import Kind


def _its_track(event: Any) -> str:
    return f"track:{event.season}/{json.loads(event.data)['track']}"


def _track_of_round(event: Any) -> str:
    round_ = find(event.subject)
    return f"track:{round_.track.code}" if round_ is not None else ""


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


LINES: dict[str, Line] = {
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
}
