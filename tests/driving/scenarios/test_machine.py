"""The storyboard's state machine, played in a world of straight lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from concours.driving.scenarios import load
from concours.driving.scenarios.machine import (
    DEFAULT,
    ESMINI,
    STANDARD,
    Conventions,
    Kind,
    Move,
    Record,
)
from tests.driving.scenarios.straight import StraightWorld
from tests.factories import scenarios as make


def play(
    folder: Path, text: str, seconds: float = 10.0, *, conventions: Conventions = DEFAULT
) -> StraightWorld:
    world = StraightWorld(load(make.write(folder, text)), conventions)
    world.run(seconds)
    return world


def times(world: StraightWorld, name: str, move: Move, kind: Kind | None = None) -> list[float]:
    return [
        round(each.time, 6)
        for each in world.player.record
        if each.name == name and each.move is move and kind in {None, each.kind}
    ]


def moves(world: StraightWorld, name: str) -> list[tuple[float, str, str]]:
    return [
        (round(each.time, 6), str(each.move), str(each.after))
        for each in world.player.record
        if each.name == name
    ]


def test_an_event_starts_its_action_and_ends_with_it(tmp_path: Path) -> None:
    event = make.event("e", make.speed(10, shape="linear", time=2), start=make.at(1))
    world = play(tmp_path, make.scenario(make.simple(event)))
    assert moves(world, "e") == [
        (0.0, "initToStandbyTransition", "standbyState"),
        (1.0, "startTransition", "runningState"),
        (2.99, "endTransition", "completeState"),  # the step that starts it counts
    ]
    assert world.bodies["Ego"].speed == 10


def test_what_holds_everything_ends_with_its_last_part(tmp_path: Path) -> None:
    one = make.event("one", make.speed(1, shape="linear", time=1), start=make.at(1))
    two = make.event("two", make.speed(5), start=make.at(3))
    world = play(tmp_path, make.scenario(make.simple(one, two)))
    ends = [each for each in world.player.record if each.move is Move.END]
    assert [each.name for each in ends] == [
        "oneAction", "one", "twoAction", "two", "maneuver", "group", "act", "story", "storyBoard",
    ]  # fmt: skip
    assert {round(each.time, 6) for each in ends[2:]} == {3.0}
    assert world.player.finished


def test_a_storyboard_with_a_stop_trigger_waits_for_it(tmp_path: Path) -> None:
    event = make.event("e", make.speed(1), start=make.at(1))
    text = make.scenario(make.simple(event), stop=make.at(4, "Stop"))
    world = play(tmp_path, text)
    assert times(world, "story", Move.END) == [1.0]
    assert moves(world, "storyBoard")[-1] == (4.0, "stopTransition", "completeState")


def test_init_comes_first(tmp_path: Path) -> None:
    init = make.private("Ego", make.teleport(7), make.speed(3))
    world = play(tmp_path, make.scenario(init=init), 0.02)
    first = [(each.name, str(each.move)) for each in world.player.record]
    assert first == [
        ("Init Ego TeleportAction", "startTransition"),
        ("Init Ego LongitudinalAction", "startTransition"),
        ("storyBoard", "startTransition"),
        ("Init Ego TeleportAction", "endTransition"),
        ("Init Ego LongitudinalAction", "endTransition"),
    ]
    assert world.bodies["Ego"].x == pytest.approx(7 + 0.02 * 3)


def test_an_event_without_a_trigger_starts_with_its_maneuver(tmp_path: Path) -> None:
    events = [make.event("e", make.speed(1))]
    acts = make.act("act", make.group("g", make.maneuver("m", *events)), start=make.at(2))
    world = play(tmp_path, make.scenario(make.story("s", acts)))
    assert times(world, "m", Move.START) == times(world, "e", Move.START) == [2.0]


@pytest.mark.parametrize(("conventions", "started"), [(DEFAULT, [0.0]), (STANDARD, [])])
def test_an_empty_start_trigger(
    tmp_path: Path, conventions: Conventions, started: list[float]
) -> None:
    text = make.scenario(make.simple(make.event("e", make.speed(1), start="<StartTrigger/>")))
    world = play(tmp_path, text, conventions=conventions)
    assert times(world, "e", Move.START) == started


def test_an_empty_stop_trigger_never_stops(tmp_path: Path) -> None:
    event = make.event("e", make.speed(1), start=make.at(50))
    world = play(tmp_path, make.scenario(make.simple(event), stop="<StopTrigger/>"), 1.0)
    assert not world.player.finished


SLOW = make.speed(10, shape="linear", time=5)


def overlapping(priority: str, count: int = 1) -> str:
    one = make.event("one", SLOW, start=make.at(1), count=count)
    turn = make.speed(1, shape="linear", time=1)
    two = make.event("two", turn, start=make.at(2), priority=priority)
    return make.scenario(make.simple(one, two))


@pytest.mark.parametrize("priority", ["overwrite", "override"])
def test_an_overwriting_event_stops_the_others(tmp_path: Path, priority: str) -> None:
    world = play(tmp_path, overlapping(priority, count=3))
    assert moves(world, "one")[-1] == (2.0, "stopTransition", "completeState")
    assert times(world, "oneAction", Move.STOP) == [2.0]
    assert times(world, "two", Move.START) == [2.0]


def test_players_let_an_overwritten_event_end_and_run_again(tmp_path: Path) -> None:
    world = play(tmp_path, overlapping("overwrite", count=3), 2.0, conventions=ESMINI)
    assert moves(world, "one")[-1] == (2.0, "endTransition", "standbyState")


def test_a_skipped_event_is_said_once_and_waits(tmp_path: Path) -> None:
    world = play(tmp_path, overlapping("skip"))
    assert moves(world, "two") == [
        (0.0, "initToStandbyTransition", "standbyState"),
        (2.0, "skipTransition", "standbyState"),
        (6.0, "startTransition", "runningState"),  # the other ended at 5.99
        (6.99, "endTransition", "completeState"),
    ]


def test_parallel_events_of_different_domains_go_on(tmp_path: Path) -> None:
    one = make.event("one", SLOW, start=make.at(1))
    aside = """<PrivateAction><LateralAction><LaneChangeAction>
      <LaneChangeActionDynamics dynamicsShape="sinusoidal" dynamicsDimension="time" value="2"/>
      <LaneChangeTarget><AbsoluteTargetLane value="-1"/></LaneChangeTarget></LaneChangeAction>
      </LateralAction></PrivateAction>"""
    two = make.event("two", aside, start=make.at(2))
    world = play(tmp_path, make.scenario(make.simple(one, two)))
    assert times(world, "one", Move.END) == [5.99]
    assert times(world, "two", Move.END) == [3.99]


def test_a_conflicting_action_takes_the_place_of_the_other(tmp_path: Path) -> None:
    init = make.private("Ego", make.speed(50, shape="linear", time=50))
    world = play(tmp_path, make.scenario(overlapping_story("parallel"), init=init))
    assert times(world, "Init Ego LongitudinalAction", Move.STOP) == [1.0]
    assert times(world, "oneAction", Move.STOP) == [2.0]
    assert times(world, "one", Move.END) == [2.0]  # all its actions are complete
    assert world.bodies["Ego"].speed == 1


def overlapping_story(priority: str) -> str:
    one = make.event("one", SLOW, start=make.at(1))
    turn = make.speed(1, shape="linear", time=1)
    return make.simple(one, make.event("two", turn, start=make.at(2), priority=priority))


def test_an_event_runs_as_often_as_it_may(tmp_path: Path) -> None:
    start = make.trigger(
        "Start",
        [
            make.condition(
                make.by_entity('<SpeedCondition rule="lessThan" value="1"/>'), edge="none"
            )
        ],
    )
    up = make.event("up", make.speed(2, shape="linear", time=0.5), start=start, count=2)
    fast = make.trigger(
        "Start",
        [make.condition(make.by_entity('<SpeedCondition rule="greaterOrEqual" value="2"/>'))],
    )
    down = make.event("down", make.speed(0, shape="linear", time=0.5), start=fast, count=2)
    world = play(tmp_path, make.scenario(make.simple(up, down)))
    assert len(times(world, "up", Move.START)) == 2
    assert [after for _, move, after in moves(world, "up") if move == "endTransition"] == [
        "standbyState",
        "completeState",
    ]
    assert times(world, "upAction", Move.START) == times(world, "up", Move.START)


def test_a_group_runs_as_often_as_it_may(tmp_path: Path) -> None:
    events = make.event("e", make.speed(1, shape="linear", time=0.5))
    groups = make.group("g", make.maneuver("m", events), count=3)
    world = play(tmp_path, make.scenario(make.story("s", make.act("a", groups))))
    assert times(world, "g", Move.START) == [0.0, 0.51, 1.01]  # the first step moves nothing
    assert len(times(world, "e", Move.START)) == 3
    assert times(world, "a", Move.END) == [1.5]


def test_groups_of_conditions_are_alternatives(tmp_path: Path) -> None:
    def cond(seconds: float, rule: str = "greaterOrEqual") -> str:
        return make.condition(make.time_is(seconds, rule))

    start = make.trigger("Start", [cond(1), cond(3)], [cond(2), cond(2.5, "lessThan")])
    world = play(tmp_path, make.scenario(make.simple(make.event("e", make.speed(1), start=start))))
    assert times(world, "e", Move.START) == [2.0]


@pytest.mark.parametrize(
    ("edge", "started"),
    [("none", [1.0]), ("rising", [3.0]), ("falling", [2.0]), ("risingOrFalling", [2.0])],
)
def test_edges_need_something_to_change_from(
    tmp_path: Path, edge: str, started: list[float]
) -> None:
    """The flag is up from 0 to 2 s and from 3 s on; the act (and its event) waits till 1 s."""
    variables = '<VariableDeclaration name="flag" variableType="boolean" value="true"/>'

    def setting(value: str) -> str:
        return f"""<GlobalAction><VariableAction variableRef="flag"><SetAction value="{value}"/>
          </VariableAction></GlobalAction>"""

    test = make.by_value('<VariableCondition variableRef="flag" rule="equalTo" value="true"/>')
    setter = make.simple(
        make.event("off", setting("false"), start=make.at(2)),
        make.event("on", setting("true"), start=make.at(3)),
    )
    event = make.event(
        "e", make.speed(1), start=make.trigger("Start", [make.condition(test, edge=edge)])
    )
    late = make.story(
        "late", make.act("late act", make.group("g", make.maneuver("m", event)), start=make.at(1))
    )
    world = play(tmp_path, make.scenario(setter, late, variables=variables))
    assert times(world, "e", Move.START) == started


def test_a_delay_counts_from_when_the_condition_was_met(tmp_path: Path) -> None:
    start = make.trigger(
        "Start", [make.condition(make.time_is(1, "greaterThan"), edge="rising", delay=2)]
    )
    world = play(tmp_path, make.scenario(make.simple(make.event("e", make.speed(1), start=start))))
    assert times(world, "e", Move.START) == [3.01]


@pytest.mark.parametrize(
    ("state", "name", "started"),
    [
        ("standbyState", "one", 0.0),
        ("startTransition", "one", 1.01),  # "one" is asked after "first": seen a step later
        ("runningState", "one", 1.01),
        ("endTransition", "one", 2.0),
        ("completeState", "one", 2.0),
        ("completeState", "maneuver::one", 2.0),
        ("completeState", "elsewhere::one", None),
        ("stopTransition", "one", None),
        ("completeState", "nobody", None),
    ],
)
def test_states_and_moves_of_elements(
    tmp_path: Path, state: str, name: str, started: float | None
) -> None:
    start = make.trigger("Start", [make.condition(make.element_is("event", name, state))])
    first = make.event("first", make.speed(3), start=start)
    one = make.event("one", make.speed(1, shape="linear", time=1), start=make.at(1))
    one = one.replace('maximumExecutionCount="1"', "")
    other = make.event("other", make.speed(0), start=make.at(9))
    world = play(tmp_path, make.scenario(make.simple(first, one, other)))
    assert times(world, "first", Move.START) == ([] if started is None else [started])


def test_a_move_is_over_when_it_is_asked_about_later(tmp_path: Path) -> None:
    one = make.event("one", make.speed(1), start=make.at(1))
    ended = make.condition(make.element_is("event", "one", "endTransition"))
    late = make.event("late", make.speed(2), start=make.trigger("Start", [ended]))
    acts = make.act("late act", make.group("g", make.maneuver("m", late)), start=make.at(3))
    world = play(tmp_path, make.scenario(make.simple(one), make.story("other", acts)))
    assert times(world, "late", Move.START) == []


def test_of_equal_names_the_nearest_is_meant(tmp_path: Path) -> None:
    def part(number: int) -> str:
        ended = make.condition(make.element_is("event", "go", "endTransition"))
        return make.group(
            f"g{number}",
            make.maneuver(
                "m",
                make.event("go", make.speed(1), start=make.at(number)),
                make.event(f"after{number}", make.speed(2), start=make.trigger("Start", [ended])),
            ),
        )

    world = play(tmp_path, make.scenario(make.story("s", make.act("a", part(1), part(2)))))
    assert times(world, "after1", Move.START) == [1.01]
    assert times(world, "after2", Move.START) == [2.01]


def test_stopping_an_act_stops_all_in_it(tmp_path: Path) -> None:
    one = make.event("one", SLOW, start=make.at(1))
    two = make.event("two", make.speed(1), start=make.at(9))
    acts = make.act("a", make.group("g", make.maneuver("m", one, two)), stop=make.at(2, "Stop"))
    world = play(tmp_path, make.scenario(make.story("s", acts)))
    stopped = [each for each in world.player.record if each.move is Move.STOP]
    assert [each.name for each in stopped] == ["oneAction", "one", "two", "m", "g", "a"]
    assert {round(each.time, 6) for each in stopped} == {2.0}
    assert times(world, "s", Move.END) == [2.0]
    assert world.bodies["Ego"].speed == pytest.approx(2.0)  # ten in five seconds, for one


def test_players_end_what_holds_stopped_elements(tmp_path: Path) -> None:
    one = make.event("one", SLOW, start=make.at(1))
    acts = make.act("a", make.group("g", make.maneuver("m", one)), stop=make.at(2, "Stop"))
    world = play(tmp_path, make.scenario(make.story("s", acts)), conventions=ESMINI)
    last = [(each.name, str(each.move)) for each in world.player.record if each.time > 1.5]
    assert last == [
        ("oneAction", "stopTransition"),
        *((name, "endTransition") for name in ("one", "m", "g", "a", "s", "storyBoard")),
    ]


def test_halting_stops_everything_and_says_what_never_fired(tmp_path: Path) -> None:
    event = make.event("e", make.speed(1), start=make.at(100))
    text = make.scenario(make.simple(event), stop=make.at(200, "Stop"))
    world = play(tmp_path, text, 1.0)
    unfired = [(each.path, each.which) for each in world.player.unfired()]
    assert unfired == [("", "stop"), ("story::act::group::maneuver::e", "start")]
    lines = (tmp_path / "scenario.xosc").read_text().splitlines()
    assert "StopTrigger" in lines[world.player.unfired()[0].place.line - 1]
    world.player.halt()
    assert world.player.finished
    assert times(world, "e", Move.STOP) == [1.0]


def test_entities_that_trigger_an_act_become_its_actors(tmp_path: Path) -> None:
    fast = make.by_entity('<SpeedCondition rule="greaterThan" value="5"/>', "A", "B", "C")
    start = make.trigger("Start", [make.condition(fast)])
    event = make.event("e", make.speed(0))
    groups = make.group("g", make.maneuver("m", event), actors=[], select=True)
    text = make.scenario(
        make.story("s", make.act("a", groups, start=start)),
        entities="".join(make.entity(name) for name in "ABC"),
        init=make.private("B", make.speed(9)) + make.private("C", make.speed(7)),
    )
    world = play(tmp_path, text, 0.1)
    assert {name: body.speed for name, body in world.bodies.items()} == {"A": 0, "B": 0, "C": 0}
    assert [actor for _, _, actor in world.seen] == ["B", "C", "B", "C"]  # Init, then the event


@pytest.mark.parametrize(("rule", "started"), [("any", [1.0]), ("all", [2.0])])
def test_any_or_all_entities(tmp_path: Path, rule: str, started: list[float]) -> None:
    event = make.event(
        "e",
        make.speed(0),
        start=make.trigger(
            "Start",
            [
                make.condition(
                    make.by_entity('<TraveledDistanceCondition value="9.98"/>', "A", "B", rule=rule)
                )
            ],
        ),
    )
    story = make.story("s", make.act("a", make.group("g", make.maneuver("m", event), actors=["A"])))
    text = make.scenario(
        story,
        entities=make.entity("A") + make.entity("B"),
        init=make.private("A", make.speed(10)) + make.private("B", make.speed(5)),
    )
    assert times(play(tmp_path, text), "e", Move.START) == [
        pytest.approx(each + 0.01) for each in started
    ]


def test_a_selection_acts_as_its_members(tmp_path: Path) -> None:
    entities = make.entity("A") + make.entity("B")
    entities += """<EntitySelection name="both"><Members><ByType objectType="vehicle"/></Members>
      </EntitySelection>"""
    event = make.event("e", make.speed(4, shape="linear", time=1), start=make.at(1))
    groups = make.group("g", make.maneuver("m", event), actors=["both"])
    text = make.scenario(make.story("s", make.act("a", groups)), entities=entities)
    world = play(tmp_path, text)
    assert [body.speed for body in world.bodies.values()] == [4, 4]
    assert times(world, "eAction", Move.END) == [1.99]


def test_standing_still_must_last(tmp_path: Path) -> None:
    still = make.by_entity('<StandStillCondition duration="1.5"/>')
    event = make.event("e", make.speed(3), start=make.trigger("Start", [make.condition(still)]))
    brake = make.private("Ego", make.speed(10), make.speed(0, shape="linear", time=2))
    world = play(tmp_path, make.scenario(make.simple(event), init=brake))
    assert times(world, "e", Move.START) == [pytest.approx(2.01 + 1.5)]


def test_moves_are_the_same_each_time(tmp_path: Path) -> None:
    text = overlapping("skip", count=2)
    records: list[list[Record]] = [play(tmp_path, text).player.record for _ in range(2)]
    assert records[0] == records[1]


def test_an_action_nobody_knows_is_over_at_once(tmp_path: Path) -> None:
    strange = "<PrivateAction><HoverAction/></PrivateAction>"
    world = play(tmp_path, make.scenario(make.simple(make.event("e", strange, start=make.at(1)))))
    assert times(world, "e", Move.END) == [1.0]
    assert ("Unsupported", "Ego") in [(kind, actor) for _, kind, actor in world.seen]


def test_an_empty_action_and_an_empty_event_are_over_at_once(tmp_path: Path) -> None:
    one, two = make.event("one", "", start=make.at(1)), make.event("two", start=make.at(2))
    world = play(tmp_path, make.scenario(make.simple(one, two)))
    assert times(world, "one", Move.END) == [1.0]
    assert times(world, "two", Move.END) == [2.0]


def test_when_the_storyboard_ends_nothing_goes_on(tmp_path: Path) -> None:
    init = make.private("Ego", make.speed(50, shape="linear", time=50))
    other = make.event("e", make.speed(1), start=make.at(1))
    groups = make.group("g", make.maneuver("m", other), actors=["Other"])
    text = make.scenario(
        make.story("s", make.act("a", groups)),
        init=init,
        entities=make.entity("Ego") + make.entity("Other"),
    )
    world = play(tmp_path, text)
    assert times(world, "Init Ego LongitudinalAction", Move.STOP) == [1.0]
    assert moves(world, "storyBoard")[-1] == (1.0, "endTransition", "completeState")
    world.step()
    assert world.courses == []
