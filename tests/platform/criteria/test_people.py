from __future__ import annotations

import pytest

from concours.platform.background import chores
from concours.platform.criteria import domain
from concours.platform.criteria.domain import people as holding
from tests.factories import assessments as make
from tests.factories import people

pytestmark = pytest.mark.django_db


def test_two_maintainers_of_one_project_are_not_merged():
    one, other, third = people.person(), people.person(), people.person()
    project = make.assessment().project
    for user in (one, other):
        domain.name_maintainer(actor=make.ACTOR, project=project, user=user)

    assert len(list(holding.against_merging(one, other))) == 1
    assert list(holding.against_merging(one, third)) == []


def test_a_person_takes_along_what_they_attached_and_judged():
    organiser, somebody = people.organiser(), people.person()
    row = make.row(make.assessment(), "NE-10")
    make.evidence(row, actor=organiser, name="minutes.pdf")
    domain.judge(actor=organiser, row=row, met=True, reason="As minuted.")

    data = holding.exported(organiser).data

    assert [one["reason"] for one in data["judgements"]] == ["As minuted."]
    assert [one["name"] for one in data["evidence"]] == ["minutes.pdf"]
    assert not any(holding.exported(somebody).data.values())


def test_the_worker_looks_for_what_has_expired():
    assert chores()["criteria that expired"] is domain.note_lapsed
