"""What is told of teams and their entries."""

from __future__ import annotations

import json
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concours.platform.notifications.domain import concerned
from concours.platform.notifications.domain.lines.line import Line
from concours.platform.notifications.enums import Kind


def _its_invitation(event: Any) -> str:
    return f"invitation:{json.loads(event.data)['invitation']}"


def _team(title: str | Promise, text: str | Promise) -> Line:
    return Line(kind=Kind.TEAM, who=concerned.members, title=title, text=text)


_INVITED = Line(
    kind=Kind.TEAM,
    who=concerned.invited,
    about=_its_invitation,
    title=_("You are invited to the team “%(team)s”"),
    text=_("The link by which you join is in the mail that was sent to your address."),
    mailed=True,
)

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
}
