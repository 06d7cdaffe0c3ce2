"""Winners and outstanding reviewers, to be invited to mentor projects."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concours.platform.accounts.domain import waits_for_consent
from concours.platform.awards.domain import BonusRule, Win, outstanding_reviewers, winners_in
from concours.platform.competitions.enums import EntryState
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.text import localised
from concours.platform.handover.models import MemberWish
from concours.platform.incubation.domain import invite_mentor
from concours.platform.incubation.domain.permissions import visible_mentors
from concours.platform.record import domain as record
from concours.platform.register.domain.entering import areas_offered
from concours.platform.review.domain import round_of

RULE = BonusRule()
"""Who is outstanding: the rule that a bonus for reviewers follows too."""


@dataclass(frozen=True, kw_only=True)
class Winner:
    """A person of a team that won. `state` is how they stand to the pool of mentors, if at all."""

    user: Any
    captain: bool
    win: Win
    state: str


@dataclass(frozen=True, kw_only=True)
class Reviewer:
    """A reviewer by what the whole round says of them, never by a review of theirs."""

    user: Any
    kept: int
    owed: int
    ratings: int
    mean: float
    state: str


def winning_people(*, actor: Any, track: Any) -> list[Winner]:
    """The captains of the track's winners, and the members who said that they may be asked.

    Raises NotPermitted unless `actor` organises the season.
    """
    require(actor, "handover.open_desk", track)
    wins = [one for one in winners_in(track=track) if one.entry.state == EntryState.ENTERED]
    wishes = MemberWish.objects.filter(
        handover__entry__in=[one.entry for one in wins], mentors=True
    )
    willing = set(wishes.values_list("handover__entry_id", "user_id"))
    states = _states(actor)
    return [
        Winner(user=row.user, captain=row.captain, win=win, state=states.get(row.user_id, ""))
        for win in wins
        for row in win.entry.team.memberships.select_related("user")
        if (row.captain or (win.entry.pk, row.user_id) in willing) and _may_be_asked(row.user)
    ]


@transaction.atomic
def read_reviewers(*, actor: Any, track: Any) -> list[Reviewer]:
    """The track's outstanding reviewers by name and figures, in order of their names.

    The record keeps that somebody looked: whoever knows the figures of an alias could tell whose
    it is. Raises NotPermitted unless `actor` organises the season and runs the round, Refused
    where no round is published.
    """
    require(actor, "handover.see_reviewers", track)
    round_ = round_of(track=track)
    if round_ is None:
        raise Refused("no-round", gettext_lazy("This track has no peer review."))
    require(actor, "review.run_round", round_)
    rows = _reviewers(actor, track)
    record.append(
        actor=actor,
        verb="identities.read",
        subject=round_,
        season=track.season.slug,
        data={"reviewers": len(rows), "reason": "mentors"},
    )
    return rows


def reviewers_counted(*, track: Any) -> int:
    """How many reviewers of the track meet the rule."""
    return len(outstanding_reviewers(track=track, rule=RULE))


@transaction.atomic
def invite(*, actor: Any, track: Any, people: Collection[str]) -> int:
    """Invite those people (codes of accounts) to the pool of mentors; how many were.

    Only who is listed can be invited. Whoever is invited or in the pool already is passed over.
    Raises NotPermitted, and Refused for somebody who is not listed and where nobody is named.
    """
    require(actor, "handover.invite", track)
    offered = {
        one.user.code: (one.user, _why_winner(one))
        for one in winning_people(actor=actor, track=track)
    }
    for one in _reviewers(actor, track):
        offered.setdefault(one.user.code, (one.user, _why_reviewer(track, one.user)))
    if not people:
        raise Refused("nobody", gettext_lazy("Choose whom to invite."))
    if set(people) - set(offered):
        raise Refused("not-listed", gettext_lazy("Only people of this list can be invited."))
    areas = [slug for slug, _name in areas_offered() if slug == track.technical_area]
    invited = 0
    for code in sorted(set(people)):
        user, why = offered[code]
        try:
            invite_mentor(actor=actor, person=user, areas=areas, why=why)
        except Refused as refusal:
            if refusal.code != "invited-already":
                raise
        else:
            invited += 1
    return invited


def _reviewers(actor: Any, track: Any) -> list[Reviewer]:
    found = outstanding_reviewers(track=track, rule=RULE)
    states = _states(actor)
    people = get_user_model()._default_manager.filter(pk__in=list(found))
    rows = [
        Reviewer(
            user=user,
            kept=found[user.pk][1].kept,
            owed=found[user.pk][1].owed,
            ratings=len(found[user.pk][1].ratings),
            mean=sum(found[user.pk][1].ratings) / len(found[user.pk][1].ratings),
            state=states.get(user.pk, ""),
        )
        for user in people
        if _may_be_asked(user)
    ]
    return sorted(rows, key=lambda one: (one.user.display_name, one.user.code))


def _may_be_asked(user: Any) -> bool:
    return user.is_active and not waits_for_consent(user=user)


def _states(actor: Any) -> dict[int, str]:
    """How people stand to the pool, in words, as far as `actor` may know."""
    return {one.user_id: str(one.get_state_display()) for one in visible_mentors(actor)}


def _why_winner(one: Winner) -> str:
    with translation.override(one.user.language or "en"):
        return _("Your team won in “%(track)s”, with “%(entry)s” in place %(place)d.") % {
            "track": localised(one.win.entry.track, "title"),
            "entry": one.win.entry.title,
            "place": one.win.line.place,
        }


def _why_reviewer(track: Any, user: Any) -> str:
    with translation.override(user.language or "en"):
        return _("You did all your reviews in “%(track)s”, and teams found them useful.") % {
            "track": localised(track, "title")
        }
