"""The pages of incubation: staff's, a maintainer's and a mentor's way, and what others see."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from concours.platform.core import clock
from concours.platform.incubation import domain
from concours.platform.incubation.enums import MentorState, MilestoneState, ReviewState
from concours.platform.incubation.models import (
    AnnualReview,
    HealthReport,
    Incubation,
    Mentor,
    MentorAct,
    Mentoring,
    Milestone,
    PeriodicReport,
    ProgrammeVersion,
)
from concours.platform.incubation.programme import preset_names, preset_text
from concours.platform.register import domain as register_domain
from tests.factories import incubation, register
from tests.factories.people import organiser, person
from tests.platform.incubation.support import at, reviewed

pytestmark = pytest.mark.django_db
BAIT = "BAIT-REASON"


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, name: str, *args: Any, language: str = "en") -> str:
    answer = client.get(
        reverse(f"incubation:{name}", args=args), headers={"accept-language": language}
    )
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def post(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"incubation:{name}", args=args), data)


def act(client: Client, found: Incubation, name: str, /, **data: Any) -> Any:
    return post(client, "act", found.project.slug, name, **data)


def test_from_the_programme_to_a_decided_review_by_pages_alone() -> None:
    staff_person = organiser()
    staff, mentor_person = client_of(staff_person), person(name="Men Tor")
    mentor = client_of(mentor_person)

    adopted = post(staff, "adopt", text=preset_text("quarterly"))
    found = incubation.incubation()
    maintainer = client_of(incubation.maintainer(found.project))
    post(staff, "mentors", person=mentor_person.email, why="You know storage.")
    assert "You know storage." in page(mentor, "mine")
    post(mentor, "answer", "accept", most_projects=2)
    act(staff, found, "assign", mentor=Mentor.objects.get().code)
    act(maintainer, found, "set", title="1.0", measure="A signed tag.", due="2026-06-01")
    milestone = Milestone.objects.get()
    act(mentor, found, "agree")
    act(maintainer, found, "move", milestone=milestone.code, due="2026-07-01", reason="Late.")
    act(maintainer, found, "reach", milestone=milestone.code, evidence="https://x.example/v1")
    act(mentor, found, "sign-off", milestone=milestone.code)
    made = post(
        maintainer,
        "new-report",
        found.project.slug,
        1,
        happened="*Much* work.",
        community="Two more.",
        next_steps="Rest.",
    )
    report = PeriodicReport.objects.get()
    revised = post(
        maintainer,
        "revise",
        report.code,
        happened="More *work*.",
        community="Two more.",
        next_steps="Rest.",
    )
    for name, data in (("read", {}), ("commented", {"text": "Well done."}), ("signed-off", {})):
        assert post(mentor, "act-on-report", report.code, name, **data).status_code == 302
    upload = SimpleUploadedFile("health.json", incubation.health())
    act(maintainer, found, "health", report=upload)
    with at(date(2027, 3, 5)):
        domain.tend_incubations()
        review = AnnualReview.objects.get()
        decided = post(
            staff, "decide", review.code, outcome="archive", cause="inactive", reason="Silent."
        )
        shown = page(staff, "review", review.code)
        board = page(staff, "board")

    assert [one.status_code for one in (adopted, made, revised, decided)] == [302] * 4
    assert ProgrammeVersion.objects.get().adopted_by == staff_person
    assert Milestone.objects.get().state == MilestoneState.DONE
    assert MentorAct.objects.count() == 5
    assert HealthReport.objects.count() == 1
    assert "to=archived" in shown
    assert "cause=inactive" in shown
    assert f"/projects/{found.project.slug}/incubation/" in board
    own = page(Client(), "project", found.project.slug)
    assert "Men Tor" in own
    assert "moved once" in own
    assert "<svg" in own
    text = page(Client(), "report", report.code)
    assert "<em>work</em>" in text
    assert "Well done." in text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_of_a_busy_project_in_both_languages(language: str) -> None:
    found = reviewed().incubation
    mentoring = incubation.mentoring(of=found.project)
    report = incubation.report(found)
    incubation.milestone(found)
    domain.add_health(actor=incubation.ACTOR, project=found.project, content=incubation.health())
    for user in (None, organiser(), incubation.maintainer(found.project), mentoring.mentor.user):
        client = client_of(user) if user else Client()
        for name, args in (
            ("project", [found.project.slug]),
            ("report", [report.code]),
            ("review", [found.reviews.get().code]),
            ("mentors", []),
            ("programme", [1]),
        ):
            page(client, name, *args, language=language)


def test_a_project_without_anything_has_its_page() -> None:
    project = register.project(stage="candidate")

    shown = page(Client(), "project", project.slug)

    assert "The project is not incubating." in shown
    assert "No report of health yet" in shown


def test_before_a_programme_and_before_the_clock_the_page_says_so() -> None:
    project = register.project()
    before = page(Client(), "project", project.slug)
    incubation.programme()
    between = page(Client(), "project", project.slug)

    assert "no programme" in before
    assert "within a minute" in between


def test_the_project_of_another_register_has_none() -> None:
    project = register.project()
    type(project).objects.filter(pk=project.pk).update(register="apache")

    answer = Client().get(reverse("incubation:project", args=[project.slug]))
    own = Client().get(reverse("register:project", args=[project.slug])).content.decode()

    assert answer.status_code == 404
    assert reverse("incubation:project", args=[project.slug]) not in own


def test_the_register_leads_here_and_names_the_cause() -> None:
    found = incubation.incubation()
    domain.archive_project(
        actor=organiser(), project=found.project, cause="donor-withdrew", reason="They left."
    )

    own = Client().get(reverse("register:project", args=[found.project.slug])).content.decode()
    here = page(Client(), "project", found.project.slug)
    told = Client().get(f"/api/v1/projects/{found.project.slug}").json()

    assert reverse("incubation:project", args=[found.project.slug]) in own
    assert "its donor withdrew" in own
    assert "They left." in here
    assert told["history"][-1]["cause"] == "donor-withdrew"


def test_others_do_none_of_it() -> None:
    found = reviewed().incubation
    report = incubation.report(found)
    milestone = incubation.milestone(found)
    review, held = found.reviews.get(), incubation.mentoring(of=found.project)
    somebody = client_of(person())
    asked = [
        *[
            ("act", [found.project.slug, name], {"milestone": milestone.code})
            for name in ("set", "move", "reach", "drop", "sign-off", "agree", "health", "archive")
        ],
        ("act", [found.project.slug, "assign"], {"mentor": held.mentor.code}),
        ("act", [found.project.slug, "release"], {"mentoring": held.code, "reason": "x"}),
        ("act", [found.project.slug, "burn"], {}),
        ("new-report", [found.project.slug, 2], {}),
        ("revise", [report.code], {}),
        ("act-on-report", [report.code, "signed-off"], {}),
        ("decide", [review.code], {"outcome": "continue", "reason": "x"}),
        ("mentors", [], {"person": "x@example.org"}),
        ("withdraw", [held.mentor.code], {}),
        ("answer", ["leave"], {"reason": "x"}),
        ("adopt", [], {"text": "x"}),
    ]

    for name, args, data in asked:
        assert post(somebody, name, *args, **data).status_code == 404, (name, args)
        answer = post(Client(), name, *args, **data)
        assert answer.status_code in {302, 404}, (name, args)
    for name in ("board", "adopt"):
        assert somebody.get(reverse(f"incubation:{name}")).status_code == 404
    assert MentorAct.objects.count() == 0
    assert Mentoring.objects.get().ended_at is None
    assert AnnualReview.objects.get().state == ReviewState.OPEN


def test_reasons_and_invitations_are_read_by_nobody_else() -> None:
    incubation.programme()
    invited = incubation.invitation(user=person(name="Bait Invited"), why=BAIT)
    held = incubation.mentoring()
    domain.declare_conflict(
        actor=held.mentor.user, mentor=held.mentor, project=held.project, reason=BAIT
    )
    other = incubation.mentoring(of=held.project)
    domain.end_mentoring(actor=other.mentor.user, mentoring=other, reason=BAIT)

    for client in (Client(), client_of(person()), client_of(other.mentor.user)):
        for name, args in (("mentors", []), ("project", [held.project.slug])):
            shown = page(client, name, *args)
            assert BAIT not in shown
            assert "Bait Invited" not in shown
    assert BAIT in page(client_of(invited.user), "mine")
    assert "Bait Invited" in page(client_of(organiser()), "mentors")


def test_a_refusal_stands_in_its_form() -> None:
    found = incubation.incubation()
    milestone = incubation.milestone(found)
    client = client_of(incubation.maintainer(found.project))
    staff = client_of(organiser())

    past = act(client, found, "move", milestone=milestone.code, due="2020-01-01", reason="x")
    empty = act(client, found, "set", title="x", measure="x", due="never")
    unknown = post(staff, "mentors", person="nobody@example.org")
    bad = post(staff, "adopt", text="x")
    broken = act(client, found, "health", report=SimpleUploadedFile("x.json", b"{}"))

    assert [one.status_code for one in (past, empty, unknown, bad, broken)] == [422] * 5
    assert "This day is past" in past.content.decode()
    assert "hand in the file that was written" in broken.content.decode()
    assert "programme.toml" in bad.content.decode()


def test_an_archived_project_takes_no_acts() -> None:
    found = incubation.incubation()
    milestone = incubation.milestone(found)
    register_domain.change_stage(
        actor=organiser(),
        project=found.project,
        to="archived",
        on=clock.now().date(),
        reason="Silent.",
    )
    client = client_of(incubation.maintainer(found.project))

    assert act(client, found, "drop", milestone=milestone.code, reason="x").status_code == 404
    assert post(client, "new-report", found.project.slug, 1).status_code == 404
    shown = page(client, "project", found.project.slug)
    assert "Silent." in shown
    assert "Set a milestone" not in shown


def test_what_mentors_do_about_themselves() -> None:
    held, other = incubation.mentoring(), None
    client = client_of(held.mentor.user)
    other = incubation.mentoring(by=held.mentor)

    post(client, "answer", "terms", most_projects=5, pauses="on")
    post(client, "answer", "step-back", mentoring=held.code, reason="No time.")
    post(client, "answer", "conflict", mentoring=other.code, reason="A friend.")
    nobody = post(client, "answer", "step-back", mentoring="nothing", reason="x")
    empty = post(client, "answer", "leave", reason="")
    mentor = Mentor.objects.get()
    left = post(client, "answer", "leave", reason="Enough.")

    assert (mentor.state, mentor.most_projects) == (MentorState.PAUSED, 5)
    assert not Mentoring.objects.filter(ended_at__isnull=True).exists()
    assert [one.status_code for one in (nobody, empty, left)] == [404, 422, 302]
    assert Mentor.objects.get().state == MentorState.LEFT
    declined = incubation.invitation()
    post(client_of(declined.user), "answer", "decline")
    assert Mentor.objects.get(pk=declined.pk).state == MentorState.DECLINED


@pytest.mark.parametrize("name", preset_names())
def test_shipped_programmes_are_offered_and_read(name: str) -> None:
    staff = client_of(organiser())

    offered = staff.get(reverse("incubation:adopt") + f"?preset={name}").content.decode()
    post(staff, "adopt", text=preset_text(name))

    assert f"name = &quot;{name}&quot;" in offered
    assert "What it asks" in page(Client(), "programme", 1)
    whole = Client().get(reverse("incubation:programme-text", args=[1])).content.decode()
    assert whole == preset_text(name)


def test_a_report_of_health_is_saved_and_never_run() -> None:
    found = incubation.incubation()
    made = domain.add_health(
        actor=incubation.ACTOR, project=found.project, content=incubation.health()
    )

    answer = Client().get(reverse("incubation:health", args=[made.code]))

    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content) == incubation.health()


def test_the_api_says_what_the_pages_say() -> None:
    found = incubation.incubation()
    mentor = incubation.mentor(user=person(name="Men Tor"), areas=["storage"])
    incubation.mentoring(of=found.project, by=mentor)
    report = incubation.report(found)
    domain.act_on_report(actor=mentor.user, report=report, kind="signed-off", text="Good.")
    incubation.milestone(found)
    domain.add_health(actor=incubation.ACTOR, project=found.project, content=incubation.health())
    incubation.invitation(user=person(name="Bait Invited"))
    client = Client()

    pool = client.get("/api/v1/incubation/mentors").json()
    whole = client.get(f"/api/v1/incubation/projects/{found.project.slug}").json()
    one = client.get(f"/api/v1/incubation/periodic-reports/{report.code}").json()

    assert [(row["name"], row["load"], row["areas"]) for row in pool] == [
        ("Men Tor", 1, ["storage"])
    ]
    assert [row["signed_off_by"] for row in whole["reports"]] == [["Men Tor"]]
    assert [row["title"] for row in whole["milestones"]] == ["A release"]
    assert whole["health"]["figures"]["commits"] == 3
    assert whole["owed"] == []
    assert (one["happened"], one["acts"][0]["text"]) == ("Work.", "Good.")
    assert client.get("/api/v1/incubation/projects/none").status_code == 404
    assert client.get("/api/v1/incubation/periodic-reports/none").status_code == 404


@pytest.mark.parametrize("path", ["/incubation/mentors/", "/api/v1/incubation/mentors"])
def test_many_mentors_cost_no_more_questions_than_one(
    client: Client, path: str, django_assert_max_num_queries: Any
) -> None:
    incubation.mentoring()
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    for _ in range(3):
        incubation.mentoring()

    with django_assert_max_num_queries(len(one.captured_queries)):
        answer = client.get(path)

    assert answer.status_code == 200
