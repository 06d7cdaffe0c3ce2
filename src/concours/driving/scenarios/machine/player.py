"""The storyboard at play (ASAM OpenSCENARIO XML 1.2, "Storyboard and states")."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable

from concours.driving.scenarios.enums import Priority
from concours.driving.scenarios.machine.by_value import Moves
from concours.driving.scenarios.machine.compiling import Compiler
from concours.driving.scenarios.machine.conventions import DEFAULT, Conventions
from concours.driving.scenarios.machine.element import Element, grow
from concours.driving.scenarios.machine.host import Host
from concours.driving.scenarios.machine.performing import Performer
from concours.driving.scenarios.machine.signals import SignalBoard
from concours.driving.scenarios.machine.states import Kind, Move, Record, State, Unfired
from concours.driving.scenarios.machine.values import Values
from concours.driving.scenarios.scenario import Scenario
from concours.driving.scenarios.signals import TrafficSignals

_EVENT_PRIORITIES = {Priority.OVERWRITE, Priority.OVERRIDE}


class Player:
    """Plays a scenario's storyboard in a host.

    Once `begin`; then for each step `evaluate`, the world's own motion, `settle`. Deterministic:
    elements are gone through in the order of the file, each at most once a step. An evaluation
    costs what the triggers being watched cost; nothing else is looked at.

    Attributes:
        record: every move, in order.
        values: parameters, variables, monitors, date and hour.
        board: traffic signals.
    """

    def __init__(
        self,
        scenario: Scenario,
        host: Host,
        *,
        conventions: Conventions = DEFAULT,
        observer: Callable[[Record], None] | None = None,
    ) -> None:
        self.record: list[Record] = []
        self.values = Values(scenario)
        self.board = SignalBoard(scenario.road_network.traffic_signals or TrafficSignals())
        self.root, triggers = grow(scenario.storyboard)
        self._scenario = scenario
        self._host = host
        self._conventions = conventions
        self._observer = observer
        self._moves = Moves()
        self._watched: list[Element] = []
        self._dirty = True
        self._performer = Performer(self, scenario, host)
        compiler = Compiler(
            scenario,
            host,
            root=self.root,
            values=self.values,
            board=self.board,
            moves=self._moves,
        )
        self._triggers = triggers
        for element, start, stop in triggers:
            if start is not None:
                empty = conventions.empty_start_fires
                element.start = compiler.watch(start, element, empty=empty)
            if stop is not None and stop.groups:
                element.stop = compiler.watch(stop, element)
        self._counting = compiler.counting
        self._waiting = [each for each in self.root.inside() if _may_wait(each)]

    @property
    def finished(self) -> bool:
        """Whether the storyboard is complete."""
        return self.root.state is State.COMPLETE

    @property
    def stories_done(self) -> bool:
        """Whether all stories (at least one) are complete; the storyboard may still run."""
        stories = self.root.children
        return bool(stories) and all(story.state is State.COMPLETE for story in stories)

    def begin(self) -> None:
        """Start the actions of Init, then the stories, at the host's time."""
        self._performer.begin()
        self.start(self.root)

    def evaluate(self) -> None:
        """Ask all triggers that wait, at the host's time; what fires starts or stops."""
        now = self._host.time
        for test in self._counting:
            test.count()
        number = 0
        while True:
            if self._dirty:
                number = self._list(self._watched[number - 1] if number else None)
            if number >= len(self._watched):
                break
            element = self._watched[number]
            number += 1
            watch = element.stop if element.state is State.RUNNING else element.start
            if watch is None or watch.update(now):
                self._fire(element)
            elif element.skipping:
                element.skipping = False
        self._moves.before = self._moves.count

    def settle(self) -> None:
        """End the actions that are done, and with them what is complete."""
        self._performer.settle()
        if self.root.stop is None and self.stories_done and not self.finished:
            self._performer.stop_init()
            self.move(self.root, Move.END, State.COMPLETE)

    def quiet_until(self) -> float:
        """Until when nothing will happen while the world's measured truths stay as they are (s).

        To be asked after `settle`; -inf where the next step has to be played. Steps before that
        time at which no action ends either need no `evaluate` and no `settle`.
        """
        if self._dirty or self._moves.before != self._moves.count:
            return -math.inf
        now, when = self._host.time, math.inf
        for element in self._watched:
            watch = element.stop if element.state is State.RUNNING else element.start
            if watch is not None and not watch.timeless:
                when = min(when, watch.until(now))
        return when

    def halt(self) -> None:
        """Stop everything: the engine's own end of time has come."""
        if not self.finished:
            self.stop(self.root)

    def unfired(self) -> list[Unfired]:
        """The triggers that have never fired so far, in the order of the file."""
        found = []
        for element, start, stop in self._triggers:
            if start is not None and (element.start is None or not element.start.fired):
                found.append(Unfired(element.path, "start", start.place))
            if stop is not None and stop.groups and not (element.stop and element.stop.fired):
                found.append(Unfired(element.path, "stop", stop.place))
        return found

    def _list(self, last: Element | None) -> int:
        """List anew who waits for a trigger; the number of the first one after `last`."""
        self._watched = [each for each in self._waiting if _waits(each)]
        self._dirty = False
        if last is None:
            return 0
        return bisect_right(self._watched, last.order, key=lambda each: each.order)

    def _fire(self, element: Element) -> None:
        if element.state is State.RUNNING:
            self.stop(element)
        elif element.kind is Kind.EVENT:
            self._start_event(element)
        else:
            self.start(element)

    def _start_event(self, event: Element) -> None:
        siblings = event.parent.children if event.parent else []
        others = [each for each in siblings if each is not event and each.state is State.RUNNING]
        if event.priority is Priority.SKIP and others:
            if not event.skipping:  # said once, not at each step while the trigger holds
                event.skipping = True
                self.move(event, Move.SKIP, State.STANDBY)
            return
        if event.priority in _EVENT_PRIORITIES:
            for other in others:
                self.push_aside(other)
        self.start(event)

    def start(self, element: Element) -> None:
        """Start an element and, but for triggers of their own, what is in it."""
        waits = element.start is not None or element.kind is Kind.EVENT
        if element.state is State.INIT and waits:
            self.move(element, Move.READY, State.STANDBY)
            return
        element.executions += 1
        self.move(element, Move.START, State.RUNNING)
        if element.kind is Kind.ACT and element.start is not None:
            self._select(element)
        if element.kind is Kind.EVENT:
            self._performer.start_event(element)
            return
        for child in element.children:
            self.start(child)

    def _select(self, act: Element) -> None:
        """Entities that triggered the act join the actors of groups that ask for them."""
        triggered = act.start.entities() if act.start else ()
        for group in act.children:
            if group.selects:
                group.actors = tuple(dict.fromkeys((*group.actors, *triggered)))

    def push_aside(self, element: Element) -> None:
        """End or stop an element in favour of another."""
        if self._conventions.overwritten_ends:
            self.end(element)
        else:
            self.stop(element)

    def end(self, element: Element) -> None:
        """An element has come to its end, or stands by for its next execution."""
        for child in element.children:
            if child.state is State.RUNNING:
                self.end(child)
        if element.state is not State.RUNNING:
            return  # a child has ended it
        if element.kind is Kind.ACTION:
            self._performer.release(element)
        if element.executions < element.maximum and element.kind in {Kind.EVENT, Kind.GROUP}:
            self.move(element, Move.END, State.STANDBY)
            self._again(element)
        else:
            self.move(element, Move.END, State.COMPLETE)
            self._tell(element.parent)

    def _again(self, element: Element) -> None:
        if element.start is not None:
            element.start.reset()
        for inner in element.inside():
            if inner is not element:
                inner.state = State.INIT
                inner.executions = 0
                if inner.start is not None:
                    inner.start.reset()
        self._dirty = True

    def _tell(self, parent: Element | None) -> None:
        """A parent ends when all its children are complete; the storyboard does not."""
        if parent is None or parent.kind is Kind.STORYBOARD or parent.state is not State.RUNNING:
            return
        if all(child.state is State.COMPLETE for child in parent.children):
            self.end(parent)

    def stop(self, element: Element) -> None:
        """Stop an element and all that waits or runs in it; none of it runs again."""
        self._stop(element)
        self._tell(element.parent)

    def _stop(self, element: Element) -> None:
        for child in element.children:
            self._stop(child)
            if self._conventions.stopped_ends_parents:
                self._tell(element)
        if element.state not in {State.RUNNING, State.STANDBY}:
            return
        if element.kind is Kind.ACTION:
            self._performer.release(element)
        if element.kind is Kind.STORYBOARD:
            self._performer.stop_init()
        self.move(element, Move.STOP, State.COMPLETE)

    def move(self, element: Element, move: Move, state: State) -> None:
        """Note a move."""
        before, element.state = element.state, state
        self._moves.count += 1
        element.marks[move] = self._moves.count
        self._dirty = True
        entry = Record(
            self._host.time, element.kind, element.name, element.path, before, move, state
        )
        self.record.append(entry)
        if self._observer is not None:
            self._observer(entry)


def _may_wait(element: Element) -> bool:
    """Whether it can ever wait for a trigger."""
    return (
        element.kind is Kind.EVENT
        or element.start is not None
        or element.stop is not None
        or element.maximum > 1  # stands by for its next execution
    )


def _waits(element: Element) -> bool:
    if element.state is State.RUNNING:
        return element.stop is not None
    return element.state is State.STANDBY
