"""Who is in the final, as the peer standings say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from concours.platform.competitions.domain import entry_facts
from concours.platform.competitions.enums import EntryState
from concours.platform.core.actors import System
from concours.platform.review.domain import PeerResult, peer_results, snapshot_for


@dataclass(frozen=True, kw_only=True)
class Contest:
    """A track's entries for its result. `codes` and `titles` by entry id, for those with a place;
    `peer_milli` is empty in a track without peer review. `left_out` are the codes of entries
    that are in the track and have no place: without a snapshot or a standing."""

    codes: dict[int, str]
    titles: dict[int, str]
    finalist_ids: frozenset[int]
    peer_milli: dict[int, int]
    peer: dict[str, Any]
    left_out: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Supposed:
    """What would be otherwise once changes are applied.

    `standings` as `peer_results` would tell, named by `peer`; entries that would come in or be out,
    by key; `jury` is {(key of entry, key of juror): points in thousandths}, None for the juror's
    own score again.
    """

    standings: Mapping[int, PeerResult]
    peer: Mapping[str, Any]
    entering: frozenset[int] = frozenset()
    leaving: frozenset[int] = frozenset()
    jury: Mapping[tuple[int, int], int | None] = field(default_factory=dict)


def contest_of(*, track: Any, supposed: Supposed | None = None) -> Contest:
    """The track's contest as it stands, or as it would stand.

    With peer standings the entries that have one take part, and the standings name the finalists.
    A track that gives peers no weight and has no standings sends every entry with a ready
    submission to the final. A track still without standings has nobody in the final. Baselines are
    not part of it.
    """
    standings = supposed.standings if supposed else peer_results(track=track)
    entering = supposed.entering if supposed else frozenset()
    leaving = supposed.leaving if supposed else frozenset()
    # Two columns, not objects: a track may have a hundred thousand entries.
    rows = track.entries.filter(
        Q(state=EntryState.ENTERED, baseline=False) | Q(pk__in=entering)
    ).order_by("pk")
    entered = {
        pk: (code, title)
        for pk, code, title in rows.values_list("pk", "code", "title")
        if pk not in leaving
    }
    if standings:
        taking_part = entered.keys() & standings.keys()
        finalists = {pk for pk in taking_part if standings[pk].finalist}
    elif track.weight_peer == 0:
        taking_part = finalists = entered.keys() & {
            facts.id for facts in entry_facts(track=track, also=entering)
        }
    else:
        taking_part = finalists = set()
    return Contest(
        codes={pk: entered[pk][0] for pk in sorted(taking_part)},
        titles={pk: entered[pk][1] for pk in sorted(taking_part)},
        finalist_ids=frozenset(finalists),
        peer_milli={pk: standings[pk].points_milli for pk in taking_part if pk in standings},
        peer=dict(supposed.peer) if supposed else name_of(track),
        left_out=tuple(sorted(entered[pk][0] for pk in entered.keys() - taking_part)),
    )


def name_of(track: Any) -> dict[str, Any]:
    """Which standings these are: the published snapshot's number and digests; {} without one."""
    snapshot = snapshot_for(user=System("awards"), track=track)
    if snapshot is None or not snapshot.published:
        return {}
    return {
        "snapshot": snapshot.number,
        "engine": snapshot.engine,
        "inputs_digest": snapshot.inputs_digest,
        "result_digest": snapshot.result_digest,
    }
