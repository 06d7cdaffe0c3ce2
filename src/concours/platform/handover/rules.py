"""Who may see and do what when winners are handed over."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import Q, QuerySet

from concours.platform.accounts.domain.permissions import is_organiser, organised_season_ids
from concours.platform.competitions.domain.permissions import (
    is_of_team,
    member_team_ids,
    visible_tracks,
)
from concours.platform.handover.enums import HandoverState
from concours.platform.handover.models import Handover
from concours.platform.review.domain.permissions import written_assignments


@rules.predicate
def organises(user: Any, track: Any) -> bool:
    return is_organiser(user, track.season_id)


@rules.predicate
def organises_all(user: Any, subject: Any) -> bool:
    """The register is the foundation's, not a season's."""
    return is_organiser(user, None)


@rules.predicate
def captains(user: Any, handover: Handover) -> bool:
    return bool(rules.has_perm("competitions.manage_team", user, handover.entry.team))


@rules.predicate
def is_member(user: Any, handover: Handover) -> bool:
    return bool(is_of_team(user, handover.entry))


@rules.predicate
def reviewed(user: Any, handover: Handover) -> bool:
    return written_assignments(user).filter(entry_id=handover.entry_id).exists()


rules.add_perm("handover.open_desk", organises)
rules.add_perm("handover.ask", organises)
rules.add_perm("handover.hand_over", organises_all)
rules.add_perm("handover.take_back", organises_all)
rules.add_perm("handover.attach", organises_all)
rules.add_perm("handover.invite", organises_all)
# Whose figures these are is hidden from the season's other roles: they are told to organisers only.
rules.add_perm("handover.see_reviewers", organises)
rules.add_perm("handover.agree", captains)
rules.add_perm("handover.say", is_member)
rules.add_perm("handover.release", reviewed)


def visible_handovers(user: Any) -> QuerySet[Handover]:
    """Done ones with their tracks; others for the team, its reviewers and the season's staff."""
    seasons = organised_season_ids(user)
    if seasons is None:
        return Handover.objects.all()
    public = Q(state=HandoverState.DONE, entry__track__in=visible_tracks(user))
    own = Q(entry__team_id__in=member_team_ids(user))
    judged = Q(entry_id__in=written_assignments(user).values("entry_id"))
    return Handover.objects.filter(
        public
        | own
        | judged & ~Q(state=HandoverState.TAKEN_BACK)
        | Q(entry__track__season_id__in=seasons)
    )
