"""Collisions."""

from __future__ import annotations

from collections.abc import Callable

from concours.driving.scoring.collisions import Collision
from concours.driving.scoring.observations import Observations
from concours.driving.scoring.records import Measure, Reason


def none_at_all(seen: Observations) -> Measure:
    """0 after any collision, whoever is at fault."""
    return _judged(seen.collisions, 0.0 if seen.collisions else 1.0)


def none_at_fault(seen: Observations) -> Measure:
    """0 after a collision that the ego is at fault for."""
    mine = tuple(one for one in seen.collisions if one.at_fault)
    return _judged(mine, 0.0 if mine else 1.0)


def nuplan(seen: Observations) -> Measure:
    """As `none_at_fault`, but one static thing hit leaves one half."""
    mine = tuple(one for one in seen.collisions if one.at_fault)
    only_a_thing = len(mine) == 1 and mine[0].kind == "static"
    return _judged(mine, 0.5 if only_a_thing else 0.0 if mine else 1.0)


def of_kind(
    seen: Observations, kind: str, counts: Callable[[Collision], bool]
) -> tuple[Reason, ...]:
    """Collisions of a kind that count, as reasons."""
    return tuple(_reason(one) for one in seen.collisions if one.kind == kind and counts(one))


def _judged(collisions: tuple[Collision, ...], value: float) -> Measure:
    reasons = tuple(_reason(one) for one in collisions)
    return Measure(value=value, measured=float(len(reasons)), unit="collisions", reasons=reasons)


def _reason(one: Collision) -> Reason:
    fault = "at fault" if one.at_fault else "not at fault"
    words = f"collision with {one.other} ({one.kind}, {one.how}, {one.closing:.1f} m/s, {fault})"
    return Reason(one.time, one.x, one.y, words)
