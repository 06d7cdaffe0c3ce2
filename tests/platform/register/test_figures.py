from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from concours.platform.core import clock
from concours.platform.register import domain
from concours.platform.register.courses import GridRow
from concours.platform.register.domain.searching import EVERY
from concours.platform.register.reading import History, Step
from tests.factories import people
from tests.factories import register as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with clock.frozen_at(datetime(2026, 3, 5, 12, tzinfo=UTC)):
        yield


def fleet(*names: str) -> None:
    domain.import_histories(
        actor=make.ACTOR,
        register="fleet",
        projects=[
            History(
                slug=name,
                name=name,
                steps=(
                    Step(stage="preparation", on=date(2024, 1, 1)),
                    Step(stage="incubating", on=date(2024, 1, 31)),
                ),
                digest="d" * 64,
                area="Storage",
            )
            for name in names
        ],
    )


def test_figures_are_of_one_register_or_of_all():
    make.project(stage="candidate", areas=["security"], donors=["acme"])
    fleet("kite", "sail")

    ours, theirs = domain.figures(), domain.figures(register="fleet")

    assert (ours.number, theirs.number, domain.figures(register=EVERY).number) == (1, 2, 3)
    assert ours.areas == [GridRow(slug="security", counts=(1, 0, 0, 0, 0))]
    assert ours.donors == [GridRow(slug="acme", counts=(1, 0, 0, 0, 0))]
    assert ours.undated == 1
    assert theirs.areas == [GridRow(slug="storage", counts=(0, 0, 2, 0, 0))]
    assert theirs.ways[0].spread.median == 30
    assert [(row.year, row.entered) for row in theirs.years] == [(2024, 2)]


def test_figures_follow_each_change_and_are_kept_between(django_assert_max_num_queries):
    kite = make.project(stage="candidate", since=date(2026, 1, 1))
    assert domain.figures().funnel[0].still == 1

    domain.carry_out(
        actor=make.ACTOR, project=kite, to="preparation", on=date(2026, 1, 11), reason="So."
    )

    assert domain.figures().funnel[0].moved_on == 1
    assert domain.figures().ways[0].spread.median == 10
    with django_assert_max_num_queries(7):
        domain.figures()


def test_stays_grow_from_day_to_day():
    make.project(stage="candidate", since=date(2026, 3, 1))
    assert domain.figures().times[0].still == 1
    with clock.frozen_at(datetime(2027, 3, 5, 12, tzinfo=UTC)):
        assert domain.figures().as_of == date(2027, 3, 5)


def test_registers_stand_side_by_side_ours_first():
    fleet("kite")
    make.project(stage="graduated")
    assert domain.registers(user=people.person()) == [
        GridRow(slug="own", counts=(0, 0, 0, 1, 0)),
        GridRow(slug="fleet", counts=(0, 0, 1, 0, 0)),
    ]
