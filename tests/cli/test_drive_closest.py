"""How near the ego came: boxes that are placed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from concours.cli.drive.closest import closest, ego_of
from concours.cli.drive.sweep_plot import varying, words
from concours.driving.world import FIELDS, Actor, Touch, Trace


def box(name: str, length: float = 4.0, width: float = 2.0, ahead: float = 0.0) -> Actor:
    return Actor(name=name, kind="car", length=length, width=width, height=1.5,
                 center=(ahead, 0.0, 0.75))  # fmt: skip


def trace(
    actors: tuple[Actor, ...], *rows: tuple[tuple[float, float, float], ...], **more: object
) -> Trace:
    """rows: x, y, heading of each actor at each moment."""
    values = np.zeros((len(rows), len(actors), len(FIELDS)))
    values[:, :, 0] = [[place[0] for place in row] for row in rows]
    values[:, :, 1] = [[place[1] for place in row] for row in rows]
    values[:, :, 3] = [[place[2] for place in row] for row in rows]
    return Trace(name="t", step=1.0, end="time", actors=actors,
                 times=np.arange(float(len(rows))), values=values, **more)  # type: ignore[arg-type]  # fmt: skip


PAIR = (box("a"), box("b"))
HERE = (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        ((10.0, 0.0, 0.0), 6.0),
        ((0.0, 5.0, 0.0), 3.0),
        ((10.0, 0.0, math.pi / 2), 7.0),
        ((7.0, 6.0, math.pi), 5.0),  # 3 m ahead of the box, 4 m beside it
        ((0.0, 5.0, math.pi / 4), 5.0 - 1.0 - 3.0 / math.sqrt(2)),  # a corner over a side
    ],
)
def test_boxes_are_apart_by(there: tuple[float, float, float], expected: float) -> None:
    assert closest(trace(PAIR, (HERE, there))) == pytest.approx(expected)
    assert closest(trace(PAIR, (there, HERE))) == pytest.approx(expected)


def test_the_middle_of_a_box_may_be_ahead_of_its_point() -> None:
    actors = (box("a", ahead=1.5), box("b", ahead=1.5))

    assert closest(trace(actors, (HERE, (10.0, 0.0, 0.0)))) == pytest.approx(6.0)
    assert closest(trace(actors, (HERE, (10.0, 0.0, math.pi)))) == pytest.approx(3.0)


def test_the_nearest_moment_and_the_nearest_other_count() -> None:
    actors = (box("other"), box("third"), box("Ego car"))
    nowhere = (math.nan,) * 3
    found = trace(
        actors, ((9.0, 0.0, 0.0), nowhere, HERE), ((20.0, 0.0, 0.0), (8.0, 0.0, 0.0), HERE),
        (nowhere, nowhere, HERE),
    )  # fmt: skip

    assert ego_of(found) == 2
    assert closest(found) == pytest.approx(4.0)


def test_touches_are_no_distance_and_nobody_is_none() -> None:
    far = (HERE, (50.0, 0.0, 0.0))

    assert closest(trace(PAIR, far, touches=(Touch(0.5, 0, 1),))) == 0.0
    assert closest(trace((box("a"),), (HERE,))) is None
    assert closest(trace(PAIR, (HERE, (math.nan,) * 3))) is None


def test_what_is_drawn_of_parameters() -> None:
    given = [{"v": "1", "w": "2", "name": "a"}, {"v": "3", "w": "2", "name": "b"}]

    assert varying(given) == ["v"]


def test_a_sweep_in_words() -> None:
    rows = [
        {"end": "storyboard", "closest": 4.0, "collisions": []},
        {"end": "time", "closest": 0.0, "collisions": [{}]},
        {"end": "error", "error": "no"},
    ]

    said = words(rows)

    assert "1 ended by storyboard; 1 ended by time; 1 could not be played; 1 with" in said
    assert "0.00 m to 4.00 m, in the median 2.00 m" in said
