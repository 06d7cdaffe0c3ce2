"""The call for tracks and the organiser's desks, as people use them in the browser."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from concours.platform.competitions import domain
from concours.platform.competitions.enums import PhaseKind, ProposalState, TrackState
from concours.platform.competitions.models import Track, TrackProposal
from concours.platform.core import clock
from concours.platform.record.models import Event
from tests.factories import competitions as make
from tests.factories.people import organiser, person
from tests.platform.competitions.conftest import World, signed_in

PROPOSAL = {
    "topic": "Compilers for all",
    "category": "tools",
    "owner": "A university",
    "description": "Build one.",
    "rules": "Be kind.",
    "format": "Source code.",
}


def page(name: str, world: World, *more: str) -> str:
    return reverse(f"competitions:{name}", args=[world.season.slug, *more])


def proposed(world: World, proposer: Any) -> TrackProposal:
    batch = world.season.batches.get()
    signed_in(proposer).post(page("propose", world), PROPOSAL | {"batch": batch.pk})
    return TrackProposal.objects.get(topic=PROPOSAL["topic"])


def test_a_proposal_becomes_a_draft_track(world: World) -> None:
    proposer = person(name="Grace")
    proposal = proposed(world, proposer)
    url = reverse("competitions:proposal", args=[proposal.code])
    signed_in(world.member).post(f"{url}comment/", {"text": "Which target?"})
    staff = signed_in(world.staff)
    desk = staff.get(page("desk", world)).content.decode()
    assert "Proposals that wait for a decision: 1" in desk

    unreasoned = staff.post(f"{url}decide/", {"decision": "approve", "slug": "compilers"})
    assert "This field is required" in unreasoned.content.decode()
    taken = staff.post(f"{url}decide/", {"decision": "approve", "slug": "kernel", "reason": "Yes."})
    assert "Give the track a short name of its own" in taken.content.decode()
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.SUBMITTED

    staff.post(f"{url}decide/", {"decision": "approve", "slug": "compilers", "reason": "Timely."})
    track = Track.objects.get(slug="compilers")
    assert track.state == TrackState.DRAFT
    text = signed_in(None).get(url).content.decode()
    for shown in ("Which target?", "Timely.", "Grace"):
        assert shown in text
    assert f"/tracks/{track.slug}/" not in text
    assert f"/tracks/{track.slug}/" in staff.get(url).content.decode()


def test_a_declined_proposal_drafts_nothing_and_takes_no_comment(world: World) -> None:
    proposal = proposed(world, person())
    url = reverse("competitions:proposal", args=[proposal.code])
    signed_in(world.staff).post(f"{url}decide/", {"decision": "decline", "reason": "Too wide."})
    answer = signed_in(world.member).post(f"{url}comment/", {"text": "A pity."})
    assert "decided or withdrawn already" in answer.content.decode()
    assert proposal.comments.count() == 0
    assert Track.objects.count() == 1


def test_only_its_proposer_withdraws_a_proposal(world: World) -> None:
    proposer = person()
    proposal = proposed(world, proposer)
    url = reverse("competitions:withdraw_proposal", args=[proposal.code])
    assert signed_in(world.staff).post(url).status_code == 403
    assert signed_in(proposer).post(url).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WITHDRAWN


@pytest.mark.parametrize(
    ("offset", "taken"), [(-1, True), (0, False), (1, False)], ids=["before", "on", "after"]
)
def test_the_call_closes_to_the_second(world: World, offset: int, taken: bool) -> None:
    with clock.frozen_at(world.season.ends_at + timedelta(seconds=offset)):
        answer = signed_in(person()).post(
            page("propose", world), PROPOSAL | {"batch": world.season.batches.get().pk}
        )
    assert TrackProposal.objects.exists() is taken
    if not taken:
        assert "The call is closed" in answer.content.decode()


def phases_form(*rows: dict[str, str]) -> dict[str, str]:
    data = {"phases-TOTAL_FORMS": str(len(rows)), "phases-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        data |= {f"phases-{number}-{name}": value for name, value in row.items()}
    return data


def test_a_track_is_drafted_prepared_and_started(world: World) -> None:
    staff = signed_in(world.staff)
    batch = world.season.batches.get()
    staff.post(
        page("new_track", world),
        {"batch": batch.pk, "slug": "drivers", "title": "Drivers", "category": "kernel"},
    )
    track = Track.objects.get(slug="drivers")
    desk = page("track_desk", world, "drivers")
    text = staff.get(desk).content.decode()
    assert "Write the track&#x27;s rules." in text
    assert "Plan the track&#x27;s phases." in text
    refused = staff.post(page("start_track", world, "drivers"))
    assert "Write the track&#x27;s rules before it starts" in refused.content.decode()

    rules = page("track_rules_desk", world, "drivers")
    preview = staff.post(rules, {"text": "No blobs.\r\n", "text_zh": "", "step": "preview"})
    digest = hashlib.sha256(b"No blobs.\n\0").hexdigest()
    assert digest in preview.content.decode()
    assert not track.rules_versions.exists()
    staff.post(rules, {"text": "No blobs.\r\n", "text_zh": "", "step": "publish"})
    assert track.rules_versions.get().digest == digest

    first = {"kind": "registration", "starts_at": "2023-01-01T00:00", "ends_at": "2023-03-01T00:00"}
    second = {"kind": "peer-review", "starts_at": "2023-02-01T00:00", "ends_at": "2023-05-01T00:00"}
    phases = page("track_phases_desk", world, "drivers")
    overlap = staff.post(phases, phases_form(first | {"may_submit": "on"}, second))
    assert "Each phase starts when the one before" in overlap.content.decode()
    assert not track.phases.exists()
    proposed = staff.get(phases).context["formset"].initial
    assert [row["kind"] for row in proposed] == ["registration", "peer-review", "final", "result"]
    second["starts_at"] = "2023-03-01T00:00"
    incomplete = staff.post(phases, phases_form(first, {"kind": "final"}))
    assert "This field is required" in incomplete.content.decode()
    staff.post(phases, phases_form(first | {"may_submit": "on"}, second, {"kind": ""}))
    stray = {"kind": "final", "starts_at": "2023-05-01T00:00", "ends_at": "2023-06-01T00:00"}
    third = stray | {"DELETE": "on"}
    staff.post(phases, phases_form(first | {"may_submit": "on"}, second, third))
    assert [row.kind for row in track.phases.all()] == ["registration", "peer-review"]

    settings = page("track_settings", world, "drivers")
    values = {
        "batch": batch.pk,
        "title": "Drivers",
        "category": "kernel",
        "starts_at": "2023-01-05T00:00",
        "registration_opens_at": "2023-01-01T00:00",
        "registration_closes_at": "2023-03-05T00:00",
        "team_size_min": 2,
        "team_size_max": 1,
        "reviews_per_entry": 4,
        "finalists": 3,
        "weight_machine": 0,
        "weight_peer": 1,
        "weight_jury": 1,
        "llm_policy": "ask",
    }
    wrong = staff.post(settings, values)
    assert "The smallest team has at least one" in wrong.content.decode()
    assert "1000" in staff.post(settings, values | {"finalists": 10**9}).content.decode()
    track.refresh_from_db()
    assert track.team_size_max == 5
    staff.post(settings, values | {"team_size_max": 4})
    track.refresh_from_db()
    assert (track.team_size_min, track.team_size_max, track.reviews_per_entry) == (2, 4, 4)

    assert "its start has come: start it" in staff.get(desk).content.decode()
    staff.post(page("start_track", world, "drivers"))
    track.refresh_from_db()
    assert track.state == TrackState.STARTED
    fixed = staff.post(settings, values | {"team_size_max": 9})
    assert "A running track keeps its settings" in fixed.content.decode()
    track.refresh_from_db()
    assert track.team_size_max == 4


def test_two_organisers_who_press_at_once_pass_one_phase(world: World) -> None:
    url, desk = page("advance_phase", world, "kernel"), page("track_desk", world, "kernel")
    first, second = signed_in(world.staff), signed_in(organiser(season=world.season))
    for client in (first, second):
        assert 'name="leaving" value="1"' in client.get(desk).content.decode()
    came_from = {"referer": f"http://testserver{desk}"}

    done = first.post(url, {"leaving": "1"}, headers=came_from)
    late = second.post(url, {"leaving": "1"}, headers=came_from)

    assert (done.status_code, late.status_code) == (302, 302)
    assert "Someone has moved the track on already" in second.get(desk).content.decode()
    world.track.refresh_from_db()
    assert world.track.phase is not None
    assert world.track.phase.kind == PhaseKind.PEER_REVIEW
    assert Event.objects.filter(verb="phase.advanced").count() == 1


@pytest.mark.parametrize("leaving", ["", "x", "-1", "9", "99999999999", "²"])
def test_advance_needs_the_phase_that_was_seen(world: World, leaving: str) -> None:
    answer = signed_in(world.staff).post(
        page("advance_phase", world, "kernel"), {"leaving": leaving}
    )
    assert answer.status_code in {404, 409}
    assert not Event.objects.filter(verb="phase.advanced").exists()


def test_the_desk_says_when_registration_is_over(world: World) -> None:
    phase = world.track.phase
    assert phase is not None
    says = "Registration has closed: advance the track."
    for moment, due in ((phase.ends_at - timedelta(seconds=1), False), (phase.ends_at, True)):
        with clock.frozen_at(moment):
            text = signed_in(world.staff).get(page("desk", world)).content.decode()
        assert (says in text) is due


def test_an_entry_is_disqualified_with_a_reason_that_its_team_reads(world: World) -> None:
    url = reverse("competitions:disqualify_entry", args=[world.entry.code])
    staff = signed_in(world.staff)
    assert "This field is required" in staff.post(url, {"reason": ""}).content.decode()
    world.entry.refresh_from_db()
    assert world.entry.state == "entered"
    staff.post(url, {"reason": "A copy of another."})
    entry = reverse("competitions:entry", args=[world.entry.code])
    assert "A copy of another." in signed_in(world.member).get(entry).content.decode()
    assert signed_in(world.other).get(entry).status_code == 404


def test_rules_of_a_running_track_are_shown_with_what_changed(world: World) -> None:
    url = page("track_rules_desk", world, "kernel")
    draft = {"text": "Be kind.\nBe quick.", "text_zh": "请友善。"}
    preview = signed_in(world.staff).post(url, draft | {"step": "preview"}).content.decode()
    assert "<ins>Be quick.</ins>" in preview
    assert domain.current_rules(world.track).number == 1  # type: ignore[union-attr]
    signed_in(world.staff).post(url, draft | {"step": "publish"})
    shown = signed_in(None).get(page("rules", world, "kernel")).content.decode()
    assert "Rules, version 2" in shown
    assert "<ins>Be quick.</ins>" in shown
    assert (
        "Be quick"
        not in signed_in(None).get(page("rules_version", world, "kernel", "1")).content.decode()
    )


def test_pages_of_entries_go_on_and_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("concours.platform.competitions.interfaces.pages.tracks.ENTRIES_A_PAGE", 2)
    elsewhere = make.track(of=world.season.batches.get())
    for number in range(3):
        make.entry(in_track=world.track, title=f"Row {number}")
        make.entry(in_track=elsewhere)
    client, url = signed_in(None), page("entries", world, "kernel")
    titles, cursors = [], []
    address = url
    while address:
        response = client.get(address)
        titles.append([row.entry.title for row in response.context["rows"]])
        cursors.append(response.context["previous"])
        following = response.context["next"]
        address = f"{url}?cursor={following}" if following else ""
    assert titles == [["An engine", "Another engine"], ["Row 0", "Row 1"], ["Row 2"]]
    back = client.get(f"{url}?cursor={cursors[2]}")
    assert [row.entry.title for row in back.context["rows"]] == ["Row 0", "Row 1"]
    for bad in ("x", "-1", "9" * 30):
        assert client.get(f"{url}?cursor={bad}").status_code == 404
