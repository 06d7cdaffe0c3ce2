"""Actions: who does them, which pushes which aside, when they are done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from concours.driving.scenarios.actions import SetMonitorAction
from concours.driving.scenarios.environment import EnvironmentAction
from concours.driving.scenarios.machine.domains import domains, family, needs_actor
from concours.driving.scenarios.machine.element import Element
from concours.driving.scenarios.machine.host import Host, HostAction
from concours.driving.scenarios.machine.initial import in_order
from concours.driving.scenarios.machine.signals import SignalBoard
from concours.driving.scenarios.machine.states import Kind, Move, State
from concours.driving.scenarios.machine.values import Values
from concours.driving.scenarios.parameters import ParameterAction, VariableAction
from concours.driving.scenarios.scenario import Scenario
from concours.driving.scenarios.signals import (
    TrafficSignalControllerAction,
    TrafficSignalStateAction,
)
from concours.driving.scenarios.storyboard import InitActions


class Mover(Protocol):
    """What moves elements: the player."""

    values: Values
    board: SignalBoard

    def move(self, element: Element, move: Move, state: State) -> None: ...
    def end(self, element: Element) -> None: ...
    def push_aside(self, element: Element) -> None: ...


class Performer:
    """Starts actions in the host and asks whether they are done, Init's first, then by order."""

    def __init__(self, mover: Mover, scenario: Scenario, host: Host) -> None:
        self._mover = mover
        self._scenario = scenario
        self._host = host
        self._running: list[Element] = []
        self._holders: dict[tuple[str, str], Element] = {}
        init = scenario.storyboard.init
        actions = (init.actions if init else None) or InitActions()
        self._init = in_order(list(_init_elements(actions)), scenario.members)
        for order, element in enumerate(self._init):
            element.order = order - len(self._init)

    def begin(self) -> None:
        """Start the actions of Init."""
        for element in self._init:
            self._mover.move(element, Move.START, State.RUNNING)
            self._start(element, self._members(element.actors))

    def stop_init(self) -> None:
        """Stop those of Init that still run."""
        for element in self._init:
            if element.state is State.RUNNING:
                self.release(element)
                self._mover.move(element, Move.STOP, State.COMPLETE)

    def start_event(self, event: Element) -> None:
        """Start an event's actions; an event without any is done."""
        if not event.children:
            self._mover.end(event)
            return
        group = event.parent.parent if event.parent else None
        actors = self._members(group.actors) if group else ()
        for element in event.children:
            element.executions += 1
            self._mover.move(element, Move.START, State.RUNNING)
            self._start(element, actors)

    def settle(self) -> None:
        """End what is done."""
        if not self._running:
            return
        for element in sorted(self._running, key=lambda each: each.order):
            if element.state is not State.RUNNING:
                continue  # another has taken it along
            for actor, handle in list(element.running.items()):
                if handle.done():
                    self._let_go(element, actor)
            if not element.running:
                self._mover.end(element)

    def release(self, element: Element) -> None:
        """Stop what still goes on for an element that ends or is stopped."""
        for actor, handle in list(element.running.items()):
            handle.stop()
            self._let_go(element, actor)
        if element in self._running:
            self._running.remove(element)

    def _let_go(self, element: Element, actor: str | None) -> None:
        del element.running[actor]
        if actor is not None and element.action is not None:
            for domain in domains(element.action):
                if self._holders.get((actor, domain)) is element:
                    del self._holders[(actor, domain)]

    def _members(self, names: tuple[str, ...]) -> tuple[str, ...]:
        members = (member for name in names for member in self._scenario.members(name))
        return tuple(dict.fromkeys(members))

    def _start(self, element: Element, actors: tuple[str, ...]) -> None:
        self._running.append(element)
        action = element.action
        if action is None or self._own(action):
            return
        if not needs_actor(action):
            self._hand_over(element, action, None)
            return
        for actor in actors:
            for domain in sorted(domains(action)):
                self._push_aside(actor, domain)
            self._hand_over(element, action, actor)

    def _hand_over(self, element: Element, action: HostAction, actor: str | None) -> None:
        handle = self._host.start(action, actor)
        if handle is None:
            return
        element.running[actor] = handle
        if actor is not None:
            for domain in domains(action):
                self._holders[(actor, domain)] = element

    def _push_aside(self, actor: str, domain: str) -> None:
        """What this actor does on the domain leaves off; the last actor takes the action along."""
        holder = self._holders.get((actor, domain))
        if holder is None:
            return
        holder.running[actor].stop()
        self._let_go(holder, actor)
        if not holder.running:
            self._mover.push_aside(holder)

    def _own(self, action: HostAction) -> bool:
        """Do what is the storyboard's own; whether nothing is left for the host."""
        now = self._host.time
        match action:
            case ParameterAction() | VariableAction() | SetMonitorAction():
                self._mover.values.act(action)
                return True
            case TrafficSignalStateAction():
                self._mover.board.set_state(action.name, action.state, now)
            case TrafficSignalControllerAction():
                self._mover.board.set_phase(action.controller_ref, action.phase, now)
            case EnvironmentAction(environment=environment) if environment.time_of_day:
                day = environment.time_of_day
                self._mover.values.moment = (day.date_time, now, day.animation)
        return False


def _init_elements(actions: InitActions) -> Iterator[Element]:
    for action in (*actions.global_actions, *actions.user_defined):
        name = f"Init {family(action)}"
        yield Element(Kind.ACTION, name, name, action.place, action=action)
    for private in actions.privates:
        for each in private.actions:
            name = f"Init {private.entity_ref} {family(each)}"
            element = Element(Kind.ACTION, name, name, each.place, action=each)
            element.actors = (private.entity_ref,)
            yield element
