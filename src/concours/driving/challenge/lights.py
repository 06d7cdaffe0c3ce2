"""Traffic lights of a scenario: green for the ego when a sensible one gets there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from concours.driving.challenge.ways import Way
from concours.driving.challenge.xml import Node
from concours.driving.challenge.xosc import element
from concours.driving.roads import Controller

GREEN, YELLOW, CLEAR = 25.0, 3.0, 2.0
CYCLE = 2 * (GREEN + YELLOW + CLEAR)
"""Seconds; two groups of lights a junction."""
PACE = 6.0
"""m/s at which the ego is expected."""
EARLY = 12.0
"""Seconds by which the light is green before the ego is expected."""

Phases = list[tuple[str, float]]


def traffic_signals(way: Way) -> Node | None:
    """Controllers with phases for all lights of the map; None where there are none."""
    expected = {line.signals[0]: metres / PACE for metres, line in way.stops}
    by_junction: dict[int, list[Controller]] = defaultdict(list)
    for controller in way.network.controllers():
        by_junction[int(controller.id) // 10].append(controller)
    nodes = [
        node for group in by_junction.values() for node in _junction(group, expected)
    ]  # fmt: skip
    return element("TrafficSignals", *nodes) if nodes else None


def _junction(group: list[Controller], expected: dict[str, float]) -> Iterator[Node]:
    """The controllers of one junction, one after the other green."""
    first, begins = 0, 0.0
    for number, controller in enumerate(group):
        for signal in controller.signals:
            if signal in expected:
                first, begins = number, max(expected[signal] - EARLY, 0.0)
    for number, controller in enumerate(group):
        waits = (number - first) % len(group) * CYCLE / len(group)
        phases = [
            element("Phase", *_states(controller, state), name=state, duration=seconds)
            for state, seconds in phases_from(begins + waits)
        ]
        yield element("TrafficSignalController", *phases, name=controller.id, delay=0)


def _states(controller: Controller, state: str) -> list[Node]:
    return [
        element("TrafficSignalState", trafficSignalId=signal, state=state)
        for signal in controller.signals
    ]


def phases_from(begins: float) -> Phases:
    """One cycle from the moment 0 on, in which the light turns green at `begins` (s)."""
    whole: Phases = [("green", GREEN), ("yellow", YELLOW), ("red", CYCLE - GREEN - YELLOW)]
    skip = -begins % CYCLE
    found: Phases = []
    gone: Phases = []
    for state, seconds in whole:
        cut = min(skip, seconds)
        skip -= cut
        if cut > 1e-9:
            gone.append((state, cut))
        if seconds - cut > 1e-9:
            found.append((state, seconds - cut))
    return found + gone
