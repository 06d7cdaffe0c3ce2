from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from concours.criteria import Verdict
from concours.platform.core import clock
from concours.platform.criteria import domain
from concours.platform.criteria.models import Assessment, Evidence, Maintainer
from tests.factories import assessments as make
from tests.factories import people, register

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with clock.frozen_at(NOW):
        yield


@pytest.fixture
def organiser(client: Client):
    user = people.organiser()
    client.force_login(user)
    return user


def text_of(response) -> str:
    return response.content.decode()


def address(assessment: Assessment, *more: str) -> str:
    return "/".join(["", "assessments", assessment.code, *more, ""])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_everybody_reads_how_a_project_stands(client: Client, language: str):
    assessment = make.assessment(project=register.project(slug="kite"))
    domain.add_report(
        actor=make.ACTOR, assessment=assessment, content=make.report(RE_10=Verdict.NOT_MET)
    )
    client.cookies["django_language"] = language

    listed = client.get("/projects/kite/criteria/")
    page = client.get(address(assessment))
    row = client.get(address(assessment, "rows", "RE-10"))

    assert [one.status_code for one in (listed, page, row)] == [200, 200, 200]
    said = "Seen by a machine." if language == "en" else "机器所见。"
    mend = "Mend it." if language == "en" else "请改进。"
    assert said in text_of(page)
    assert text_of(page).count(mend) == 1
    assert mend in text_of(row)
    assert "src/a.py:3" in text_of(row)
    assert "<form" not in text_of(page).split("<main")[1].split("</main")[0]


def test_the_gap_report_shows_what_is_open_alone(client: Client):
    assessment = make.assessment()
    domain.add_report(
        actor=make.ACTOR, assessment=assessment, content=make.report(RE_10=Verdict.NOT_MET)
    )

    page = text_of(client.get(address(assessment) + "?show=open"))

    assert "RE-10" in page
    assert "NE-10" in page
    assert "LI-10" not in page


def test_an_organiser_opens_and_closes(client: Client, organiser):
    project = register.project(slug="kite")

    opened = client.post(
        "/projects/kite/criteria/", {"wanted": "apache-maturity graduated"}, follow=True
    )

    assert opened.status_code == 200
    found = Assessment.objects.get(project=project)
    assert (found.set_slug, found.opened_by) == ("apache-maturity", organiser)
    again = client.post("/projects/kite/criteria/", {"wanted": "apache-maturity graduated"})
    assert again.status_code == 200 or again.status_code == 422
    assert "open already" in text_of(again)
    client.post(address(found, "close"))
    found.refresh_from_db()
    assert found.closed_at == NOW


def test_a_maintainer_is_named_and_removed(client: Client, organiser):
    register.project(slug="kite")
    user = people.person(email="mo@example.org")

    client.post("/projects/kite/criteria/maintainers/", {"email": "mo@example.org"})
    unknown = client.post("/projects/kite/criteria/maintainers/", {"email": "no@example.org"})

    assert Maintainer.objects.get().user == user
    assert unknown.status_code == 422
    client.post(f"/projects/kite/criteria/maintainers/{user.code}/remove/")
    assert Maintainer.objects.get().removed_at == NOW


def test_evidence_is_attached_judged_and_withdrawn(client: Client, organiser):
    assessment = make.assessment()
    row = address(assessment, "rows", "NE-10")

    client.post(
        f"{row}evidence/",
        {"file": SimpleUploadedFile("minutes.pdf", b"%PDF"), "dated": "2026-03-01"},
    )
    judged = client.post(f"{row}judge/", {"met": "yes", "reason": "Three employers."}, follow=True)

    assert "Three employers." in text_of(judged)
    found = Evidence.objects.get()
    saved = client.get(f"/evidence/{found.code}/")
    assert b"".join(saved.streaming_content) == b"%PDF"
    assert saved["Content-Disposition"] == 'attachment; filename="minutes.pdf"'
    assert saved["Content-Type"] == "application/octet-stream"
    client.post(f"/evidence/{found.code}/withdraw/")
    found.refresh_from_db()
    assert found.withdrawn_at == NOW


@pytest.mark.parametrize(
    "data",
    [
        {"dated": "2026-03-01"},
        {"dated": "2026-03-01", "address": "https://x.org"},
        {"dated": "2026-03-01", "address": "javascript:alert(1)", "name": "x"},
        {"dated": "soon", "address": "https://x.org", "name": "x"},
        {"dated": "2027-03-01", "address": "https://x.org", "name": "x"},
        {"dated": "2026-03-01", "address": "https://x.org", "name": "x", "digest": "12"},
    ],
)
def test_evidence_that_is_refused_leaves_the_form(client: Client, organiser, data):
    assessment = make.assessment()

    answer = client.post(address(assessment, "rows", "NE-10", "evidence"), data)

    assert answer.status_code == 422
    assert not Evidence.objects.exists()


def test_a_report_is_handed_in(client: Client, organiser):
    assessment = make.assessment()
    good = SimpleUploadedFile("report.json", make.report())

    refused = client.post(
        address(assessment, "report"), {"report": SimpleUploadedFile("report.json", b"{}")}
    )
    taken = client.post(address(assessment, "report"), {"report": good})

    assert refused.status_code == 422
    assert taken.status_code == 302
    made = assessment.reports.get()
    assert made.uploaded_by == organiser
    saved = client.get(f"/criteria-reports/{made.code}/")
    assert b"".join(saved.streaming_content) == make.report()


def test_confidential_evidence_is_there_for_organisers_alone(client: Client):
    # Arrange
    assessment = make.assessment(project=register.project(slug="kite"))
    maintainer, organiser = people.person(), people.organiser()
    domain.name_maintainer(actor=organiser, project=assessment.project, user=maintainer)
    row = make.row(assessment, "NE-20")
    contract = make.evidence(
        row, name="BaitName.pdf", content=b"BaitText", confidential=True, actor=maintainer
    )
    letter = make.evidence(
        row, name="BaitLetter", address="https://bait.example.org/x", confidential=True
    )
    pages = [
        "/projects/kite/criteria/",
        address(assessment),
        address(assessment, "rows", "NE-20"),
        f"/api/v1/criteria/assessments/{assessment.code}",
        f"/record/?subject=assessment:{assessment.code}",
    ]
    files = [f"/evidence/{contract.code}/", f"/evidence/{letter.code}/"]

    def seen(user) -> tuple[list[int], set[str]]:
        client.logout()
        if user is not None:
            client.force_login(user)
        answers = [client.get(page) for page in pages]
        assert {one.status_code for one in answers} == {200}
        whole = "".join(map(text_of, answers)).lower()
        words = {word for word in ("baitname", "baitletter", "bait.example") if word in whole}
        hashes = {word for word in (contract.digest,) if word in whole}
        return [client.get(file).status_code for file in files], words | hashes

    # Act and assert
    for user in (None, people.person(), maintainer):
        assert seen(user) == ([404, 404], set())
    status, words = seen(organiser)
    assert status == [200, 302]
    assert {"baitname", "baitletter", contract.digest} <= words


def test_others_cannot_act(client: Client):
    assessment = make.assessment(project=register.project(slug="kite"))
    found = make.evidence(make.row(assessment, "NE-10"))
    acts = [
        ("/projects/kite/criteria/", {"wanted": "open-atom incubating"}),
        ("/projects/kite/criteria/maintainers/", {"email": "a@example.org"}),
        (address(assessment, "close"), {}),
        (address(assessment, "rows", "NE-10", "judge"), {"met": "no", "reason": "No."}),
        (
            address(assessment, "rows", "NE-10", "evidence"),
            {"address": "https://x.org", "name": "x", "dated": "2026-03-01"},
        ),
        (address(assessment, "report"), {"report": SimpleUploadedFile("r.json", make.report())}),
        (f"/evidence/{found.code}/withdraw/", {}),
    ]
    client.force_login(people.person())

    statuses = [client.post(path, data).status_code for path, data in acts]

    assert statuses == [404, 404, 403, 403, 403, 403, 403]
    assert Assessment.objects.filter(closed_at__isnull=True).count() == 1


def test_the_api_says_the_same(client: Client):
    assessment = make.assessment(project=register.project(slug="kite"))
    domain.add_report(actor=make.ACTOR, assessment=assessment, content=make.report())
    make.evidence(make.row(assessment, "NE-10"), name="x", address="https://x.org")

    listed = client.get("/api/v1/criteria/projects/kite").json()
    found = client.get(f"/api/v1/criteria/assessments/{assessment.code}").json()

    assert [one["code"] for one in listed] == [assessment.code]
    rows = {one["code"]: one for one in found["rows"]}
    assert len(rows) == 45
    assert (rows["LI-10"]["state"], rows["LI-10"]["waits_for"]) == ("met", "")
    assert rows["NE-10"]["waits_for"] == "person"
    assert rows["NE-10"]["evidence"][0]["address"] == "https://x.org"
    assert client.get("/api/v1/criteria/projects/none").status_code == 404


def test_a_page_of_many_rows_asks_few_questions(client: Client, django_assert_max_num_queries):
    assessment = make.assessment()
    domain.add_report(actor=make.ACTOR, assessment=assessment, content=make.report())
    for row in assessment.rows.exclude(mode="machine"):
        make.evidence(row)
        domain.judge(actor=make.ACTOR, row=row, met=True, reason="Seen.")
    client.get(address(assessment))

    with django_assert_max_num_queries(12):
        client.get(address(assessment))
