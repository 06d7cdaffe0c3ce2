"""When reports and reviews are due: pure functions, by example and by property."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.platform.incubation.programme import ReportRule
from concours.platform.incubation.timetable import (
    add_months,
    period,
    periods_begun,
    reminder_at,
    reviews_due,
)

RULE = ReportRule(
    first_number=3,
    first_months=1,
    months=3,
    due_days=14,
    remind_days=(1, 7),
    overdue_days=(1, 14, 30),
)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
rules_ = st.builds(
    ReportRule,
    first_number=st.integers(0, 5),
    first_months=st.integers(1, 4),
    months=st.integers(1, 13),
    due_days=st.integers(0, 60),
    remind_days=st.lists(st.integers(0, 60), max_size=4, unique=True).map(tuple),
    overdue_days=st.lists(st.integers(1, 90), max_size=4, unique=True).map(tuple),
)


def test_three_monthly_reports_then_quarterly_ones() -> None:
    found = periods_begun(
        began=date(2026, 1, 31), owed_from=date(2026, 1, 31), today=date(2026, 8, 1), rule=RULE
    )

    assert [(one.begins, one.last_day, one.due) for one in found] == [
        (date(2026, 1, 31), date(2026, 2, 27), date(2026, 3, 14)),
        (date(2026, 2, 28), date(2026, 3, 30), date(2026, 4, 14)),
        (date(2026, 3, 31), date(2026, 4, 29), date(2026, 5, 14)),
        (date(2026, 4, 30), date(2026, 7, 30), date(2026, 8, 14)),
        (date(2026, 7, 31), date(2026, 10, 30), date(2026, 11, 14)),
    ]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2024, 3, 31), 0, date(2024, 3, 31)),
    ],
)
def test_months_of_other_lengths(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(began=days, rule=rules_, number=st.integers(1, 60))
def test_periods_follow_one_another_without_gap(began: date, rule: ReportRule, number: int) -> None:
    one, following = (period(n, began=began, rule=rule) for n in (number, number + 1))

    assert one.begins < one.ends == following.begins
    assert one.due == one.ends + timedelta(days=rule.due_days)
    assert period(1, began=began, rule=rule).begins == began


@given(
    began=days, rule=rules_, ahead=st.integers(-30, 3_000), more=st.integers(0, 400),
    owed=st.integers(0, 1_000),
)  # fmt: skip
def test_what_is_owed_grows_by_the_day_and_never_changes(
    began: date, rule: ReportRule, ahead: int, more: int, owed: int
) -> None:
    today, owed_from = began + timedelta(days=ahead), began + timedelta(days=owed)
    earlier = periods_begun(began=began, owed_from=owed_from, today=today, rule=rule)
    later = periods_begun(
        began=began, owed_from=owed_from, today=today + timedelta(days=more), rule=rule
    )

    assert later[: len(earlier)] == earlier
    assert all(owed_from <= one.begins <= today for one in earlier)
    numbers = [one.number for one in earlier]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
    whole = periods_begun(began=began, owed_from=began, today=today, rule=rule)
    assert earlier == tuple(one for one in whole if one.begins >= owed_from)
    # The last of them is the one that today is in, if today is not before the beginning.
    assert all(one.begins <= today < one.ends for one in whole[-1:])


@pytest.mark.parametrize(
    ("left", "expected"),
    [(8, None), (7, 7), (2, 7), (1, 1), (0, 1), (-1, -1), (-13, -1), (-14, -14), (-400, -30)],
)
def test_which_reminder_is_due(left: int, expected: int | None) -> None:
    today = date(2026, 5, 1)

    assert reminder_at(due=today + timedelta(days=left), today=today, rule=RULE) == expected


@given(due=days, rule=rules_, first=st.integers(-120, 120), more=st.integers(0, 120))
def test_reminders_come_in_order_and_none_comes_back(
    due: date, rule: ReportRule, first: int, more: int
) -> None:
    now, later = (
        reminder_at(due=due, today=due + timedelta(days=n), rule=rule)
        for n in (first, first + more)
    )

    if now is not None and later is not None:
        assert later <= now
    assert now is None or now in {*rule.remind_days, *(-one for one in rule.overdue_days)}


@given(
    began=days, months=st.integers(1, 60), ahead=st.integers(0, 4_000), owed=st.integers(0, 2_000)
)
def test_reviews_come_at_whole_intervals(began: date, months: int, ahead: int, owed: int) -> None:
    today, owed_from = began + timedelta(days=ahead), began + timedelta(days=owed)

    found = reviews_due(began=began, owed_from=owed_from, today=today, months=months)

    assert all(owed_from < day <= today for _, day in found)
    assert all(day == add_months(began, number * months) for number, day in found)
    assert len({number for number, _ in found}) == len(found)
