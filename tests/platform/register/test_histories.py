from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from statistics import median

import pytest

from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record import domain as record
from concours.platform.record.models import Event
from concours.platform.register import domain
from concours.platform.register.models import Project, StageChange, TechnicalArea
from concours.platform.register.reading import (
    History,
    Step,
    load_files,
    read_labels,
    read_landscape,
    read_podlings,
)
from tests.factories import people
from tests.factories import register as make

pytestmark = pytest.mark.django_db

KITE = History(
    slug="kite",
    name="Kite",
    steps=(
        Step(stage="preparation", on=date(2018, 1, 1)),
        Step(stage="incubating", on=None),
        Step(stage="archived", on=date(2020, 1, 1)),
    ),
    digest="d" * 64,
    summary="Flies.",
    homepage="https://kite.example/",
    area="Air & Space",
)


def take(*projects: History, register: str = "fleet", **more) -> domain.Imported:
    return domain.import_histories(actor=make.ACTOR, projects=projects, register=register, **more)


def told(slug: str) -> list[tuple[str, str, str]]:
    history = domain.history_of(project=Project.objects.get(slug=slug))
    return [(one.from_stage, one.to_stage, str(one.on or "")) for one in history]


def test_a_project_stands_in_its_register_with_its_history():
    done = take(KITE)

    assert done == domain.Imported(added=1, changed=0, unchanged=0)
    kite = Project.objects.get(slug="fleet-kite")
    assert (kite.register, kite.stage, kite.summary) == ("fleet", "archived", "Flies.")
    assert [area.name for area in kite.areas.all()] == ["Air & Space"]
    assert told("fleet-kite") == [
        ("", "preparation", "2018-01-01"),
        ("preparation", "incubating", ""),
        ("incubating", "archived", "2020-01-01"),
    ]
    assert domain.search(user=people.person(), text="flies air", register="fleet").get() == kite


def test_one_event_holds_what_was_taken_in_and_the_files_digest():
    take(KITE)

    event = Event.objects.get(subject="project:fleet-kite")
    assert event.verb == "project.taken-in"
    assert json.loads(event.data) == {
        "name": "Kite", "stage": "archived", "summary": "Flies.", "summary_zh": "",
        "homepage": "https://kite.example/", "register": "fleet", "areas": ["air-space"],
        "history": [["preparation", "2018-01-01"], ["incubating", ""], ["archived", "2020-01-01"]],
        "source": "d" * 64,
    }  # fmt: skip
    assert record.verify().holds


def test_taking_the_same_in_again_changes_and_records_nothing():
    take(KITE)
    before = list(StageChange.objects.values()), Event.objects.count()

    done = take(KITE)

    assert done == domain.Imported(added=0, changed=0, unchanged=1)
    assert (list(StageChange.objects.values()), Event.objects.count()) == before


def test_what_the_source_corrects_is_corrected():
    take(KITE)
    better = replace(
        KITE, steps=KITE.steps[:1], summary="Flies high.", area="Storage", digest="e" * 64
    )

    done = take(better)

    assert done == domain.Imported(added=0, changed=1, unchanged=0)
    kite = Project.objects.get(slug="fleet-kite")
    assert (kite.stage, kite.summary) == ("preparation", "Flies high.")
    assert told("fleet-kite") == [("", "preparation", "2018-01-01")]
    assert [area.slug for area in kite.areas.all()] == ["storage"]
    assert domain.search(user=people.person(), text="high storage", register="fleet").exists()


def test_an_area_that_is_known_keeps_its_name():
    make.project(areas=["storage"])
    take(replace(KITE, area="STORAGE"))
    assert [area.name for area in TechnicalArea.objects.filter(slug="storage")] == ["Storage"]


def test_our_own_register_is_only_added_to():
    make.project(slug="kite", name="Kite", stage="graduated", since=date(2019, 1, 1))

    done = take(KITE, replace(KITE, slug="sail", name="Sail"), register="own")

    assert done == domain.Imported(added=1, changed=0, unchanged=1)
    assert told("kite") == [("", "graduated", "2019-01-01")]
    assert Project.objects.get(slug="sail").register == "own"


def test_the_same_name_in_two_registers_is_two_projects():
    make.project(slug="kite", name="Kite")
    take(KITE)
    take(KITE, register="navy")
    assert Project.objects.filter(name="Kite").count() == 3


@pytest.mark.parametrize(
    ("projects", "register", "code"),
    [
        ([KITE, replace(KITE, slug="other")], "fleet", "name-taken"),
        ([KITE, replace(KITE, name="Other")], "fleet", "name-taken"),
        ([replace(KITE, slug="x", name="Taken")], "own", "name-taken"),
        ([replace(KITE, slug="y")], "x", "name-taken"),
        ([replace(KITE, steps=(Step(stage="famous", on=None),))], "fleet", "unknown-stage"),
        ([KITE], "The Fleet", "bad-register"),
        ([KITE], "", "bad-register"),
    ],
)
def test_a_refused_import_changes_nothing(projects, register, code):
    make.project(slug="x-y", name="Taken")
    before = Event.objects.count()

    with pytest.raises(Refused) as refused:
        take(*projects, register=register)

    assert refused.value.code == code
    assert Project.objects.count() == 1
    assert Event.objects.count() == before


def test_only_organisers_of_the_foundation_take_registers_in():
    with pytest.raises(NotPermitted):
        domain.import_histories(actor=people.person(), projects=[KITE], register="fleet")
    assert not Project.objects.exists()


def test_a_project_of_another_register_is_not_moved_here():
    take(KITE)
    with pytest.raises(Refused) as refused:
        domain.change_stage(
            actor=make.ACTOR,
            project=Project.objects.get(),
            to="incubating",
            on=date(2021, 1, 1),
            reason="So.",
        )
    assert refused.value.code == "other-register"


def test_a_seasons_folder_holds_our_own_register_alone():
    make.project(slug="kite", name="Kite", areas=["storage"], since=date(2020, 2, 3))
    take(KITE)

    listing = domain.list_register()

    assert [(one.slug, one.since) for one in listing.projects] == [("kite", date(2020, 2, 3))]
    assert [area.slug for area in listing.areas] == ["storage", "security"]


def test_progress_is_told_project_by_project():
    seen: list[int] = []
    take(KITE, replace(KITE, slug="sail", name="Sail"), progress=seen.append)
    assert seen == [1, 2]


def test_a_project_costs_no_queries_but_its_event(django_assert_max_num_queries):
    fleet = [replace(KITE, slug=f"kite-{n}", name=f"Kite {n}") for n in range(100)]
    with django_assert_max_num_queries(3 * 100 + 40):
        take(*fleet)


def stays(register: str, before: str, after: str) -> list[int]:
    """Days from the first `before` to the first `after`, of each project that has both."""
    days = []
    for project in Project.objects.filter(register=register).prefetch_related("changes"):
        on = {one.to_stage: one.on for one in reversed(project.changes.all())}
        if before in on and after in on:
            days.append((on[after] - on[before]).days)
    return days


def test_the_podlings_of_apache_with_the_median_times_their_readme_states(shared):
    folder = shared / "foundation"
    reading = read_podlings(
        load_files([folder / "podlings_graduated.txt", folder / "podlings_retired.txt"])
    )
    take(*reading.projects, register="apache")

    assert reading.unread == []
    graduated = stays("apache", "incubating", "graduated")
    retired = stays("apache", "incubating", "archived")
    assert (len(graduated), len(retired)) == (264, 85)
    assert median(graduated) == pytest.approx(524, abs=0.5)
    assert median(retired) == 1_024


def test_the_landscapes_projects_with_the_median_times_their_readme_states(shared):
    reading = read_landscape(load_files([shared / "foundation/cncf-landscape-projects.yml"]))
    take(*reading.projects, register="cncf")

    assert reading.unread == []
    rows = Project.objects.filter(register="cncf")
    numbers = {
        stage: rows.filter(stage=stage).count() for stage in rows.values_list("stage", flat=True)
    }
    assert numbers == {"preparation": 151, "incubating": 38, "graduated": 38, "archived": 28}
    prepared = stays("cncf", "preparation", "incubating")
    assert (len(prepared), median(prepared)) == (49, 755)
    incubated = stays("cncf", "incubating", "graduated")
    assert (len(incubated), median(incubated)) == (38, pytest.approx(792, abs=0.5))


def test_the_labels_of_open_atom_with_what_has_no_file(shared):
    reading = read_labels(load_files([shared / "foundation/openatom"]))
    done = take(*reading.projects, register="own")

    assert done.added == 3
    assert {one.slug for one in reading.projects} == {"carsmos", "hyperbench", "smartide"}
    assert len(reading.unread) == 38
    assert "openeuler" in " ".join(row.text for row in reading.unread)
