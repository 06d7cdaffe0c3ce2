"""From parts to a score whose losses add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from concours.driving.closedloop import Run
from concours.driving.scoring.metrics.reasons import at_row
from concours.driving.scoring.observations import Observations, observe
from concours.driving.scoring.records import Loss, Measure, Part, Reason, Score

FAULT = "Fault"
"""Name of the loss of a run whose algorithm was stopped."""


def failed(preset: str, given: Run | Observations) -> Score:
    """The score of a run with a fault: 0, with the reason where the ego was last."""
    last = _last_place(given)
    loss = Loss(FAULT, 100.0, *last, given.fault)
    return Score(preset=preset, value=0.0, losses=(loss,), fault=given.fault)


def _last_place(given: Run | Observations) -> tuple[float, float, float]:
    if isinstance(given, Observations):
        return float(given.times[-1]), float(given.x[-1]), float(given.y[-1])
    x, y, _, _ = given.task.start
    trace = given.trace
    if not len(trace.times):
        return 0.0, x, y
    if given.task.ego in [actor.name for actor in trace.actors]:
        places = trace.values[:, given.ego, :2]
        known = places[~(places != places).any(axis=1)]
        x, y = known[-1].tolist() if len(known) else (x, y)
    return float(trace.times[-1]), x, y


def looked_at(given: Run | Observations) -> Observations:
    """The observations of either. Raises NothingDriven."""
    return given if isinstance(given, Observations) else observe(given)


def combined(preset: str, seen: Observations, parts: Sequence[Part]) -> Score:
    """The weighted mean of the parts of role "mean", times every part of role "factor".

    Closed gates and factors are told as losses in the order of the parts, each of what those
    before have left.
    Without parts of role "mean" the mean is 1.
    """
    mean = [part for part in parts if part.role == "mean"]
    total = sum(part.weight for part in mean)
    losses: list[Loss] = []
    value = 100.0
    for part in mean:
        lost = 100.0 * part.weight / total * (1.0 - part.measure.value)
        value -= lost
        losses += split(part, lost, seen)
    value = max(value, 0.0)
    for part in parts:
        kept = part.measure.value
        if part.role == "factor" or (part.gate and kept == 0.0):
            lost = value * (1.0 - kept)
            value -= lost
            losses += split(part, lost, seen)
    return Score(preset=preset, value=value, parts=tuple(parts), losses=in_order(losses))


def split(part: Part, points: float, seen: Observations) -> list[Loss]:
    """Points in equal shares over the reasons of a part."""
    if part.measure.value >= 1.0:
        return []
    reasons: tuple[Reason, ...] = part.measure.reasons or (at_row(seen, -1, part.name),)
    return [Loss(part.name, points / len(reasons), *reason) for reason in reasons]


def in_order(losses: Iterable[Loss]) -> tuple[Loss, ...]:
    """By time, then by metric."""
    return tuple(sorted(losses, key=lambda loss: (loss.time, loss.metric, loss.words)))


def factor(name: str, measure: Measure) -> Part:
    """A part that multiplies."""
    return Part(name=name, measure=measure, role="factor")


def told(name: str, measure: Measure) -> Part:
    """A part that is told and costs nothing."""
    return Part(name=name, measure=measure, role="told")
