from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from concours.platform.awards import domain
from concours.platform.awards.interfaces.pages import result as pages
from concours.platform.awards.models import (
    Award,
    Juror,
    JuryScore,
    MachineScore,
    PrizePool,
    Result,
)
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Phase, Team, Track
from concours.platform.core import clock
from tests.factories import awards
from tests.factories.competitions import advance, captain_of
from tests.factories.people import operator, organisation, organiser, person

pytestmark = pytest.mark.django_db
Unchanged = Callable[[], Any]
BAIT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def url(track: Track, page: str, *more: Any) -> str:
    return reverse(f"awards:{page}", args=[track.season.slug, track.slug, *more])


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def _june() -> Any:
    with clock.frozen_at(awards.FINAL):
        yield


@pytest.fixture
def final(tmp_path: Path) -> Track:
    return awards.in_final(folder=tmp_path)


def test_everyone_reads_a_published_result(tmp_path: Path, client: Client) -> None:
    result = awards.published(folder=tmp_path)
    page = client.get(url(result.track, "result"))
    assert page.status_code == 200
    text = page.content.decode()
    for line in result.lines.select_related("entry__team"):
        assert line.entry.title in text
        assert line.entry.team.name in text
    assert result.inputs_digest in text
    assert "First prize" in text
    assert "10,000" in text
    assert "(50 × peer score + 50 × jury score) ÷ 100" in text


def test_names_follow_the_phase(tmp_path: Path, client: Client) -> None:
    result = awards.published(folder=tmp_path)
    Phase.objects.filter(track=result.track).update(names_visible=False)
    text = client.get(url(result.track, "result")).content.decode()
    for line in result.lines.select_related("entry__team"):
        assert line.entry.title in text
        assert line.entry.team.name not in text
    own = result.lines.select_related("entry__team")[0].entry.team
    told = client_of(captain_of(own)).get(url(result.track, "result")).content.decode()
    assert own.name in told
    others = Team.objects.filter(entries__track=result.track).exclude(pk=own.pk)
    assert not [team.name for team in others if team.name in told]


def test_a_draft_is_for_organisers_alone(tmp_path: Path, client: Client) -> None:
    result = awards.computed(folder=tmp_path)
    track = result.track
    for reader in (client, client_of(person()), client_of(captain_of(track.entries.all()[0].team))):
        page = reader.get(url(track, "result"))
        assert page.status_code == 200
        assert result.inputs_digest not in page.content.decode()
        assert "There is no result yet" in page.content.decode()
        for name in ("result-inputs", "result-check"):
            assert reader.get(url(track, name)).status_code == 404
    staff = client_of(organiser(season=track.season))
    assert result.inputs_digest in staff.get(url(track, "result")).content.decode()
    assert staff.get(url(track, "result-check")).status_code == 200


def test_the_inputs_are_served_byte_for_byte(tmp_path: Path, client: Client) -> None:
    result = awards.published(folder=tmp_path)
    answer = client.get(url(result.track, "result-inputs"))
    assert answer.content.decode() == result.inputs
    assert answer["Content-Type"] == "application/json"
    assert "attachment" in answer["Content-Disposition"]


def test_the_check_says_whether_it_holds(tmp_path: Path, client: Client) -> None:
    result = awards.published(folder=tmp_path)
    assert "comes out the same" in client.get(url(result.track, "result-check")).content.decode()
    Award.objects.filter(place=1).update(amount_minor=5)
    text = client.get(url(result.track, "result-check")).content.decode()
    assert "does not come out the same" in text


def test_pages_by_cursor(tmp_path: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE", 4)
    track = awards.published(folder=tmp_path).track
    first = client.get(url(track, "result"))
    assert "cursor=4" in first.content.decode()
    assert 'rel="prev"' not in first.content.decode()
    second = client.get(url(track, "result"), {"cursor": "4"})
    assert second.content.decode().count('class="rank"') == 2
    assert "cursor=0" in second.content.decode()
    for bad in ("-1", "x", "1e3", "٣", "9" * 30):
        assert client.get(url(track, "result"), {"cursor": bad}).status_code == 404


def test_prizes_are_public_with_their_ledger(tmp_path: Path, client: Client) -> None:
    track = awards.published(folder=tmp_path).track
    text = client.get(url(track, "prizes")).content.decode()
    for said in ("Main pool", "First prize", "25,000", "Left in the pool"):
        assert said in text


def test_empty_pages_say_what_comes(final: Track, client: Client) -> None:
    assert "No prizes are announced yet" in client.get(url(final, "prizes")).content.decode()
    assert "There is no result yet" in client.get(url(final, "result")).content.decode()
    mine = client_of(person()).get(reverse("awards:jury")).content.decode()
    assert "You are of no jury" in mine


def test_a_jurors_desk_from_list_to_score(final: Track) -> None:
    member = awards.juror(of=final)
    client = client_of(member.user)
    entry = awards.finalists(final)[0]
    assert "0 of 3 scored" in client.get(reverse("awards:jury")).content.decode()
    desk = client.get(url(final, "jury-track")).content.decode()
    assert all(finalist.title in desk for finalist in awards.finalists(final))
    form = url(final, "jury-score", entry.code)
    assert client.get(form).status_code == 200
    answer = client.post(form, {"points": "87.125", "comment": "Fine."})
    assert answer.status_code == 302
    stored = JuryScore.objects.get()
    assert (stored.entry_id, stored.points_milli) == (entry.pk, 87_125)
    assert "87.125" in client.get(url(final, "jury-track")).content.decode()
    assert 'value="87.125"' in client.get(form).content.decode()


@pytest.mark.parametrize("points", ["", "100.001", "-1", "1.2345", "NaN", "abc", "1e9"])
def test_a_wrong_score_stays_on_the_form(final: Track, points: str, unchanged: Unchanged) -> None:
    client = client_of(awards.juror(of=final).user)
    form = url(final, "jury-score", awards.finalists(final)[0].code)
    with unchanged():
        answer = client.post(form, {"points": points, "comment": "keep me"})
    assert answer.status_code == 200
    assert "keep me" in answer.content.decode()


def test_a_refusal_stands_on_the_form(final: Track, unchanged: Unchanged) -> None:
    client = client_of(awards.juror(of=final).user)
    form = url(final, "jury-score", awards.finalists(final)[0].code)
    with clock.frozen_at(awards.FINAL_CLOSES), unchanged():
        answer = client.post(form, {"points": "50"})
    assert "The final is over." in answer.content.decode()


def test_the_jury_is_hidden_from_everybody_else(final: Track, tmp_path: Path) -> None:
    entry = awards.finalists(final)[0]
    removed = awards.juror(of=final)
    domain.remove_juror(actor=awards.ACTOR, juror=removed)
    elsewhere = awards.juror(of=awards.in_final(folder=tmp_path))
    captain = captain_of(entry.team)
    for user in (person(), captain, removed.user, elsewhere.user, organiser(season=final.season)):
        client = client_of(user)
        for page in (
            url(final, "jury-track"),
            url(final, "jury-score", entry.code),
            url(final, "jury-snapshot", entry.code),
        ):
            assert client.get(page).status_code == 404
        answer = client.post(url(final, "jury-score", entry.code), {"points": "1"})
        assert answer.status_code == 404
    assert not JuryScore.objects.exists()


def test_a_juror_downloads_what_is_judged(final: Track) -> None:
    entries = awards.finalists(final)
    member = awards.juror(of=final)
    organisation(members=[member.user, captain_of(entries[1].team)])
    client = client_of(member.user)
    answer = client.get(url(final, "jury-snapshot", entries[0].code))
    stored = entries[0].submissions.get().file.open("rb").read()
    assert b"".join(answer.streaming_content) == stored  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert client.get(url(final, "jury-snapshot", entries[1].code)).status_code == 404
    outside = final.entries.exclude(pk__in=[entry.pk for entry in entries]).first()
    assert outside is not None
    assert client.get(url(final, "jury-snapshot", outside.code)).status_code == 404


def test_the_desk_is_hidden_from_everybody_else(final: Track, unchanged: Unchanged) -> None:
    member, pool = awards.juror(of=final), awards.pool(of=final)
    posts = {
        "appoint": {"email": person().email},
        "compute": {},
        "publish": {"number": "1"},
        "new-pool": {"title": "x", "currency": "CNY", "total": "1"},
    }
    for user in (person(), member.user, captain_of(awards.finalists(final)[0].team)):
        client = client_of(user)
        for page in ("desk", "machine", "new-pool"):
            assert client.get(url(final, page)).status_code == 404
        assert client.get(url(final, "pool", pool.code)).status_code == 404
        with unchanged():
            for page, data in posts.items():
                assert client.post(url(final, page), data).status_code == 404
            removing = url(final, "remove-juror", member.user.code)
            assert client.post(removing).status_code == 404


def test_signed_out_readers_are_asked_to_sign_in(final: Track, client: Client) -> None:
    for page in ("desk", "machine", "new-pool", "jury-track"):
        answer = client.get(url(final, page))
        assert answer.status_code == 302
        assert "login" in answer["Location"]


def test_acts_need_post_and_the_token(final: Track) -> None:
    staff = organiser(season=final.season)
    client = client_of(staff)
    for page in ("appoint", "compute", "publish"):
        assert client.get(url(final, page)).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(staff)
    answer = strict.post(url(final, "appoint"), {"email": person().email})
    assert answer.status_code == 403
    assert not Juror.objects.exists()


def test_an_organiser_goes_from_jury_to_publication(final: Track) -> None:
    """The whole desk, by pages alone."""
    client, expert = client_of(organiser(season=final.season)), person(name="Ada")
    answer = client.post(url(final, "appoint"), {"email": expert.email.upper()}, follow=True)
    assert "Ada is of the jury now." in answer.content.decode()
    answer = client.post(
        url(final, "new-pool"),
        {
            "title": "Main",
            "currency": "CNY",
            "total": "1000.50",
            "prizes-TOTAL_FORMS": "3",
            "prizes-INITIAL_FORMS": "0",
            "prizes-0-place_from": "1",
            "prizes-0-amount": "600.25",
            "prizes-0-title": "First",
            "prizes-1-place_from": "2",
            "prizes-1-place_to": "3",
            "prizes-1-amount": "200",
            "prizes-1-title": "Second",
        },
    )
    assert answer.status_code == 302
    pool = final.prize_pools.get()
    assert (pool.total_minor, [prize.amount_minor for prize in pool.prizes.all()]) == (
        100_050,
        [60_025, 20_000],
    )
    text = client.get(url(final, "desk")).content.decode()
    assert "Ada's score of" in text
    awards.score_all(track=final)
    assert "Every score is there." in client.get(url(final, "desk")).content.decode()
    drafted = client.post(url(final, "compute"), follow=True).content.decode()
    assert "Move the track on to its result phase" in drafted
    advance(final, to=PhaseKind.RESULT)
    assert "Publish the result" in client.get(url(final, "desk")).content.decode()
    answer = client.post(url(final, "publish"), {"number": "1"})
    assert answer["Location"] == url(final, "result")
    assert Result.objects.get().published
    assert "The result is published" in client.get(url(final, "desk")).content.decode()


def test_a_pool_is_edited_in_place(final: Track) -> None:
    pool = awards.pool(of=final)
    client = client_of(organiser(season=final.season))
    page = client.get(url(final, "pool", pool.code)).content.decode()
    assert 'value="25000"' in page
    assert 'value="1000.01"' in page
    data = {
        "title": "Smaller",
        "total": "10",
        "prizes-TOTAL_FORMS": "3",
        "prizes-INITIAL_FORMS": "3",
        "prizes-0-place_from": "1",
        "prizes-0-place_to": "1",
        "prizes-0-amount": "10",
        "prizes-0-title": "All",
    }
    assert client.post(url(final, "pool", pool.code), data).status_code == 302
    pool.refresh_from_db()
    assert (pool.title, pool.currency, pool.total_minor) == ("Smaller", "CNY", 1_000)
    assert [prize.title for prize in pool.prizes.all()] == ["All"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"total": "5"}, "more than the pool holds"),
        ({"prizes-0-place_from": "2"}, "from place 1 on"),
        ({"prizes-0-amount": "0.001"}, "no smaller unit"),
        ({"total": "10.001"}, "no smaller unit"),
        ({"prizes-0-title": ""}, "empty the whole row"),
        ({"currency": "XXX"}, "not one of the available"),
    ],
)
def test_a_wrong_pool_stays_on_the_form(
    final: Track, change: dict[str, str], said: str, unchanged: Unchanged
) -> None:
    data = {
        "title": "Kept",
        "currency": "CNY",
        "total": "10",
        "prizes-TOTAL_FORMS": "1",
        "prizes-INITIAL_FORMS": "0",
        "prizes-0-place_from": "1",
        "prizes-0-amount": "10",
        "prizes-0-title": "All",
        **change,
    }
    with unchanged():
        answer = client_of(organiser(season=final.season)).post(url(final, "new-pool"), data)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert "Kept" in answer.content.decode()


def test_unknown_addresses_and_refusals_stay_on_the_desk(
    final: Track, unchanged: Unchanged
) -> None:
    client = client_of(organiser(season=final.season))
    entrant = captain_of(awards.finalists(final)[0].team)
    for address, said in ((f"no-{entrant.email}", "No account"), (entrant.email, "cannot judge")):
        with unchanged():
            answer = client.post(url(final, "appoint"), {"email": address})
        assert answer.status_code == 422
        assert said in answer.content.decode()


def machine_file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("scores.csv", text.encode())


def test_machine_scores_come_as_csv(final: Track) -> None:
    client = client_of(organiser(season=final.season))
    first, second, *_ = final.entries.all()
    text = f"entry,points\n{first.code},12.5\n{second.code},100\n"
    answer = client.post(
        url(final, "machine"), {"source": "bench 1", "file": machine_file(text)}, follow=True
    )
    assert "2 scores are recorded." in answer.content.decode()
    assert {score.entry_id: score.points_milli for score in MachineScore.objects.all()} == {
        first.pk: 12_500,
        second.pk: 100_000,
    }


@pytest.mark.parametrize("text", ["", "{a},5\nnobody,5", "{a},5\n{a},6", "{a},101", "{a}", "\x00"])
def test_a_wrong_file_records_nothing(final: Track, text: str, unchanged: Unchanged) -> None:
    entry = final.entries.all()[0]
    with unchanged():
        answer = client_of(organiser(season=final.season)).post(
            url(final, "machine"),
            {"source": "bench 1", "file": machine_file(text.format(a=entry.code))},
        )
    assert answer.status_code == 200


def test_another_tracks_objects_by_guessed_code(final: Track, tmp_path: Path) -> None:
    """An organiser of one season, with the addresses of another's."""
    other = awards.in_final(folder=tmp_path)
    pool, member = awards.pool(of=other), awards.juror(of=other)
    client = client_of(organiser(season=final.season))
    assert client.get(url(other, "desk")).status_code == 404
    assert client.get(url(final, "pool", pool.code)).status_code == 404
    assert client.post(url(final, "remove-juror", member.user.code)).status_code == 404
    assert client.post(url(final, "publish"), {"number": "1"}).status_code == 404
    assert client.post(url(final, "publish"), {"number": "x"}).status_code == 404
    member.refresh_from_db()
    assert member.removed_at is None


def test_what_people_wrote_is_never_markup(tmp_path: Path, client: Client) -> None:
    track = awards.in_final(folder=tmp_path, weight_machine=1, title=BAIT)
    track.season.title = BAIT
    track.season.save()
    track.entries.update(title=BAIT, abstract=BAIT)
    for team in Team.objects.filter(entries__track=track):
        Team.objects.filter(pk=team.pk).update(name=f"{BAIT}{team.pk}")
    member = awards.juror(of=track, user=person(name=BAIT))
    staff = organiser(season=track.season)
    organisation(name=BAIT, members=[member.user, captain_of(awards.finalists(track)[2].team)])
    prizes = [
        domain.PrizePlan(
            place_from=1, place_to=3, amount_minor=1, title=BAIT[:200], title_zh=BAIT[:200]
        )
    ]
    pool = awards.pool(of=track, prizes=prizes, title=BAIT, title_zh=BAIT)
    entry = awards.finalists(track)[0]
    awards.score(by=member, entry=entry, comment=BAIT)
    pages = [url(track, name) for name in ("result", "prizes")]
    desks = [url(track, name) for name in ("desk", "machine", "new-pool")]
    desks += [url(track, "pool", pool.code), *pages]
    jury = [url(track, "jury-track"), url(track, "jury-score", entry.code), reverse("awards:jury")]

    def read_all() -> None:
        for reader, addresses in (
            (client, pages),
            (client_of(staff), desks),
            (client_of(member.user), jury),
        ):
            for address in addresses:
                text = reader.get(address).content.decode()
                assert "<script>alert(1)" not in text, address
                assert "<img src=x" not in text, address

    read_all()
    second = awards.juror(of=track)
    for one in awards.finalists(track):
        awards.machine(entry=one)
        awards.score(by=second, entry=one)
        if one != awards.finalists(track)[2]:
            awards.score(by=member, entry=one)
    track = advance(track, to=PhaseKind.RESULT)
    result = domain.compute_result(actor=staff, track=track)
    read_all()
    domain.publish_result(actor=staff, result=result)
    pages += [url(track, "result-check")]
    read_all()


def test_admin_shows_and_changes_nothing(tmp_path: Path) -> None:
    awards.published(folder=tmp_path)
    client = client_of(operator())
    for (
        model
    ) in "juror juryscore machinescore prizepool result resultline award ledgerline".split():
        assert client.get(reverse(f"admin:awards_{model}_changelist")).status_code == 200
        assert client.get(reverse(f"admin:awards_{model}_add")).status_code == 403
    pool = PrizePool.objects.get()
    page = client.get(reverse("admin:awards_prizepool_change", args=[pool.pk]))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
