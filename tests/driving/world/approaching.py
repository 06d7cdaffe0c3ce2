"""An approach for tests of conditions: when does what is asked come true?"""

from __future__ import annotations

from pathlib import Path

from concours.driving.world import Trace
from tests.factories.moves import (
    element,
)
from tests.factories.worlds import (
    ahead,
    once,
    play,
    straight,
)  # fmt: skip

TICK = 0.0101
"""A condition is asked each hundredth of a second."""


def relative(kind: str, rule: str, number: float, **how: object) -> str:
    given = {"freespace": False, "relativeDistanceType": "longitudinal", **how}
    return element(kind, entityRef="Other", rule=rule, value=number, **given)


def approach(
    folder: Path, test: str, *, other: float = 0.0, lane: int = -1, edge: str = "none",
    **how: object,
) -> Trace:  # fmt: skip
    """Ego at 0 with 10 m/s; Other at 100 m, by default standing; boxes take 4 m."""
    given: dict[str, object] = {"where": straight(), "end": 15.0, **how}
    return play(
        folder, ahead("Ego", 0, 10), ahead("Other", 100, other, lane=lane),
        events=(once(test, edge=edge),), **given,
    )  # fmt: skip


BEND_RATE = 10 / (1 + 1.75 / 100)
"""m/s of the reference line at 10 m/s in the outer lane of a bend of 100 m."""
