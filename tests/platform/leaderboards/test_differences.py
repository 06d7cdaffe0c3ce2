from __future__ import annotations

from concours.platform.leaderboards import plots
from concours.platform.leaderboards.differences import differences
from concours.platform.leaderboards.ranking import rank
from tests.platform.leaderboards.test_ranking import rules, run


def test_differences_come_by_size_and_leave_out_what_stays() -> None:
    before = rank(
        [run("a", score=9), run("b", score=8), run("c", score=7), run("d", score=1)], rules()
    )
    after = rank(
        [
            run("a", score=6),
            run("b", score=8),
            run("c", score=7.5),
            run("e", score=0),
            run("d", score=1),
        ],
        rules(),
    )
    found = differences(before, after, rules())
    assert [(one.entry, one.moved, one.value_change("score")) for one in found] == [
        ("e", 0, None),
        ("a", -2, -3),
        ("c", 1, 0.5),
        ("b", 1, 0),
    ]
    assert differences(before, before, rules()) == []


def test_an_entry_that_vanishes_is_told() -> None:
    before = rank([run("a", score=9), run("b", score=8)], rules())
    found = differences(before, before[1:], rules())
    assert [(one.entry, one.after is None) for one in found] == [("a", True), ("b", False)]


def test_a_move_leads_from_the_old_place_to_the_new() -> None:
    before = rank([run("a", score=9), run("b", score=8)], rules())
    after = rank([run("a", score=7), run("b", score=8), run("c", score=1)], rules())
    moves = [plots.move(one, count=2) for one in differences(before, after, rules())]
    left, right = plots.MARGIN, 100 - plots.MARGIN
    assert moves == [None, {"x1": left, "x2": right}, {"x1": right, "x2": left}]


def test_a_history_is_drawn_within_its_picture() -> None:
    drawn = plots.history([(1, 5.0, (4.0, 6.0), False), (2, 9.0, (8.0, 10.0), True)])
    assert drawn is not None
    points = drawn["points"]
    assert [point.x for point in points] == [plots.MARGIN, 100 - plots.MARGIN]
    assert points[0].y_low == 100 - plots.MARGIN
    assert points[1].y_high == plots.MARGIN
    assert points[1].y < points[0].y
    assert plots.history([]) is None


def test_one_score_alone_stands_in_the_middle() -> None:
    drawn = plots.history([(3, 5.0, None, True)])
    assert drawn is not None
    assert [(point.x, point.y) for point in drawn["points"]] == [(50.0, 50.0)]
