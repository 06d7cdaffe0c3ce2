from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import strategies as st

from concours.criteria import Verdict
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.criteria import domain
from concours.platform.criteria.domain.standing import state_at
from concours.platform.criteria.enums import RowMode, RowState
from concours.platform.criteria.models import AssessedRow, Evidence, Judgement, MachineResult
from concours.platform.record.domain import verify
from concours.platform.record.models import Event
from tests.factories import assessments as make
from tests.factories import people, register

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
NOBODY = AnonymousUser()


@pytest.fixture(autouse=True)
def _now():
    with clock.frozen_at(NOW):
        yield


def state(assessment, code: str) -> RowState:
    rows = domain.standing_of(user=NOBODY, assessment=assessment).rows
    return next(one.state for one in rows if one.row.code == code)


def last_event() -> tuple[str, dict[str, object]]:
    event = Event.objects.latest("seq")
    return event.verb, json.loads(event.data)


def test_an_assessment_keeps_the_set_as_it_was():
    assessment = make.assessment()

    assert assessment.rows.count() == 45
    assert len(assessment.set_digest) == 64
    verb, data = last_event()
    assert verb == "assessment.opened"
    assert data["digest"] == assessment.set_digest


@pytest.mark.parametrize(
    ("criteria", "stage", "code"),
    [("none", "graduated", "unknown-set"), ("open-atom", "archived", "unknown-stage")],
)
def test_what_cannot_be_opened(criteria: str, stage: str, code: str):
    with pytest.raises(Refused) as raised:
        make.assessment(criteria=criteria, stage=stage)
    assert raised.value.code == code


def test_one_is_open_at_a_time():
    first = make.assessment()
    with pytest.raises(Refused, match="open already"):
        make.assessment(project=first.project)

    domain.close_assessment(actor=make.ACTOR, assessment=first)

    assert make.assessment(project=first.project).pk != first.pk


def test_a_machine_row_is_met_by_a_report_until_it_expires():
    assessment = make.assessment()
    assert state(assessment, "LI-10") is RowState.OPEN

    domain.add_report(
        actor=make.ACTOR,
        assessment=assessment,
        content=make.report(RE_10=Verdict.NOT_MET, LI_20=Verdict.CANNOT_TELL),
    )

    assert state(assessment, "LI-10") is RowState.MET
    assert state(assessment, "RE-10") is RowState.NOT_MET
    assert state(assessment, "LI-20") is RowState.UNCLEAR
    with clock.frozen_at(NOW + timedelta(days=366)):
        assert state(assessment, "LI-10") is RowState.LAPSED
    verb, data = last_event()
    assert verb == "assessment.checked"
    assert data["report"] == assessment.reports.get().digest
    assert data["met"] == data["rows"] - 2


def test_a_newer_report_counts_and_the_older_stays_in_the_history():
    assessment = make.assessment()
    domain.add_report(
        actor=make.ACTOR, assessment=assessment, content=make.report(verdict=Verdict.NOT_MET)
    )
    with clock.frozen_at(NOW + timedelta(days=1)):
        domain.add_report(actor=make.ACTOR, assessment=assessment, content=make.report())

        assert state(assessment, "LI-10") is RowState.MET
    assert make.row(assessment, "LI-10").results.count() == 2


def changed(raw: bytes) -> bytes:
    content = json.loads(raw)
    content["repository"]["head"] = "0" * 40
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: b"{}", "bad-report"),
        (lambda: changed(make.report()), "bad-report"),
        (lambda: make.report(criteria="openharmony"), "other-set"),
        (lambda: make.report(stage="incubating"), "other-stage"),
        (lambda: make.report(at=NOW + timedelta(hours=1)), "from-the-future"),
        (lambda: make.report(), "in-already"),
        (lambda: make.report(at=NOW - timedelta(days=2)), "older"),
    ],
)
def test_reports_that_are_refused_leave_nothing(content, code: str, settings):
    assessment = make.assessment()
    domain.add_report(actor=make.ACTOR, assessment=assessment, content=make.report())
    files = sorted(settings.MEDIA_ROOT.rglob("*"))

    with pytest.raises(Refused) as raised:
        domain.add_report(actor=make.ACTOR, assessment=assessment, content=content())

    assert raised.value.code == code
    assert assessment.reports.count() == 1
    assert [one for one in sorted(settings.MEDIA_ROOT.rglob("*")) if one.is_file()] == [
        one for one in files if one.is_file()
    ]


def test_a_person_row_needs_evidence_and_a_reason():
    assessment = make.assessment()
    found = make.row(assessment, "NE-10")
    with pytest.raises(Refused, match="Attach evidence"):
        domain.judge(actor=make.ACTOR, row=found, met=True, reason="I believe it.")
    make.evidence(found)
    with pytest.raises(Refused, match="reasons"):
        domain.judge(actor=make.ACTOR, row=found, met=True, reason="  ")

    domain.judge(actor=make.ACTOR, row=found, met=True, reason="Three employers, as minuted.")

    assert state(assessment, "NE-10") is RowState.MET
    assert last_event()[1]["reason"] == "Three employers, as minuted."


def test_not_met_needs_no_evidence():
    assessment = make.assessment()

    domain.judge(
        actor=make.ACTOR, row=make.row(assessment, "NE-10"), met=False, reason="One employer."
    )

    assert state(assessment, "NE-10") is RowState.NOT_MET


def test_a_judgement_ends_with_its_evidence():
    assessment = make.assessment()
    found = make.row(assessment, "NE-10")
    make.evidence(found, dated=(NOW - timedelta(days=360)).date())
    domain.judge(actor=make.ACTOR, row=found, met=True, reason="As minuted.")

    assert state(assessment, "NE-10") is RowState.MET
    with clock.frozen_at(NOW + timedelta(days=6)):
        assert state(assessment, "NE-10") is RowState.LAPSED


def test_a_judgement_falls_with_withdrawn_evidence():
    assessment = make.assessment()
    found = make.row(assessment, "NE-10")
    given_ = make.evidence(found)
    domain.judge(actor=make.ACTOR, row=found, met=True, reason="As minuted.")

    domain.withdraw_evidence(actor=make.ACTOR, evidence=given_)

    assert state(assessment, "NE-10") is RowState.LAPSED
    with pytest.raises(Refused, match="withdrawn"):
        domain.withdraw_evidence(actor=make.ACTOR, evidence=given_)


def test_a_machine_row_takes_no_judgement():
    with pytest.raises(Refused) as raised:
        domain.judge(
            actor=make.ACTOR, row=make.row(make.assessment(), "LI-10"), met=False, reason="No."
        )
    assert raised.value.code == "machine-alone"


def test_both_needs_both():
    assessment = make.assessment()
    found = make.row(assessment, "OA-CD-20")
    domain.add_report(actor=make.ACTOR, assessment=assessment, content=make.report())
    assert state(assessment, "OA-CD-20") is RowState.OPEN

    make.evidence(found)
    domain.judge(actor=make.ACTOR, row=found, met=True, reason="Built twice, alike.")

    assert state(assessment, "OA-CD-20") is RowState.MET


@given(
    mode=st.sampled_from(RowMode.values),
    verdict=st.sampled_from(["", "met", "not-met", "cannot-tell"]),
    result_days=st.integers(-3, 3),
    met=st.sampled_from([None, True, False]),
    judged_days=st.integers(-3, 3),
    proved=st.booleans(),
)
def test_met_is_said_only_where_each_who_must_says_so_and_it_counts(
    mode: str, verdict: str, result_days: int, met: bool | None, judged_days: int, proved: bool
):
    result = MachineResult(verdict=verdict, valid_until=NOW + timedelta(days=result_days))
    judgement = Judgement(met=bool(met), valid_until=NOW + timedelta(days=judged_days))

    found = state_at(
        AssessedRow(mode=mode),
        result if verdict else None,
        None if met is None else judgement,
        proved=proved,
        now=NOW,
    )

    machine = mode == "person" or (verdict == "met" and result_days > 0)
    person = mode == "machine" or (met is True and judged_days > 0 and proved)
    assert (found is RowState.MET) == (machine and person)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"content": b""}, "one-of-two"),
        ({"address": "https://x.org", "content": b"x"}, "one-of-two"),
        ({"name": "x.exe"}, "file-kind"),
        ({"name": "/"}, "one-of-two"),
        ({"content": b"x" * (4 * 2**20 + 1)}, "too-large"),
        ({"address": "http://x.org"}, "bad-address"),
        ({"address": "javascript:alert(1)"}, "bad-address"),
        ({"address": "https://[x"}, "bad-address"),
        ({"address": "https://x.org", "digest": "abc"}, "bad-digest"),
        ({"dated": (NOW + timedelta(days=3)).date()}, "day-to-come"),
    ],
)
def test_evidence_that_is_refused(fields, code: str):
    found = make.row(make.assessment(), "NE-10")
    given_ = {"name": "a.pdf", "dated": NOW.date(), "content": b"x"} | fields
    if "address" in fields and "content" not in fields:
        given_["content"] = b""

    with pytest.raises(Refused) as raised:
        domain.add_evidence(actor=make.ACTOR, row=found, **given_)

    assert raised.value.code == code
    assert not Evidence.objects.exists()


def test_what_the_record_holds_of_confidential_evidence_tells_nothing():
    found = make.row(make.assessment(), "NE-20")
    word = "BaitContract"

    given_ = make.evidence(found, name=f"{word}.pdf", content=word.encode(), confidential=True)

    _, data = last_event()
    assert word not in json.dumps(data)
    assert given_.digest not in json.dumps(data)
    assert set(data) == {"project", "row", "evidence", "confidential", "sealed"}
    assert default_storage.open(given_.file.name).read() == word.encode()


def test_who_may_do_what():
    project = register.project()
    maintainer, organiser, somebody = people.person(), people.organiser(), people.person()
    domain.name_maintainer(actor=organiser, project=project, user=maintainer)
    assessment = make.assessment(project=project)
    found = make.row(assessment, "NE-10")

    make.evidence(found, actor=maintainer)
    domain.judge(actor=organiser, row=found, met=True, reason="So minuted.")

    for actor in (somebody, NOBODY):
        with pytest.raises(NotPermitted):
            make.evidence(found, actor=actor)
        with pytest.raises(NotPermitted):
            domain.add_report(actor=actor, assessment=assessment, content=make.report())
    for actor in (somebody, maintainer):
        with pytest.raises(NotPermitted):
            domain.judge(actor=actor, row=found, met=True, reason="Mine.")
        with pytest.raises(NotPermitted):
            domain.close_assessment(actor=actor, assessment=assessment)
        with pytest.raises(NotPermitted):
            domain.name_maintainer(actor=actor, project=project, user=somebody)


def test_an_organiser_who_maintains_the_project_does_not_judge_it():
    organiser = people.organiser()
    assessment = make.assessment()
    domain.name_maintainer(actor=organiser, project=assessment.project, user=organiser)

    with pytest.raises(NotPermitted):
        domain.judge(actor=organiser, row=make.row(assessment, "NE-10"), met=False, reason="No.")


def test_a_maintainer_comes_and_goes():
    project, user = register.project(), people.person()
    named = domain.name_maintainer(actor=make.ACTOR, project=project, user=user)
    with pytest.raises(Refused, match="already"):
        domain.name_maintainer(actor=make.ACTOR, project=project, user=user)

    domain.remove_maintainer(actor=make.ACTOR, maintainer=named)

    with pytest.raises(NotPermitted):
        make.evidence(make.row(make.assessment(project=project), "NE-10"), actor=user)
    assert domain.name_maintainer(actor=make.ACTOR, project=project, user=user).pk == named.pk


def test_confidential_evidence_is_seen_by_organisers_alone():
    assessment = make.assessment()
    found = make.row(assessment, "NE-20")
    maintainer = people.person()
    domain.name_maintainer(actor=make.ACTOR, project=assessment.project, user=maintainer)
    make.evidence(found, name="open.pdf")
    make.evidence(found, name="contract.pdf", confidential=True, actor=maintainer)

    def seen(user) -> list[str]:
        rows = domain.standing_of(user=user, assessment=assessment).rows
        return [one.name for row in rows for one in row.evidence]

    assert seen(people.organiser()) == ["open.pdf", "contract.pdf"]
    for user in (NOBODY, people.person(), maintainer):
        assert seen(user) == ["open.pdf"]


def test_confidential_evidence_waits_for_a_person_whoever_looks():
    assessment = make.assessment()
    found = make.row(assessment, "NE-20")
    make.evidence(found, name="contract.pdf", confidential=True)

    for user in (people.organiser(), NOBODY):
        rows = domain.standing_of(user=user, assessment=assessment).rows
        assert [one.waits_for for one in rows if one.row.pk == found.pk] == ["person"]


def test_a_closed_assessment_takes_nothing():
    assessment = make.assessment()
    found = make.row(assessment, "NE-10")
    domain.close_assessment(actor=make.ACTOR, assessment=assessment)

    for act in (
        lambda: make.evidence(found),
        lambda: domain.judge(actor=make.ACTOR, row=found, met=False, reason="No."),
        lambda: domain.add_report(actor=make.ACTOR, assessment=assessment, content=make.report()),
        lambda: domain.close_assessment(actor=make.ACTOR, assessment=assessment),
    ):
        with pytest.raises(Refused, match="closed"):
            act()


def test_what_expires_is_told_once():
    assessment = make.assessment()
    domain.add_report(actor=make.ACTOR, assessment=assessment, content=make.report())
    assert domain.note_lapsed() == 0

    with clock.frozen_at(NOW + timedelta(days=91)):
        assert domain.note_lapsed() == 2
        assert last_event()[0] == "criterion.lapsed"
        assert domain.note_lapsed() == 0
        domain.add_report(actor=make.ACTOR, assessment=assessment, content=make.report())
    with clock.frozen_at(NOW + timedelta(days=182)):
        assert domain.note_lapsed() > 0


def test_a_project_is_ready_once_every_must_is_met():
    assessment = make.assessment()
    domain.add_report(actor=make.ACTOR, assessment=assessment, content=make.report())
    for found in assessment.rows.filter(must=True).exclude(mode="machine"):
        assert not domain.is_ready(assessment=assessment)
        make.evidence(found)
        domain.judge(actor=make.ACTOR, row=found, met=True, reason="Seen.")

    assert domain.is_ready(assessment=assessment)
    assert verify().holds
