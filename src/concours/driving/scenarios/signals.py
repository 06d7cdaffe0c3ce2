"""Traffic signals: controllers with phases, and the actions that set them."""

from __future__ import annotations

from concours.driving.scenarios.nodes import Node, attribute, child, node, reference


@node
class TrafficSignalState(Node):
    """The state of one signal in a phase; the words are those of the map or the tool."""

    state: str
    signal_id: str = attribute("trafficSignalId")


@node
class TrafficSignalGroupState(Node):
    """One state for all signals of the controller (1.2)."""

    state: str


@node
class Phase(Node):
    """A part of the cycle; duration in seconds."""

    name: str
    duration: float
    states: tuple[TrafficSignalState, ...] = child("TrafficSignalState", default=())
    group_state: TrafficSignalGroupState | None = child(
        "TrafficSignalGroupState", "TrafficeSignalGroupState", default=None
    )


@node
class TrafficSignalController(Node):
    """Signals that change together; it starts `delay` seconds after the one it refers to."""

    name: str
    delay: float = 0.0
    reference: str | None = None
    phases: tuple[Phase, ...] = child("Phase", default=())


@node
class TrafficSignals(Node):
    """All controllers."""

    controllers: tuple[TrafficSignalController, ...] = child("TrafficSignalController", default=())


@node
class TrafficSignalControllerAction(Node):
    """Puts a controller into a phase."""

    controller_ref: str = reference("signal-controller", "trafficSignalControllerRef")
    phase: str


@node
class TrafficSignalStateAction(Node):
    """Puts a signal into a state; the name is the id of the signal on the map."""

    name: str
    state: str
