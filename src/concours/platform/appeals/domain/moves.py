"""Who moves: ranks, finalists, places and prizes before and after, entry by entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from concours.platform.awards import domain as awards
from concours.platform.core.errors import Refused
from concours.platform.review import domain as review

Prizes = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is said of an entry; None and nothing where it is not in the standings or the result.

    `points_milli` are peer points in thousandths. `prizes`: [{"title", "title_zh", "currency",
    "amount_minor"}].
    """

    rank: int | None = None
    points_milli: int | None = None
    finalist: bool = False
    place: int | None = None
    prizes: Prizes = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Move:
    """An entry of which something else would be said."""

    code: str
    title: str
    before: Verdict
    after: Verdict


def moves_between(*, track: Any, staged: review.Staged | None, gathered: Any) -> list[Move]:
    """All entries that move, the best of them afterwards first."""
    standing = review.peer_results(track=track)
    after_standing = staged.results if staged else standing
    before_result = _result_now(track)
    after_result = _places(awards.outcome_of(gathered.inputs), gathered) if gathered else {}
    rows = track.entries.values_list("pk", "code", "title")
    moves = []
    for pk, code, title in rows:
        before = _verdict(standing.get(pk), before_result.get(code))
        after = _verdict(after_standing.get(pk), after_result.get(code))
        if before != after:
            moves.append(Move(code=code, title=title, before=before, after=after))
    return sorted(moves, key=_best_first)


def picture_of(moves: list[Move], *, missing: str, standings: bool) -> dict[str, Any]:
    """The moves as stored, with what they come to in all.

    `ranks` and `places`: the largest of each, for the axis of the pictures.
    """
    verdicts = [one for move in moves for one in (move.before, move.after)]
    return {
        "moves": [asdict(move) for move in moves],
        "moved": sum(move.before.rank != move.after.rank for move in moves),
        "finalists_in": sum(move.after.finalist > move.before.finalist for move in moves),
        "finalists_out": sum(move.before.finalist > move.after.finalist for move in moves),
        "prizes": sum(move.before.prizes != move.after.prizes for move in moves),
        "ranks": max((one.rank or 0 for one in verdicts), default=0),
        "places": max((one.place or 0 for one in verdicts), default=0),
        "standings": standings,
        "missing": missing,
    }


def _result_now(track: Any) -> dict[str, tuple[int, Prizes]]:
    """{code: (place, prizes)} of the published result; else of what could be computed now."""
    published = awards.published_result(track=track)
    if published is not None:
        inputs = awards.from_text(published.inputs)
        return _places(awards.outcome_of(inputs), inputs)
    try:
        gathered = awards.gather(track=track)
    except Refused:
        return {}
    return _places(awards.outcome_of(gathered.inputs), gathered)


def _places(outcome: Any, inputs: Any) -> dict[str, tuple[int, Prizes]]:
    pools = getattr(inputs, "inputs", inputs).pools
    currencies = {pool.code: pool.currency for pool in pools}
    prizes: dict[str, Prizes] = {}
    for code, settlement in sorted(outcome.settlements.items()):
        for share in settlement.shares:
            prizes.setdefault(share.code, []).append(
                {
                    "title": share.title,
                    "title_zh": share.title_zh,
                    "currency": currencies[code],
                    "amount_minor": share.amount_minor,
                }
            )
    return {
        one.candidate.code: (one.place, prizes.get(one.candidate.code, []))
        for one in outcome.standings
    }


def _verdict(peer: review.PeerResult | None, ended: tuple[int, Prizes] | None) -> Verdict:
    said: Mapping[str, Any] = (
        {"rank": peer.rank, "points_milli": peer.points_milli, "finalist": peer.finalist}
        if peer
        else {}
    )
    place, prizes = ended or (None, [])
    return Verdict(**said, place=place, prizes=prizes)


def _best_first(move: Move) -> tuple[int, int, str]:
    last = 10**9
    return (move.after.place or last, move.after.rank or last, move.code)
