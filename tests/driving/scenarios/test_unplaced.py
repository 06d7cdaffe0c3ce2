"""Entities that nothing puts anywhere are told, by the check and by who plays the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from concours.driving.scenarios import check, load
from concours.driving.scenarios.unplaced import unplaced
from concours.driving.world import World
from tests.factories import scenarios as make

TWO = make.entity("Ego") + make.entity("Other")
EGO = make.private("Ego", make.teleport(0.0))


def teleported(*who: str, selects: bool = False) -> str:
    """A story that teleports somebody."""
    refs = "".join(f'<EntityRef entityRef="{name}"/>' for name in who)
    maneuver = make.maneuver("m", make.event("e", make.teleport(5.0), start=make.at(1)))
    group = (
        f'<ManeuverGroup name="g" maximumExecutionCount="1"><Actors selectTriggeringEntities='
        f'"{str(selects).lower()}">{refs}</Actors>{maneuver}</ManeuverGroup>'
    )
    return make.story("s", make.act("a", group))


def added(name: str) -> str:
    place = '<Position><WorldPosition x="0" y="0" z="0" h="0"/></Position>'
    inner = f"<AddEntityAction>{place}</AddEntityAction>"
    return f'<GlobalAction><EntityAction entityRef="{name}">{inner}</EntityAction></GlobalAction>'


LED = make.private(
    "Other",
    """<PrivateAction><RoutingAction><FollowTrajectoryAction><TimeReference><None/></TimeReference>
    <TrajectoryFollowingMode followingMode="position"/><TrajectoryRef><Trajectory name="t"
    closed="false"><Shape><Polyline><Vertex><Position><WorldPosition x="0" y="0"/></Position>
    </Vertex><Vertex><Position><WorldPosition x="9" y="0"/></Position></Vertex></Polyline></Shape>
    </Trajectory></TrajectoryRef></FollowTrajectoryAction></RoutingAction></PrivateAction>""",
)


@pytest.mark.parametrize(
    ("init", "story", "left"),
    [
        (LED + EGO, "", []),
        (EGO, "", ["Other"]),
        ("", "", ["Ego", "Other"]),
        (make.private("Other", make.speed(3.0)) + EGO, "", ["Other"]),
        (EGO, teleported("Other"), []),
        (EGO, teleported(selects=True), []),
        (added("Other") + EGO, "", []),
    ],
)
def test_who_is_put_nowhere(tmp_path: Path, init: str, story: str, left: list[str]) -> None:
    file = make.write(tmp_path, make.scenario(story, init=init, entities=TWO))

    assert unplaced(load(file)) == left
    told = [each for each in check(file) if each.code == "never-placed"]
    assert [name for name in ("Ego", "Other") for f in told if name in f.message] == left


def test_a_run_says_so_too(tmp_path: Path) -> None:
    scenario = load(make.write(tmp_path, make.scenario(init=EGO, entities=TWO)))

    trace = World(scenario, end=0.2).play()

    assert trace is not None
    where = scenario.entities["Other"].place
    assert f"{where}: nothing puts Other anywhere: it is never in the scene" in trace.notes
    assert not any("puts Ego" in note for note in trace.notes)
