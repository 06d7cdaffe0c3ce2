"""When reports and reviews are due: pure functions of the beginning and the programme."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, takewhile

from concours.platform.incubation.programme import ReportRule


@dataclass(frozen=True, kw_only=True)
class Period:
    """What a report is about: begins <= day < ends; it is due on the day `due`. `number` from 1."""

    number: int
    begins: date
    ends: date
    due: date

    @property
    def last_day(self) -> date:
        return self.ends - timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """`day` so many months later; the last of a shorter month stands in for the 29th to 31st."""
    total = day.year * 12 + day.month - 1 + months
    year, month = total // 12, total % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def period(number: int, *, began: date, rule: ReportRule) -> Period:
    """The period of that number (from 1) of an incubation that began on `began`."""
    begins = add_months(began, _months_before(number, rule))
    ends = add_months(began, _months_before(number + 1, rule))
    due = ends + timedelta(days=rule.due_days)
    return Period(number=number, begins=begins, ends=ends, due=due)


def periods_begun(
    *, began: date, owed_from: date, today: date, rule: ReportRule
) -> tuple[Period, ...]:
    """The periods that have begun by `today`, in order, without those that began before
    `owed_from`: of these no report is owed. O(months)."""
    every = (period(number, began=began, rule=rule) for number in count(1))
    return tuple(
        one for one in takewhile(lambda one: one.begins <= today, every) if one.begins >= owed_from
    )


def reviews_due(
    *, began: date, owed_from: date, today: date, months: int
) -> tuple[tuple[int, date], ...]:
    """(number from 1, day) of the reviews whose day has come by `today`, after `owed_from`."""
    return tuple(
        (number, day)
        for number, day in takewhile(lambda one: one[1] <= today, _anniversaries(began, months))
        if day > owed_from
    )


def reminder_at(*, due: date, today: date, rule: ReportRule) -> int | None:
    """Which reminder is due: so many days before (positive, 0 on the day) or after (negative).

    None while it is too early for any. Of several that are past, the last alone.
    """
    left = (due - today).days
    if left >= 0:
        return min((days for days in rule.remind_days if left <= days), default=None)
    late = max((days for days in rule.overdue_days if -left >= days), default=None)
    return None if late is None else -late


def _months_before(number: int, rule: ReportRule) -> int:
    """How many months lie before the period of that number."""
    first = min(number - 1, rule.first_number)
    return first * rule.first_months + (number - 1 - first) * rule.months


def _anniversaries(began: date, months: int) -> Iterator[tuple[int, date]]:
    return ((number, add_months(began, number * months)) for number in count(1))
