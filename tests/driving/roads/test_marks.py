"""Road marks by s, and which of them a move crosses."""

from __future__ import annotations

import pytest

from concours.driving import roads
from tests.factories.driving import lane, road, section, xodr


def mark(kind: str, *, s: float = 0.0, change: str = "") -> str:
    attribute = f'laneChange="{change}"' if change else ""
    return f'<roadMark sOffset="{s}" type="{kind}" color="white" width="0.12" {attribute}/>'


def built(*, centre: str = "", left: str = "", right: str = "") -> roads.RoadNetwork:
    lanes = section(lane(1, inside=left), lane(2), lane(-1, inside=right), lane(-2), centre=centre)
    return roads.loads(xodr(road(sections=[lanes])))


def test_marks_change_along_s() -> None:
    network = built(right=mark("broken") + mark("solid", s=40), centre=mark("none"))

    assert [(one.lane, one.type) for one in network.marks("1", 39.9)] == [
        (0, "none"),
        (-1, "broken"),
    ]
    assert network.marks("1", 40.0)[1].type == "solid"
    assert network.marks("1", 40.0)[1].t == -3.5


def test_a_move_crosses_marks_in_order() -> None:
    network = built(left=mark("broken"), centre=mark("solid"), right=mark("broken"))

    crossings = network.crossed_marks("1", (10.0, -5.0), (20.0, 5.0))

    assert [(one.mark.lane, one.allowed) for one in crossings] == [
        (-1, True),
        (0, False),
        (1, True),
    ]
    assert [one.mark.s for one in crossings] == pytest.approx([11.5, 15.0, 18.5])
    assert network.crossed_marks("1", (10.0, -5.0), (90.0, -4.0)) == ()


@pytest.mark.parametrize(
    ("kind", "t_from", "t_to", "near"),
    [
        ("solid broken", 1.0, -1.0, "solid"),
        ("solid broken", -1.0, 1.0, "broken"),
        ("broken solid", 1.0, -1.0, "broken"),
        ("broken solid", -1.0, 1.0, "solid"),
        ("solid solid", -1.0, 1.0, "solid"),
    ],
)
def test_a_double_line_between_the_sides_counts_from_the_left(
    kind: str, t_from: float, t_to: float, near: str
) -> None:
    (crossing,) = built(centre=mark(kind)).crossed_marks("1", (10.0, t_from), (10.0, t_to))

    assert (crossing.near, crossing.allowed) == (near, near == "broken")


@pytest.mark.parametrize(
    ("t_from", "t_to", "near"), [(-3.0, -4.0, "solid"), (-4.0, -3.0, "broken")]
)
def test_a_double_line_of_a_lane_counts_from_the_inside(
    t_from: float, t_to: float, near: str
) -> None:
    network = built(right=mark("solid broken"))

    (crossing,) = network.crossed_marks("1", (10.0, t_from), (10.0, t_to))

    assert crossing.near == near


@pytest.mark.parametrize(
    ("change", "leftwards", "allowed"),
    [
        ("none", True, False),
        ("both", False, True),
        ("increase", True, True),
        ("increase", False, False),
        ("decrease", True, False),
        ("decrease", False, True),
    ],
)
def test_what_the_file_says_of_lane_changes_counts(
    change: str, leftwards: bool, allowed: bool
) -> None:
    network = built(right=mark("broken", change=change))
    start, end = (-4.0, -3.0) if leftwards else (-3.0, -4.0)

    (crossing,) = network.crossed_marks("1", (10.0, start), (11.0, end))

    assert (crossing.leftwards, crossing.allowed) == (leftwards, allowed)


def test_lines_of_a_custom_mark_are_read() -> None:
    lines = (
        '<roadMark sOffset="0" type="custom"><type name="x" width="0.1">'
        '<line length="3" space="6" tOffset="0" sOffset="0"/>'
        '<line length="0" space="0" tOffset="0.2" sOffset="0"/></type></roadMark>'
    )

    assert built(centre=lines).marks("1", 5.0)[0].type == "broken solid"
