"""Edges and delays against a definition that looks at the whole history."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from concours.driving.scenarios.enums import ConditionEdge
from concours.driving.scenarios.machine.triggers import GRACE, Watch, Watched

STEP = 0.01
EDGES = list(ConditionEdge)


def pulses(truths: list[bool], edge: ConditionEdge) -> list[bool]:
    """What the edge makes of a history, by its definition."""
    found = []
    for index, value in enumerate(truths):
        before = truths[index - 1] if index else value
        rose, fell = value and not before, before and not value
        found.append(
            {
                ConditionEdge.NONE: value,
                ConditionEdge.RISING: rose,
                ConditionEdge.FALLING: fell,
                ConditionEdge.RISING_OR_FALLING: rose or fell,
            }[edge]
        )
    return found


def delayed(times: list[float], values: list[bool], delay: float) -> list[bool]:
    """At each time the value of the last one at least `delay` ago; false where there is none."""
    if delay <= 0:
        return values
    found = []
    for now in times:
        then = [v for t, v in zip(times, values, strict=True) if t <= now - delay + GRACE]
        found.append(bool(then) and then[-1])
    return found


def watched(truths: list[bool], edge: ConditionEdge, delay: float) -> Watched:
    left = iter(truths)
    return Watched(lambda: next(left), edge=edge, delay=delay)


@given(st.lists(st.booleans(), max_size=60), st.sampled_from(EDGES), st.integers(-1, 20))
def test_edges_and_delays(truths: list[bool], edge: ConditionEdge, steps: int) -> None:
    times = [index * STEP for index in range(len(truths))]
    condition = watched(truths, edge, steps * STEP)
    assert [condition.update(now) for now in times] == delayed(
        times, pulses(truths, edge), steps * STEP
    )


@given(st.lists(st.tuples(st.booleans(), st.floats(1e-4, 1)), max_size=40), st.floats(0.01, 3))
def test_delays_of_uneven_steps(history: list[tuple[bool, float]], delay: float) -> None:
    truths = [value for value, _ in history]
    times, now = [], 0.0
    for _, step in history:
        now += step
        times.append(now)
    condition = watched(truths, ConditionEdge.NONE, delay)
    assert [condition.update(now) for now in times] == delayed(times, truths, delay)


@given(
    st.lists(
        st.lists(
            st.tuples(st.lists(st.booleans(), min_size=30, max_size=30), st.sampled_from(EDGES)),
            max_size=3,
        ),
        max_size=3,
    )
)
def test_all_of_a_group_any_of_the_groups(
    groups: list[list[tuple[list[bool], ConditionEdge]]],
) -> None:
    watch = Watch([[watched(truths, edge, 0.0) for truths, edge in group] for group in groups])
    known = [[pulses(truths, edge) for truths, edge in group] for group in groups]
    for step in range(30):
        expected = any(bool(group) and all(each[step] for each in group) for group in known)
        assert watch.update(step * STEP) == expected


@given(st.lists(st.booleans(), min_size=2, max_size=40), st.sampled_from(EDGES), st.data())
def test_after_a_reset_nothing_is_remembered(
    truths: list[bool], edge: ConditionEdge, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(1, len(truths) - 1))
    condition = watched(truths, edge, 3 * STEP)
    times = [index * STEP for index in range(len(truths))]
    for now in times[:cut]:
        condition.update(now)
    condition.reset()
    rest = [condition.update(now) for now in times[cut:]]
    fresh = watched(truths[cut:], edge, 3 * STEP)
    assert rest == [fresh.update(now) for now in times[cut:]]


def test_an_empty_trigger() -> None:
    assert not Watch([]).update(0.0)
    assert Watch([], empty=True).update(0.0)
    assert not Watch([[]], empty=True).update(0.0)
