from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from concours.platform.appeals import domain
from concours.platform.appeals.enums import AppealKind, AppealState, ChangeState, Outcome
from concours.platform.appeals.models import Appeal, ChangeSet
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Entry, Phase, Track
from concours.platform.review.models import Assignment
from tests.factories import appeals, competitions
from tests.factories.competitions import ACTOR
from tests.factories.people import organiser, person

pytestmark = pytest.mark.django_db
Unchanged = Callable[[], Any]
BAIT = "<script>alert(1)</script> SECRET-REASON"


@pytest.fixture
def track(tmp_path: Path) -> Track:
    return appeals.judged(folder=tmp_path)


@pytest.fixture
def entry(track: Track) -> Entry:
    return appeals.ranked(track)[-1]


def url(track: Track, page: str, *more: Any) -> str:
    return reverse(f"appeals:{page}", args=[track.season.slug, track.slug, *more])


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def api(track: Track, rest: str = "appeals") -> str:
    return f"/api/v1/appeals/{track.season.slug}/{track.slug}/{rest}"


def test_a_team_files_adds_a_file_and_withdraws(track: Track, entry: Entry) -> None:
    client = client_of(appeals.captain(entry))
    page = client.get(url(track, "track")).content.decode()
    assert url(track, "file", entry.code) in page
    answer = client.post(
        url(track, "file", entry.code),
        {
            "kind": "review",
            "about": appeals.alias_on(entry),
            "subject": "A review of another entry",
            "reason": BAIT,
        },
    )
    appeal = Appeal.objects.get()
    assert answer.status_code == 302
    assert appeal.kind == AppealKind.REVIEW
    upload = SimpleUploadedFile("run.log", b"it ran", content_type="text/html")
    client.post(url(track, "attach", appeal.code), {"file": upload})
    page = client.get(url(track, "appeal", appeal.code)).content.decode()
    assert "SECRET-REASON" in page
    assert "<script>alert" not in page
    assert "run.log" in page
    file = client.get(url(track, "attachment", appeal.code, appeal.attachments.get().code))
    assert file["Content-Disposition"] == 'attachment; filename="run.log"'
    assert file["Content-Type"] == "application/octet-stream"
    assert file["X-Content-Type-Options"] == "nosniff"
    client.post(url(track, "withdraw", appeal.code))
    appeal.refresh_from_db()
    assert appeal.state == AppealState.WITHDRAWN


def test_a_refused_appeal_keeps_what_was_typed(track: Track, entry: Entry) -> None:
    appeals.appeal(by=entry)
    answer = client_of(appeals.captain(entry)).post(
        url(track, "file", entry.code), {"kind": "standing", "subject": "x", "reason": "typed"}
    )
    assert answer.status_code == 200
    assert "typed" in answer.content.decode()
    assert Appeal.objects.count() == 1


def test_reviewers_stay_hidden_from_appellants(track: Track, entry: Entry) -> None:
    """Bait: reviewers have names, addresses and codes, and their duties codes."""
    alias = appeals.alias_on(entry)
    appeal = appeals.admitted(by=entry, kind=AppealKind.REVIEW, about=alias)
    judge = appeals.judge(of=track, user=person(name="Judge Judith")).user
    domain.decide_appeal(
        actor=judge, appeal=appeal, outcome=Outcome.UPHELD, decision="The review is struck."
    )
    made = appeals.apply(appeals.strike(of=track, entry=entry, alias=alias, appeal=appeal))
    client = client_of(appeals.captain(entry))
    pages = [
        client.get(url(track, page, *more)).content.decode()
        for page, more in (
            ("track", ()),
            ("appeal", (appeal.code,)),
            ("changes", ()),
            ("change-set", (made.code,)),
        )
    ]
    pages += [
        client.get(api(track, rest)).content.decode()
        for rest in ("appeals", f"appeals/{appeal.code}", "changes", f"changes/{made.code}")
    ]
    told = "\n".join(pages)
    assert alias in told
    secrets = [judge.display_name, judge.email, judge.code]
    for duty in Assignment.objects.filter(entry=entry).select_related("reviewer"):
        secrets += [duty.code, duty.reviewer.email, duty.reviewer.code]
        secrets.append(f">{duty.reviewer.display_name}<")
    assert [secret for secret in secrets if secret in told] == []


def test_strangers_see_ended_appeals_only_and_no_reasons(
    track: Track, entry: Entry, client: Client
) -> None:
    appeal = appeals.appeal(by=entry, subject="SECRET-SUBJECT", reason=BAIT)
    domain.attach_file(
        actor=appeals.captain(entry), appeal=appeal, name="SECRET-FILE.txt", content=b"x"
    )
    file = url(track, "attachment", appeal.code, appeal.attachments.get().code)
    rival = client_of(appeals.captain(appeals.ranked(track)[0]))
    for reader in (client, rival, client_of(person())):
        assert reader.get(url(track, "appeal", appeal.code)).status_code == 404
        assert reader.get(api(track, f"appeals/{appeal.code}")).status_code == 404
        assert reader.get(api(track)).json() == []
        assert reader.get(file).status_code == 404
        assert "SECRET" not in reader.get(url(track, "track")).content.decode()
    domain.admit_appeal(actor=ACTOR, appeal=appeal)
    domain.hear_appeal(actor=ACTOR, appeal=appeal, hearing="SECRET-HEARING")
    domain.decide_appeal(
        actor=ACTOR, appeal=appeal, outcome=Outcome.REJECTED, decision="The code does not run."
    )
    for reader in (client, rival, client_of(person())):
        page = reader.get(url(track, "appeal", appeal.code)).content.decode()
        [told] = reader.get(api(track)).json()
        assert "The code does not run." in page
        assert "SECRET" not in page + json.dumps(told)
        assert entry.team.name not in page + json.dumps(told)
        assert (told["team"], told["judge"], told["attachments"]) == ("", "", [])
        assert reader.get(file).status_code == 404


def test_while_scores_are_hidden_so_are_decisions(
    track: Track, entry: Entry, client: Client
) -> None:
    appeal = appeals.admitted(by=entry)
    domain.decide_appeal(
        actor=ACTOR, appeal=appeal, outcome=Outcome.UPHELD, decision="Ranked too low."
    )
    appeals.apply(appeals.strike(of=track, entry=entry))
    competitions.advance(track, to=PhaseKind.FINAL)
    assert client.get(url(track, "appeal", appeal.code)).status_code == 404
    assert client.get(api(track)).json() == client.get(api(track, "changes")).json() == []
    team = client_of(appeals.captain(entry))
    assert team.get(url(track, "appeal", appeal.code)).status_code == 200
    Phase.objects.filter(track=track).update(scores_visible=True, names_visible=True)
    [told] = client.get(api(track)).json()
    assert told["team"] == entry.team.name


def test_desks_and_drafts_are_not_there_for_others(track: Track, entry: Entry) -> None:
    made = appeals.strike(of=track, entry=entry)
    elsewhere = organiser(season=competitions.season())
    judge = appeals.judge(of=track).user
    for reader in (Client(), client_of(appeals.captain(entry)), client_of(elsewhere)):
        # Who is not signed in is sent to do so, and learns nothing either.
        assert reader.get(url(track, "desk")).status_code in {302, 404}
        assert reader.get(url(track, "change-set", made.code)).status_code == 404
        assert reader.post(url(track, "apply-changes", made.code)).status_code in {302, 404}
        assert reader.get(api(track, f"changes/{made.code}")).status_code == 404
    reader = client_of(judge)
    assert reader.get(url(track, "desk")).status_code == 200
    assert reader.get(url(track, "change-set", made.code)).status_code == 404
    assert reader.get(url(track, "new-changes")).status_code == 404


def test_a_judge_admits_hears_and_decides(track: Track, entry: Entry) -> None:
    appeal = appeals.appeal(by=entry)
    client = client_of(appeals.judge(of=track).user)
    assert entry.title in client.get(url(track, "desk")).content.decode()
    client.post(url(track, "admit", appeal.code))
    client.post(url(track, "hear", appeal.code), {"hearing": "Heard."})
    refused = client.post(url(track, "decide", appeal.code), {"outcome": "upheld"})
    assert refused.status_code == 422
    client.post(url(track, "decide", appeal.code), {"outcome": "upheld", "decision": "Yes."})
    appeal.refresh_from_db()
    assert (appeal.state, appeal.outcome) == (AppealState.DECIDED, Outcome.UPHELD)


def test_one_who_stands_aside_gets_no_forms(track: Track, entry: Entry) -> None:
    appeal = appeals.appeal(by=entry)
    client = client_of(appeals.judge(of=track).user)
    assert (
        url(track, "admit", appeal.code)
        in client.get(url(track, "appeal", appeal.code)).content.decode()
    )
    client.post(url(track, "aside", appeal.code), {"reason": "A friend."})
    page = client.get(url(track, "appeal", appeal.code)).content.decode()
    assert url(track, "admit", appeal.code) not in page
    assert client.post(url(track, "admit", appeal.code)).status_code == 409


def test_staff_stage_sign_and_reverse(track: Track) -> None:
    staff = organiser(season=track.season, password="Correct horse 7")
    client = client_of(staff)
    first = appeals.ranked(track)[0]
    client.post(url(track, "new-changes"), {"title": "Strike", "reason": "Broke the rules."})
    made = ChangeSet.objects.get()
    here = url(track, "change-set", made.code)
    page = client.get(f"{here}?entry={first.code}").content.decode()
    assert appeals.alias_on(first) in page
    added = {"kind": "strike", "entry": first.code, "alias": appeals.alias_on(first)}
    client.post(url(track, "add-change", made.code), added)
    client.post(url(track, "preview-changes", made.code))
    made.refresh_from_db()
    page = client.get(here).content.decode()
    assert made.preview_digest in page
    assert "→" in page
    signed = {"expected": made.preview_digest, "password": "wrong"}
    assert client.post(url(track, "apply-changes", made.code), signed).status_code == 422
    signed["password"] = "Correct horse 7"
    assert client.post(url(track, "apply-changes", made.code), signed).status_code == 302
    made.refresh_from_db()
    assert made.state == ChangeState.APPLIED
    assert Client().get(here).status_code == 200
    client.post(url(track, "reverse-changes", made.code), {"reason": "It did not."})
    assert ChangeSet.objects.filter(reverses=made).count() == 1


def test_the_whole_act_through_the_api(track: Track) -> None:
    staff = organiser(season=track.season, password="Correct horse 7")
    client = Client()
    client.force_login(staff)
    first = appeals.ranked(track)[0]

    def post(rest: str, **body: Any) -> Any:
        return client.post(api(track, rest), body, content_type="application/json")

    made = post("changes", title="Strike", reason="Broke the rules.").json()["code"]
    added = post(
        f"changes/{made}/items", kind="strike", entry=first.code, alias=appeals.alias_on(first)
    )
    assert added.status_code == 201
    seen = post(f"changes/{made}/preview").json()
    assert seen["preview"]["moves"]
    refused = post(f"changes/{made}/apply", expected=seen["preview_digest"], password="no")
    assert refused.status_code == 409
    applied = post(
        f"changes/{made}/apply", expected=seen["preview_digest"], password="Correct horse 7"
    ).json()
    assert applied["state"] == "applied"
    assert applied["before"] != applied["after"]
