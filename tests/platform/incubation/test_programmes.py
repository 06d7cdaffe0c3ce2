"""Programmes as data: the shipped ones, every fault with its place, adopting one."""

from __future__ import annotations

import pytest

from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.incubation import domain
from concours.platform.incubation.models import ProgrammeVersion
from concours.platform.incubation.programme import (
    BadProgramme,
    preset_names,
    preset_text,
    read_programme,
)
from concours.platform.record.models import Event
from tests.factories import incubation
from tests.factories.people import organiser, person


@pytest.mark.parametrize("name", preset_names())
def test_a_shipped_programme_is_whole_and_speaks_both_languages(name: str) -> None:
    found = read_programme(preset_text(name))

    assert found.name == name
    assert found.title_zh
    assert found.note_zh
    assert found.sources
    assert all(one.says_zh for one in found.sources)
    assert all(one.address for one in found.sources if one.confirmed)


def test_apache_reports_monthly_at_first() -> None:
    rule = read_programme(preset_text("apache-incubator")).reports

    assert (rule.first_number, rule.first_months, rule.months) == (3, 1, 3)


def test_no_other_programme_is_shipped() -> None:
    with pytest.raises(KeyError):
        preset_text("../../secret")


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("format", "2", "format"),
        ("name", '"Not a slug"', "name"),
        ("months", "0", "months"),
        ("due_days", "-1", "reports.due_days"),
        ("remind_days", "[400]", "reports.remind_days"),
        ("overdue_days", "[0]", "reports.overdue_days"),
        ("overdue_days", "[3, 3]", "reports.overdue_days"),
        ("quiet_days", "0", "mentors.quiet_days"),
        ("fewest", '"two"', "mentors.fewest"),
        ("commit_days", "true", "health.commit_days"),
    ],
)
def test_a_fault_names_its_place(key: str, value: str, place: str) -> None:
    text = "\n".join(
        f"{key} = {value}" if row.startswith(f"{key} = ") else row
        for row in preset_text("quarterly").split("\n")
    )

    with pytest.raises(BadProgramme) as raised:
        read_programme(text)

    assert place in str(raised.value)


@pytest.mark.parametrize(
    "text", ["", "format = 1", "not toml [", "a = " + "[" * 2_000, "# " + "x" * 70_000, "more = 1"]
)
def test_what_is_no_programme(text: str) -> None:
    with pytest.raises(BadProgramme):
        read_programme(text)


@pytest.mark.django_db
def test_the_newest_programme_is_in_force() -> None:
    first = incubation.programme("cncf")
    second = domain.adopt_programme(actor=organiser(), text=preset_text("quarterly"))

    assert domain.programme_in_force() == second
    assert (first.number, second.number) == (1, 2)
    assert Event.objects.filter(verb="programme.adopted").count() == 2


@pytest.mark.django_db
def test_what_is_not_adopted() -> None:
    incubation.programme()

    with pytest.raises(Refused) as again:
        incubation.programme()
    with pytest.raises(Refused) as bad:
        domain.adopt_programme(actor=organiser(), text="nothing")
    with pytest.raises(NotPermitted):
        domain.adopt_programme(actor=person(), text=preset_text("cncf"))

    assert again.value.code == "programme-in-force"
    assert bad.value.code == "bad-programme"
    assert "programme.toml" in str(bad.value)
    assert ProgrammeVersion.objects.count() == 1
