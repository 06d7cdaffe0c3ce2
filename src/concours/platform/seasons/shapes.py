"""What the data of events has to hold before anything is computed from it.

A record that somebody made up may hold anything: what cannot be read is a fault with its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from concours.platform.seasons.exported import APPLIED, Said
from concours.platform.seasons.manifest import Fault

Fits = Callable[[Any], bool]
_DIGEST = re.compile(r"[0-9a-f]{64}")


def _is(kind: type) -> Fits:
    """Exactly so: True is no number."""
    return lambda value: type(value) is kind


def _digest(value: Any) -> bool:
    return isinstance(value, str) and bool(_DIGEST.fullmatch(value))


TEXT, NUMBER, YES, LIST, OBJECT = _is(str), _is(int), _is(bool), _is(list), _is(dict)
STANDINGS: Mapping[str, Fits] = {
    "engine": TEXT,
    "inputs": OBJECT,
    "inputs_digest": _digest,
    "result_digest": _digest,
    "seed": _digest,
}
NEEDED: Mapping[str, Mapping[str, Fits]] = {
    "round.planned": {"seed_commitment": _digest},
    "round.assigned": {"seed": _digest, "assignments": NUMBER},
    "round.imported": {"seed": _digest},
    "duties.replaced": {"given": LIST},
    "round.closed": {"defaulted": LIST},
    "duty.excused": {"was": TEXT, "standings_stay": YES},
    "standings.published": STANDINGS,
    APPLIED: {"track": TEXT, "changes": LIST, "standings": OBJECT},
    "result.published": {"track": TEXT, "inputs": OBJECT, "inputs_digest": _digest},
    "money.asked": {"request": TEXT, "four_eyes": YES},
    "payout.held": {"entry": TEXT, "moves": LIST},
    "payout.adjusted": {"entry": TEXT, "moves": LIST},
}
MOVED: Mapping[str, Fits] = {"pool": TEXT, "track": TEXT, "currency": TEXT}
"""Beside the movements themselves."""


def faults_in(events: Iterable[Said]) -> Iterator[Fault]:
    """Every event whose data cannot be read."""
    for said in events:
        if not isinstance(said.data, dict):
            yield Fault(place=said.place, what="its data is no object")
            continue
        for name in _amiss(said):
            yield Fault(place=said.place, what=f"its data holds no usable {name!r}")


def _amiss(said: Said) -> Iterator[str]:
    yield from _unfit(said.data, NEEDED.get(said.event.verb, {}))
    # Changes that leave the standings as they are hold none.
    if said.event.verb == APPLIED and said.data.get("standings"):
        yield from _unfit(said.data["standings"], STANDINGS)
    if "moves" not in said.data:
        return
    if not _are_moves(said.data["moves"]):
        yield "moves"
    elif said.data["moves"]:
        yield from _unfit(said.data, MOVED)
    if "request" in said.data and not TEXT(said.data["request"]):
        yield "request"


def _unfit(data: Mapping[str, Any], needed: Mapping[str, Fits]) -> Iterator[str]:
    return (name for name, fits in needed.items() if name not in data or not fits(data[name]))


def _are_moves(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(move, list)
        and len(move) == 4
        and all(TEXT(one) for one in move[:3])
        and NUMBER(move[3])
        for move in value
    )
