"""What the tests of incubation share."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.incubation import domain
from concours.platform.incubation.models import AnnualReview
from concours.platform.record.models import Event
from concours.platform.register import domain as register_domain
from tests.factories import incubation
from tests.factories.incubation import NOW
from tests.factories.people import organiser


def at(day: date) -> Any:
    return clock.frozen_at(NOW.replace(year=day.year, month=day.month, day=day.day))


def refusal(act: Any) -> str:
    before = Event.objects.count()
    with pytest.raises(Refused) as raised:
        act()
    assert Event.objects.count() == before
    return raised.value.code


def moved(project: Any, to: str) -> None:
    register_domain.change_stage(
        actor=organiser(), project=project, to=to, on=clock.now().date(), reason="So it was."
    )


def reviewed() -> AnnualReview:
    """A review whose day has come, within the clock's block of the caller."""
    found = incubation.incubation()
    with at(date(2027, 3, 5)):
        domain.tend_incubations()
    return found.reviews.get()
