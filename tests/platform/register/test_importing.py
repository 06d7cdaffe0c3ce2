from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record.models import Event
from concours.platform.register import domain
from concours.platform.register.models import Donation, Donor, Project, TechnicalArea
from tests.factories import people
from tests.factories import register as make

pytestmark = pytest.mark.django_db

PLAN = domain.ProjectPlan(
    slug="kite",
    name="Kite",
    name_zh="风筝",
    summary="Flies.",
    stage="preparation",
    areas=["storage"],
    donors=["ada", "acme"],
    signed_on=date(2023, 6, 11),
)


def load(*plans: domain.ProjectPlan) -> domain.Imported:
    return domain.import_register(
        actor=make.ACTOR, areas=make.AREAS, donors=make.DONORS, projects=plans, source="d" * 64
    )


def test_import_registers_projects_with_their_donors_in_order():
    done = load(PLAN)

    kite = Project.objects.get(slug="kite")
    assert done == domain.Imported(added=5, changed=0, unchanged=0)
    assert [str(donation.donor.slug) for donation in kite.donations.all()] == ["ada", "acme"]
    assert {donation.signed_on for donation in kite.donations.all()} == {date(2023, 6, 11)}
    assert [area.slug for area in kite.areas.all()] == ["storage"]
    assert Donor.objects.get(slug="ada").kind == "person"


def test_importing_the_same_again_changes_and_records_nothing():
    load(PLAN)
    before = Event.objects.count()

    done = load(PLAN)

    assert done == domain.Imported(added=0, changed=0, unchanged=5)
    assert Event.objects.count() == before


def test_every_addition_and_correction_is_recorded():
    load(PLAN)
    load(dataclasses.replace(PLAN, licence="MIT", donors=["acme"]))

    events = list(Event.objects.order_by("seq").values_list("verb", "subject"))
    assert events == [
        ("technicalarea.registered", "technicalarea:storage"),
        ("technicalarea.registered", "technicalarea:security"),
        ("donor.registered", "donor:acme"),
        ("donor.registered", "donor:ada"),
        ("project.registered", "project:kite"),
        ("project.related", "project:kite"),
        ("project.corrected", "project:kite"),
        ("project.related", "project:kite"),
    ]


def test_correction_keeps_the_stage_which_moves_by_decisions():
    load(PLAN)
    Project.objects.update(stage="graduated")

    done = load(dataclasses.replace(PLAN, summary="Flies high.", donors=["acme"]))

    kite = Project.objects.get(slug="kite")
    assert done.changed == 1
    assert (kite.stage, kite.summary) == ("graduated", "Flies high.")
    assert [donation.donor.slug for donation in kite.donations.all()] == ["acme"]


def test_a_donors_new_name_is_found_by_search():
    load(PLAN)
    renamed = [dataclasses.replace(make.DONORS[0], name="Zenith Works"), make.DONORS[1]]

    domain.import_register(actor=make.ACTOR, donors=renamed)

    user = people.person()
    assert [project.slug for project in domain.search(user=user, text="zenith")] == ["kite"]
    assert not domain.search(user=user, text="acme works").exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"donors": ["nobody"]}, "unknown-reference"),
        ({"areas": ["nowhere"]}, "unknown-reference"),
        ({"stage": "famous"}, "unknown-stage"),
        ({"homepage": "javascript:alert(1)"}, "bad-address"),
        ({"slug": "other"}, "name-taken"),
    ],
)
def test_a_refused_import_changes_nothing(change, code):
    load(PLAN)
    before = Event.objects.count()

    with pytest.raises(Refused) as refused:
        load(
            domain.ProjectPlan(slug="first", name="First", stage="candidate"),
            dataclasses.replace(PLAN, **change),
        )

    assert refused.value.code == code
    assert [project.slug for project in Project.objects.all()] == ["kite"]
    assert Event.objects.count() == before


def test_an_unknown_kind_of_donor_is_refused():
    with pytest.raises(Refused) as refused:
        domain.import_register(
            actor=make.ACTOR, donors=[domain.DonorPlan(slug="x", name="X", kind="ghost")]
        )

    assert refused.value.code == "unknown-kind"
    assert not Donor.objects.exists()


@pytest.mark.parametrize("actor", ["person", "season organiser"])
def test_only_organisers_of_the_installation_import(actor):
    from tests.factories import competitions

    user = people.person() if actor == "person" else people.organiser(season=competitions.season())
    with pytest.raises(NotPermitted):
        domain.import_register(actor=user, areas=make.AREAS)
    assert not TechnicalArea.objects.exists()


def test_a_crash_at_the_record_leaves_nothing_half_done(monkeypatch):
    calls = []

    def crash(**event):
        calls.append(event)
        if len(calls) == 5:
            raise RuntimeError("power cut")

    monkeypatch.setattr("concours.platform.record.domain.append", crash)
    with pytest.raises(RuntimeError):
        load(PLAN)

    assert len(calls) == 5
    assert not Project.objects.exists()
    assert not Donation.objects.exists()
    assert not TechnicalArea.objects.exists()
