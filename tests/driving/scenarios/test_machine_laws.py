"""What holds of any storyboard, whatever its events do to each other."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from concours.driving.scenarios import load
from concours.driving.scenarios.machine import (
    DEFAULT,
    ESMINI,
    Conventions,
    Kind,
    Move,
    Record,
    State,
)
from tests.driving.scenarios.straight import StraightWorld
from tests.factories import scenarios as make

LEGAL = {
    Move.READY: {(State.INIT, State.STANDBY)},
    Move.START: {(State.INIT, State.RUNNING), (State.STANDBY, State.RUNNING)},
    Move.END: {(State.RUNNING, State.COMPLETE), (State.RUNNING, State.STANDBY)},
    Move.STOP: {(State.RUNNING, State.COMPLETE), (State.STANDBY, State.COMPLETE)},
    Move.SKIP: {(State.STANDBY, State.STANDBY)},
}
EVENTS = st.lists(
    st.tuples(
        st.integers(0, 8),  # starts at so many fifths of a second
        st.integers(0, 8),  # its action takes so many
        st.sampled_from(["overwrite", "override", "parallel", "skip"]),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=5,
)


def play(maneuvers: list[list[tuple[int, int, str, int]]], choices: Conventions) -> StraightWorld:
    inner = []
    for number, events in enumerate(maneuvers):
        made = [
            make.event(
                f"e{number}.{index}",
                make.speed(index + 1, shape="linear" if lasts else "step", time=lasts / 5),
                start=make.at(start / 5),
                priority=priority,
                count=count,
            )
            for index, (start, lasts, priority, count) in enumerate(events)
        ]
        inner.append(make.maneuver(f"m{number}", *made))
    text = make.scenario(
        make.story("s", make.act("a", make.group("g", *inner))), stop=make.at(2.5, "Stop")
    )
    with TemporaryDirectory() as folder:
        world = StraightWorld(load(make.write(Path(folder), text)), choices)
    world.run(3)
    return world


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=2), st.sampled_from([DEFAULT, ESMINI]))
def test_laws(maneuvers: list[list[tuple[int, int, str, int]]], choices: Conventions) -> None:
    world = play(maneuvers, choices)
    record = world.player.record
    assert world.player.finished
    states: dict[str, State] = {}
    for each in record:
        assert (each.before, each.after) in LEGAL[each.move]
        if each.kind is not Kind.ACTION and not each.name.startswith("Init"):
            assert each.before is states.get(each.path, State.INIT)
        states[each.path] = each.after
    assert [each.time for each in record] == sorted(each.time for each in record)
    for number, events in enumerate(maneuvers):
        for index, (*_, priority, count) in enumerate(events):
            name = f"e{number}.{index}"
            starts = [each for each in record if each.name == name and each.move is Move.START]
            assert len(starts) <= count
            if priority != "parallel":
                for start in starts:
                    assert running_at(record, start, f"m{number}") == {name}


def running_at(record: list[Record], moment: Record, maneuver: str) -> set[str]:
    """The events of a maneuver that run just after a move."""
    running: set[str] = set()
    for each in record:
        if each.kind is Kind.EVENT and f"::{maneuver}::" in each.path:
            running.discard(each.name)
            if each.after is State.RUNNING:
                running.add(each.name)
        if each is moment:
            break
    return running


@settings(max_examples=15, deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=2))
def test_the_same_storyboard_makes_the_same_moves(
    maneuvers: list[list[tuple[int, int, str, int]]],
) -> None:
    assert play(maneuvers, DEFAULT).player.record == play(maneuvers, DEFAULT).player.record
