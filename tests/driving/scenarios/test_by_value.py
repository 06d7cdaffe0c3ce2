"""Conditions by value, and by entity as far as the machine compares them."""

from __future__ import annotations

from pathlib import Path

import pytest

from concours.driving.scenarios import load
from concours.driving.scenarios.enums import ParameterType, Rule
from concours.driving.scenarios.machine import Move, Player
from concours.driving.scenarios.machine.signals import SignalBoard
from concours.driving.scenarios.rules import BadComparison, holds
from concours.driving.scenarios.signals import (
    Phase,
    TrafficSignalController,
    TrafficSignalGroupState,
    TrafficSignals,
    TrafficSignalState,
)
from tests.driving.scenarios.straight import StraightWorld
from tests.factories import scenarios as make


def world_of(folder: Path, text: str) -> StraightWorld:
    return StraightWorld(load(make.write(folder, text)))


def started(world: StraightWorld, name: str = "e") -> list[float]:
    return [
        round(each.time, 6)
        for each in world.player.record
        if each.name == name and each.move is Move.START
    ]


def when(test: str, *, edge: str = "none") -> str:
    start = make.trigger("Start", [make.condition(test, edge=edge)])
    return make.event("e", make.speed(1), start=start)


def change(kind: str, name: str, inner: str) -> str:
    return f"""<GlobalAction><{kind}Action {kind.lower()}Ref="{name}">{inner}</{kind}Action>
      </GlobalAction>"""


ADD = '<ModifyAction><Rule><AddValue value="{}"/></Rule></ModifyAction>'
TIMES = '<ModifyAction><Rule><MultiplyByValue value="{}"/></Rule></ModifyAction>'
SET = '<SetAction value="{}"/>'


@pytest.mark.parametrize("kind", ["Parameter", "Variable"])
def test_values_are_set_added_to_and_multiplied(tmp_path: Path, kind: str) -> None:
    declared = {
        "Parameter": {"parameters": make.declaration("v", "1", kind="integer")},
        "Variable": {
            "variables": '<VariableDeclaration name="v" variableType="integer" value="1"/>'
        },
    }[kind]
    steps = [SET.format(4), ADD.format(2), TIMES.format(-3), SET.format("no number")]
    events = [
        make.event(f"s{number}", change(kind, "v", step), start=make.at(number + 1))
        for number, step in enumerate(steps)
    ]
    test = f'<{kind}Condition {kind.lower()}Ref="v" rule="lessThan" value="-17.5"/>'
    world = world_of(
        tmp_path, make.scenario(make.simple(when(make.by_value(test)), *events), **declared)
    )
    world.run(10)
    table = world.player.values.parameters if kind == "Parameter" else world.player.values.variables
    assert table.texts == {"v": "-18"}  # what is no number has changed nothing
    assert started(world) == [3.01]


@pytest.mark.parametrize(
    ("left", "rule", "right", "kind", "expected"),
    [
        ("10", "greaterThan", "9", None, True),
        ("10", "greaterThan", "9", ParameterType.STRING, True),
        ("a", "equalTo", "a", None, True),
        ("1", "equalTo", "1.0", None, True),
        ("1", "equalTo", "true", None, False),
        ("true", "notEqualTo", "false", ParameterType.BOOLEAN, True),
        ("2", "lessOrEqual", "2", ParameterType.INT, True),
        ("2", "greaterOrEqual", "2.5", ParameterType.DOUBLE, False),
        ("2026-01-01T00:00:00", "lessThan", "2026-01-01T00:00:01", ParameterType.DATE_TIME, True),
        ("2026-01-01T01:00:00+01:00", "equalTo", "2026-01-01T00:00:00", ParameterType.DATE_TIME,
         True),
    ],
)  # fmt: skip
def test_how_values_compare(
    left: str, rule: str, right: str, kind: ParameterType | None, expected: bool
) -> None:
    assert holds(left, Rule(rule), right, kind) is expected


@pytest.mark.parametrize(
    ("left", "rule", "right", "kind"),
    [
        ("a", "lessThan", "b", None),
        ("true", "lessThan", "false", ParameterType.BOOLEAN),
        ("x", "equalTo", "1", ParameterType.DOUBLE),
        ("then", "equalTo", "now", ParameterType.DATE_TIME),
    ],
)
def test_what_does_not_compare(
    left: str, rule: str, right: str, kind: ParameterType | None
) -> None:
    with pytest.raises(BadComparison):
        holds(left, Rule(rule), right, kind)


@pytest.mark.parametrize(
    ("rule", "at"),
    [
        ("greaterThan", [2.01]),
        ("greaterOrEqual", [2.0]),
        ("equalTo", [2.0]),
        ("lessThan", [0.0]),
        ("notEqualTo", [0.0]),
    ],
)
def test_simulation_time(tmp_path: Path, rule: str, at: list[float]) -> None:
    world = world_of(tmp_path, make.scenario(make.simple(when(make.time_is(2, rule)))))
    world.run(3)
    assert started(world) == at


def day(animation: str, clock: str = "2026-01-01T08:00:00") -> str:
    return f"""<GlobalAction><EnvironmentAction><Environment name="e">
      <TimeOfDay animation="{animation}" dateTime="{clock}"/></Environment></EnvironmentAction>
      </GlobalAction>"""


@pytest.mark.parametrize(("animation", "at"), [("true", [3.0]), ("false", [])])
def test_time_of_day(tmp_path: Path, animation: str, at: list[float]) -> None:
    test = '<TimeOfDayCondition rule="greaterOrEqual" dateTime="2026-01-01T08:00:02.000"/>'
    dawn = make.event("dawn", day(animation), start=make.at(1))
    world = world_of(tmp_path, make.scenario(make.simple(when(make.by_value(test)), dawn)))
    world.run(5)
    assert started(world) == at


def test_without_a_time_of_day_none_is_met(tmp_path: Path) -> None:
    test = '<TimeOfDayCondition rule="notEqualTo" dateTime="2026-01-01T08:00:02"/>'
    world = world_of(tmp_path, make.scenario(make.simple(when(make.by_value(test)))))
    world.run(1)
    assert started(world) == []


def test_values_from_outside(tmp_path: Path) -> None:
    test = '<UserDefinedValueCondition name="mode" rule="greaterThan" value="3"/>'
    world = world_of(tmp_path, make.scenario(make.simple(when(make.by_value(test)))))
    world.run(1)
    world.user["mode"] = "fast"
    world.run(0.1)
    world.user["mode"] = "4"
    world.run(0.1)
    assert started(world) == [1.11]


def controller(
    name: str, *, delay: float = 0.0, reference: str | None = None
) -> TrafficSignalController:
    def phase(word: str, seconds: float, state: str) -> Phase:
        states = (TrafficSignalState(signal_id=f"{name}1", state=state),)
        return Phase(name=word, duration=seconds, states=states)

    phases = (phase("go", 10, "green"), phase("wait", 3, "yellow"), phase("stop", 7, "red"))
    return TrafficSignalController(name=name, delay=delay, reference=reference, phases=phases)


def test_controllers_go_round(tmp_path: Path) -> None:
    board = SignalBoard(TrafficSignals(controllers=(controller("a"),)))
    phases = [board.phase("a", now) for now in (0, 9.99, 10, 12.99, 13, 19.99, 20, 30, 1e6 + 13)]
    assert phases == ["go", "go", "wait", "wait", "stop", "stop", "go", "wait", "stop"]
    assert board.state("a1", 11) == "yellow"
    assert board.state("unknown", 11) is None
    assert board.phase("unknown", 0) is None


def test_a_controller_starts_after_the_one_it_refers_to() -> None:
    second = controller("b", delay=5, reference="a")
    third = controller("c", delay=2, reference="b")
    circle = controller("d", delay=1, reference="d")
    board = SignalBoard(TrafficSignals(controllers=(controller("a"), second, third, circle)))
    assert [board.phase("b", now) for now in (4.9, 5, 15, 18)] == [None, "go", "wait", "stop"]
    assert [board.phase("c", now) for now in (6.9, 7)] == [None, "go"]
    assert board.phase("d", 1) == "go"


def test_a_state_that_is_set_holds_till_the_next_phase() -> None:
    board = SignalBoard(TrafficSignals(controllers=(controller("a"),)))
    board.set_state("a1", "off", 3)
    assert [board.state("a1", now) for now in (3, 9.99, 10, 21)] == [
        "off",
        "off",
        "yellow",
        "green",
    ]
    board.set_state("free", "on", 3)
    assert board.state("free", 1e9) == "on"


def test_a_phase_that_is_set_goes_on_from_there() -> None:
    board = SignalBoard(TrafficSignals(controllers=(controller("a"),)))
    assert board.set_phase("a", "stop", 2)
    assert [board.phase("a", now) for now in (2, 8.9, 9, 19)] == ["stop", "stop", "go", "wait"]
    assert not board.set_phase("a", "never", 2)
    assert not board.set_phase("nobody", "stop", 2)


def test_a_group_state_is_that_of_every_signal_of_the_group() -> None:
    phases = (
        Phase(
            name="p",
            duration=1,
            states=(TrafficSignalState(signal_id="x", state="red"),),
            group_state=TrafficSignalGroupState(state="all"),
        ),
        Phase(name="q", duration=1, group_state=TrafficSignalGroupState(state="none")),
    )
    one = TrafficSignalController(name="g", phases=phases)
    board = SignalBoard(TrafficSignals(controllers=(one,)))
    assert [board.state("x", now) for now in (0.5, 1.5)] == ["red", "none"]


NETWORK = """<TrafficSignals><TrafficSignalController name="cross">
  <Phase name="go" duration="2"><TrafficSignalState trafficSignalId="7" state="green"/></Phase>
  <Phase name="stop" duration="4"><TrafficSignalState trafficSignalId="7" state="red"/></Phase>
  </TrafficSignalController></TrafficSignals>"""


@pytest.mark.parametrize(
    ("test", "at"),
    [
        ('<TrafficSignalCondition name="7" state="red"/>', [2.0]),
        ('<TrafficSignalCondition name="8" state="dark"/>', [0.0]),
        ('<TrafficSignalCondition name="9" state="lit"/>', [1.0]),
        (
            '<TrafficSignalControllerCondition trafficSignalControllerRef="cross" phase="stop"/>',
            [2.0],
        ),
    ],
)
def test_signals(tmp_path: Path, test: str, at: list[float]) -> None:
    action = """<GlobalAction><InfrastructureAction><TrafficSignalAction>
      <TrafficSignalStateAction name="9" state="lit"/></TrafficSignalAction></InfrastructureAction>
      </GlobalAction>"""
    setter = make.event("s", action, start=make.at(1))
    other = make.simple(make.event("x", make.speed(0), start=make.at(99)))
    first = make.story("first", make.act("a1", make.group("g1", make.maneuver("m1", setter))))
    text = make.scenario(first, make.simple(when(make.by_value(test))), other, network=NETWORK)
    world = world_of(tmp_path, text)
    world.signals["8"] = "dark"
    world.run(5)
    assert started(world) == at


def test_a_monitor_is_set(tmp_path: Path) -> None:
    monitors = (
        '<MonitorDeclarations><MonitorDeclaration name="ok" value="false"/></MonitorDeclarations>'
    )
    action = '<GlobalAction><SetMonitorAction monitorRef="ok" value="true"/></GlobalAction>'
    text = make.scenario(make.simple(make.event("e", action, start=make.at(1))))
    world = world_of(tmp_path, text.replace("<CatalogLocations>", monitors + "<CatalogLocations>"))
    world.run(0.5)
    assert world.player.values.monitors == {"ok": False}
    world.run(1)
    assert world.player.values.monitors == {"ok": True}


@pytest.mark.parametrize(
    ("test", "at"),
    [
        ('<SpeedCondition rule="greaterThan" value="4.995"/>', [0.51]),
        ('<AccelerationCondition rule="greaterThan" value="9"/>', [0.02]),
        ('<RelativeSpeedCondition entityRef="B" rule="equalTo" value="-3"/>', [0.0]),
        ('<RelativeDistanceCondition entityRef="B" rule="lessThan" value="50" freespace="false"'
         ' relativeDistanceType="cartesianDistance"/>', []),
        ('<DistanceCondition rule="lessThan" value="1" freespace="false"><Position>'
         '<WorldPosition x="2" y="0"/></Position></DistanceCondition>', [0.46]),
        ('<ReachPositionCondition tolerance="1"><Position><WorldPosition x="2" y="0"/></Position>'
         "</ReachPositionCondition>", [0.46]),
        ('<TimeHeadwayCondition entityRef="B" rule="lessThan" value="13" freespace="false"/>',
         [0.78]),
        ("<EndOfRoadCondition duration='0'/>", []),
        ("<OffroadCondition duration='0'/>", []),
        ('<CollisionCondition><EntityRef entityRef="B"/></CollisionCondition>', []),
        ('<AngleCondition angleType="heading" angle="-3.1" angleTolerance="0.1"/>', [0.0]),
        ("<UnheardCondition/>", []),
    ],
)  # fmt: skip
def test_what_entities_do(tmp_path: Path, test: str, at: list[float]) -> None:
    """A speeds up by 10 m/s each second from rest at 0; B stands 100 m ahead, at 3 m/s in name."""
    event = make.event(
        "e",
        make.teleport(0),
        start=make.trigger("Start", [make.condition(make.by_entity(test, "A"))]),
    )
    groups = make.group("g", make.maneuver("m", event), actors=["B"])
    text = make.scenario(
        make.story("s", make.act("a", groups)),
        entities=make.entity("A") + make.entity("B"),
        init=make.private("A", make.speed(100, shape="linear", time=10))
        + make.private("B", make.teleport(100)),
    )
    world = world_of(tmp_path, text)
    world.bodies["B"].speed = 3
    world.run(1)
    assert started(world) == at


def test_a_player_needs_no_stories(tmp_path: Path) -> None:
    world = world_of(tmp_path, make.scenario(stop=make.at(1, "Stop")))
    world.run(3)
    assert isinstance(world.player, Player)
    assert [each.name for each in world.player.record] == ["storyBoard", "storyBoard"]
