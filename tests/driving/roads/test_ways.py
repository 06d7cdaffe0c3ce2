"""Links and routes: redundant, one-sided, missing, through junctions, midway."""

from __future__ import annotations

import pytest

from concours.driving import roads
from tests.driving.roads.maps import both, fork, linked, virtual
from tests.factories.driving import geometry, lane, road, section, xodr


def chain(first: str, second: str, *, ours: int | None, theirs: int | None) -> bytes:
    """Two roads in a row; `first` and `second` are what their lanes -1 say of each other."""
    one = section(lane(1), lane(-1, after=ours))
    other = section(lane(1), lane(-1, before=theirs))
    return xodr(
        road("a", sections=[one], link=first),
        road("b", sections=[other], link=second, plan=geometry("<line/>", x=100)),
    )


TO_B = f"<successor {linked('road', 'b', 'start')}/>"
TO_A = f"<predecessor {linked('road', 'a', 'end')}/>"


@pytest.mark.parametrize(
    ("first", "second", "ours", "theirs"),
    [
        (TO_B, TO_A, -1, -1),
        (TO_B, TO_A, -1, None),
        (TO_B, TO_A, None, -1),
        (TO_B, "", -1, None),
        ("", TO_A, None, -1),
        (TO_B, TO_A, None, None),
    ],
)
def test_either_side_may_say_it(
    first: str, second: str, ours: int | None, theirs: int | None
) -> None:
    built = roads.loads(chain(first, second, ours=ours, theirs=theirs))

    assert built.successors("a", -1, 50.0) == (roads.LaneEnd("b", -1, 0.0),)
    assert built.predecessors("b", -1, 50.0) == (roads.LaneEnd("a", -1, 100.0),)


def test_a_junction_leads_to_every_connecting_road() -> None:
    built = roads.loads(fork())

    assert built.successors("1", -1, 0.0) == (
        roads.LaneEnd("10", -1, 0.0),
        roads.LaneEnd("11", -1, 0.0),
    )
    assert built.successors("11", -1, 0.0) == (roads.LaneEnd("3", -1, 0.0),)
    assert built.predecessors("2", -1, 0.0) == (roads.LaneEnd("10", -1, 20.0),)
    assert built.junction("11") == "5"
    assert built.junction("1") == ""


def test_a_virtual_junction_is_left_midway() -> None:
    built = roads.loads(virtual())

    assert set(built.successors("main", -1, 10.0)) == {
        roads.LaneEnd("main", -1, 40.0),
        roads.LaneEnd("side", -1, 0.0),
    }
    route = built.find_route(("main", -1, 0.0), ("side", -1, 5.0))
    assert route is not None
    assert route.length == pytest.approx(45.0)
    assert route.roads == ("main", "side")


def test_traffic_on_the_left_drives_the_other_way() -> None:
    left, right = (
        roads.loads(chain(TO_B, TO_A, ours=-1, theirs=-1).replace(b'junction="-1"', rule))
        for rule in (b'junction="-1" rule="LHT"', b'junction="-1" rule="RHT"')
    )

    assert left.left_hand("a")
    assert not right.left_hand("a")
    assert (left.direction("a", -1, 0.0), right.direction("a", -1, 0.0)) == (-1, 1)
    assert left.successors("b", -1, 0.0) == (roads.LaneEnd("a", -1, 100.0),)
    assert left.successors("a", -1, 0.0) == ()


def test_the_shortest_way_changes_lanes_where_it_must() -> None:
    built = roads.loads(fork())

    route = built.find_route(("1", -1, 20.0), ("3", -1, 30.0))

    assert route is not None
    assert route.roads == ("1", "11", "3")
    assert route.length == pytest.approx(80 + 31.41592653589793 + 30)
    assert built.find_route(("3", -1, 30.0), ("1", -1, 20.0)) is None


def test_a_change_of_lane_is_a_step_of_its_own() -> None:
    two = section(lane(-1), lane(-2, after=-1))
    one = section(lane(-1, before=-2), s=50)
    built = roads.loads(xodr(road(sections=[two, one])))

    route = built.find_route(("1", -1, 10.0), ("1", -1, 90.0))

    assert route is not None
    assert [(step.lane, step.s_from, step.s_to, step.changes) for step in route.steps] == [
        (-1, 10.0, 10.0, True),
        (-2, 10.0, 50.0, False),
        (-1, 50.0, 90.0, False),
    ]
    assert built.find_route(("1", -1, 10.0), ("1", -1, 90.0), lane_changes=False) is None


def test_a_goal_behind_is_reached_round_a_ring_only() -> None:
    ring = geometry('<arc curvature="0.0628318530717958"/>')
    alone = section(lane(-1, before=-1, after=-1))
    link = both(linked("road", "1", "end"), linked("road", "1", "start"))
    built = roads.loads(xodr(road(plan=ring, sections=[alone], link=link)))
    open_ended = roads.loads(xodr(road(sections=[section(lane(-1))])))

    route = built.find_route(("1", -1, 60.0), ("1", -1, 40.0))

    assert route is not None
    assert route.length == pytest.approx(80.0)
    assert open_ended.find_route(("1", -1, 60.0), ("1", -1, 40.0)) is None


def test_lanes_that_are_not_driven_on_are_no_way() -> None:
    lanes = [
        section(lane(-1, kind="driving", after=-1)),
        section(lane(-1, kind="sidewalk", before=-1, after=-1), s=30),
        section(lane(-1, before=-1), s=60),
    ]
    built = roads.loads(xodr(road(sections=lanes)))

    assert built.find_route(("1", -1, 0.0), ("1", -1, 90.0)) is None
    assert built.find_route(("1", -1, 0.0), ("1", -1, 90.0), types=roads.ANY) is not None


def test_a_lane_both_ways_is_left_at_either_end() -> None:
    middle = section(lane(-1, kind="bidirectional", after=-1))
    built = roads.loads(xodr(road(sections=[middle, section(lane(-1, before=-1), s=50)])))

    assert built.direction("1", -1, 0.0) == 0
    assert built.successors("1", -1, 0.0) == (roads.LaneEnd("1", -1, 50.0),)
    assert built.successors("1", -1, 0.0, against=True) == ()


def test_links_to_nothing_are_findings() -> None:
    text = chain(f"<successor {linked('road', 'q', 'start')}/>", "", ours=-1, theirs=None)
    network = roads.loads(text)
    assert network.successors("a", -1, 0.0) == ()
