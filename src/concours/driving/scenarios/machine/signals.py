"""Traffic signals over time: the cycles of controllers, and what actions set."""

from __future__ import annotations

from dataclasses import dataclass

from concours.driving.scenarios.signals import Phase, TrafficSignalController, TrafficSignals

_GRACE = 1e-9


@dataclass(slots=True)
class _Cycle:
    """A controller's cycle: it stood at `start` of the cycle at time `since`."""

    phases: tuple[Phase, ...]
    length: float
    since: float
    start: float = 0.0

    def until(self, now: float) -> float:
        """When the phase may be another one."""
        if not self.phases:
            return float("inf")
        if now < self.since - _GRACE:
            return self.since - _GRACE
        way = self.start + now - self.since + _GRACE
        if 0 < self.length < float("inf"):
            way %= self.length
        for phase in self.phases:
            if way < phase.duration:
                return now + phase.duration - way
            way -= phase.duration
        return float("inf")

    def at(self, now: float) -> int | None:
        """The number of the phase; None before the first."""
        if not self.phases or now < self.since - _GRACE:
            return None
        way = self.start + now - self.since + _GRACE
        if 0 < self.length < float("inf"):
            way %= self.length
        for index, phase in enumerate(self.phases):
            if way < phase.duration:
                return index
            way -= phase.duration
        return len(self.phases) - 1


class SignalBoard:
    """The states of signals as the scenario sets them.

    A state that an action sets holds until the signal's controller comes to its next phase.

    Attributes:
        changes: how often an action has set something.
    """

    def __init__(self, signals: TrafficSignals) -> None:
        self.changes = 0
        controllers = {each.name: each for each in signals.controllers}
        self._cycles = {
            name: _Cycle(
                each.phases, sum(phase.duration for phase in each.phases), _start(each, controllers)
            )
            for name, each in controllers.items()
        }
        self._controller_of = {
            state.signal_id: each.name
            for each in signals.controllers
            for phase in each.phases
            for state in phase.states
        }
        self._set: dict[str, tuple[str, int | None]] = {}

    def until(self, now: float) -> float:
        """When a controller may come to another phase."""
        return min((cycle.until(now) for cycle in self._cycles.values()), default=float("inf"))

    def names(self) -> tuple[str, ...]:
        """The signals whose states the scenario sets, by controllers or, so far, by actions."""
        return tuple(dict.fromkeys((*self._controller_of, *self._set)))

    def phase(self, controller: str, now: float) -> str | None:
        """The name of a controller's phase; None before it starts, or for an unknown one."""
        cycle = self._cycles.get(controller)
        index = cycle.at(now) if cycle else None
        return cycle.phases[index].name if cycle and index is not None else None

    def state(self, signal: str, now: float) -> str | None:
        """The state of a signal; None where nothing of the scenario has set it."""
        controller = self._controller_of.get(signal, "")
        cycle = self._cycles.get(controller)
        index = cycle.at(now) if cycle else None
        if signal in self._set:
            state, when = self._set[signal]
            if when == index:
                return state
            del self._set[signal]
        if cycle is None or index is None:
            return None
        phase = cycle.phases[index]
        for each in phase.states:
            if each.signal_id == signal:
                return each.state
        return phase.group_state.state if phase.group_state else None

    def set_state(self, signal: str, state: str, now: float) -> None:
        """An action sets a signal."""
        self.changes += 1
        cycle = self._cycles.get(self._controller_of.get(signal, ""))
        self._set[signal] = (state, cycle.at(now) if cycle else None)

    def set_phase(self, controller: str, phase: str, now: float) -> bool:
        """An action puts a controller at the beginning of a phase; False where there is none."""
        cycle = self._cycles.get(controller)
        if cycle is None:
            return False
        self.changes += 1
        start = 0.0
        for each in cycle.phases:
            if each.name == phase:
                cycle.since, cycle.start = now, start
                return True
            start += each.duration
        return False


def _start(controller: TrafficSignalController, known: dict[str, TrafficSignalController]) -> float:
    """When its cycle begins: its delay after the one it refers to (a circle is cut)."""
    start, seen = 0.0, set()
    each: TrafficSignalController | None = controller
    while each is not None and each.name not in seen:
        seen.add(each.name)
        start += each.delay
        each = known.get(each.reference) if each.reference else None
    return start
