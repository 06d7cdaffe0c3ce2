"""Pages and API: what people read and do, and what is not theirs to read."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from concours.governance import SENTENCES, preset_text
from concours.platform.core import clock
from concours.platform.governance import domain
from concours.platform.governance.enums import ReviewState, VoteState
from concours.platform.governance.models import AccessReview, Ballot, Charter, Membership, Vote
from concours.platform.governance.phrases import STEPS
from tests.factories import governance, register
from tests.factories.governance import ACTOR, NOW
from tests.factories.people import organiser, person

pytestmark = pytest.mark.django_db
PLACES = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


def url(page: str, *parts: Any) -> str:
    return reverse(f"governance:{page}", args=parts)


def signed_in(client: Client, user: Any) -> Client:
    client.force_login(user)
    return client


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_an_organiser_adopts_seats_asks_calls_and_a_member_votes(client: Client) -> None:
    staff, member = organiser(), person(name="Mem Ber", email="member@example.org")
    project = register.project(stage="preparation")
    signed_in(client, staff)

    client.post(url("adopt"), {"text": preset_text("open-atom-like"), "threshold": "1/2"})
    body = governance.body("toc")
    client.post(url("seat", "toc"), {"person": "member@example.org", "role": "chair"})
    client.post(
        url("meeting", "toc"),
        {"title": "First", "held_at": NOW.strftime("%Y-%m-%dT%H:%M"), "present": [member.code]},
    )
    client.post(
        url("new-review"), {"project": project.slug, "to": "incubating", "summary": "Take us."}
    )
    review = AccessReview.objects.get()
    client.post(
        url("document", review.code), {"title": "Paper", "url": "https://example.org/paper"}
    )
    client.post(url("comment", review.code), {"text": "Good work."})
    client.post(url("call", review.code))
    vote = Vote.objects.get()
    signed_in(client, member)
    with clock.frozen_at(vote.opens_at):
        domain.tend_votes()
        waiting = text_of(client, url("overview"))
        page = text_of(client, url("vote", vote.code))
        client.post(url("cast", vote.code), {"choice": "1", "reason": "Well kept."})
        after = text_of(client, url("vote", vote.code))
    with clock.frozen_at(vote.closes_at):
        domain.tend_votes()
        result = text_of(client, url("vote", vote.code))
        shown = text_of(client, url("review", review.code))

    project.refresh_from_db()
    assert project.stage == "incubating"
    assert body.meetings.count() == 1
    assert "Your vote is awaited" in waiting
    assert 'type="radio"' in page
    assert "Well kept." in after
    assert "1/2 of 1 members are needed; 1 voted +1, which is 1." in result
    assert "Good work." in shown
    assert "the project was moved" in shown.lower()


def test_a_charter_is_read_with_its_threshold_and_sources(client: Client) -> None:
    charter = governance.charter("openssf")

    page = text_of(client, url("charter", charter.number))
    text = client.get(url("charter-text", charter.number))

    assert "It passes with 11/20 of all members." in page
    assert "github.com/ossf/tac" in page
    assert "Not confirmed" in page
    assert text.content.decode() == charter.text
    assert text["Content-Type"].startswith("text/plain")


def test_a_charter_with_faults_comes_back_with_them(client: Client) -> None:
    signed_in(client, organiser())

    unset = client.post(url("adopt"), {"text": preset_text("open-atom-like")})
    broken = client.post(url("adopt"), {"text": "format = 1"})
    share = client.post(url("adopt"), {"text": preset_text("open-atom-like"), "threshold": "most"})

    assert "Set the threshold of toc-vote first" in unset.content.decode()
    assert "name: is missing" in broken.content.decode()
    assert "A threshold is a fraction" in share.content.decode()
    assert not Charter.objects.exists()


@pytest.mark.parametrize("page", ["adopt", "new-review"])
def test_pages_of_staff_are_not_there_for_others(client: Client, page: str) -> None:
    assert client.get(url(page)).status_code == 404
    assert signed_in(client, person()).get(url(page)).status_code == 404


def test_acts_of_staff_are_refused_to_others(client: Client) -> None:
    governance.charter()
    [member] = governance.members(1)
    vote = governance.opened()
    signed_in(client, member)
    seat = Membership.objects.get()

    for page, *parts in (
        ("call", vote.review.code),
        ("decide", vote.review.code),
        ("withdraw", vote.review.code),
        ("document", vote.review.code),
        ("call-off", vote.code),
        ("seat", "pmc"),
        ("meeting", "pmc"),
        ("unseat", "pmc", seat.code),
    ):
        assert client.post(url(page, *parts)).status_code == 404, page


def test_a_stranger_casts_nothing(client: Client) -> None:
    governance.charter()
    governance.members(1)
    vote = governance.opened()

    with clock.frozen_at(vote.opens_at):
        answer = signed_in(client, person()).post(url("cast", vote.code), {"choice": "1"})

    assert answer.status_code == 403
    assert not Ballot.objects.exists()


def test_who_stands_aside_reads_why_and_votes_no_more(client: Client) -> None:
    governance.charter()
    [member] = governance.members(1)
    vote = governance.opened()
    signed_in(client, member)

    with clock.frozen_at(vote.opens_at):
        client.post(url("aside", vote.code), {"reason": "A friend."})
        page = text_of(client, url("vote", vote.code))
        cast = client.post(url("cast", vote.code), {"choice": "1"})

    assert "You stand aside from this vote." in page
    assert "You stand aside from this vote." in cast.content.decode()
    assert not Ballot.objects.exists()


def test_staff_end_roles_decide_withdraw_and_call_off(client: Client) -> None:
    governance.charter("open-atom-like")
    [member] = governance.members(1, of="toc")
    project = register.project(stage="candidate")
    review = governance.review(project=project, to="preparation")
    signed_in(client, organiser())

    client.post(url("decide", review.code), {"passes": "yes", "reason": "Complete."})
    other = governance.review()
    vote = governance.called(of=other)
    client.post(url("call-off", vote.code), {"reason": "Not yet."})
    client.post(url("withdraw", other.code), {"reason": "Later."})
    client.post(url("unseat", "toc", member.body_memberships.get().code))

    for row in (project, other, vote):
        row.refresh_from_db()
    assert project.stage == "preparation"
    assert (other.state, vote.state) == (ReviewState.WITHDRAWN, VoteState.VOID)
    assert member.body_memberships.get().until == NOW
    assert "Not yet." in text_of(client, url("vote", vote.code))


def test_a_secret_ballot_is_shown_to_its_voter_alone(client: Client) -> None:
    governance.secret_charter()
    people = governance.members(5)
    vote = governance.opened()
    for one in people[:4]:
        governance.cast(vote, one, reason="Fine.")
    own = domain.opened(governance.cast(vote, people[4], -1, reason="BaitOfTheFifth"))
    baits = ("BaitOfTheFifth", own.tracker, own.salt)
    addresses = [
        url("vote", vote.code),
        url("review", vote.review.code),
        url("overview"),
        f"/api/v1/governance/votes/{vote.code}",
        f"/record/?subject=vote:{vote.code}",
        f"/api/v1/record/events?subject=vote:{vote.code}",
        "/search/?q=BaitOfTheFifth",
    ]
    readers = [None, people[0], organiser(), person(is_superuser=True, is_staff=True)]

    with clock.frozen_at(vote.opens_at):
        for reader in readers:
            client.logout()
            if reader is not None:
                client.force_login(reader)
            for address in addresses:
                shown = client.get(address).content.decode().replace("q=BaitOfTheFifth", "")
                found = [bait for bait in baits if bait in shown and "search" not in address]
                assert found == [], (reader, address)
        signed_in(client, people[4])
        mine = text_of(client, url("vote", vote.code))
        through = client.get(f"/api/v1/governance/votes/{vote.code}").json()

    assert all(bait in mine for bait in baits)
    assert through["own"] == {
        "choice": -1,
        "reason": "BaitOfTheFifth",
        "tracker": own.tracker,
        "salt": own.salt,
    }
    assert (through["ballots"], through["listed"], through["outcome"]) == ([], [], {})


def test_after_the_end_secret_ballots_are_listed_without_voters(client: Client) -> None:
    governance.secret_charter()
    people = governance.members(4)
    vote = governance.opened()
    for one in people:
        governance.cast(vote, one, reason=f"So says {one.pk}")
    vote = governance.closed(vote)

    answer = client.get(f"/api/v1/governance/votes/{vote.code}").json()

    assert answer["ballots"] == []
    assert [one["tracker"] for one in answer["listed"]] == sorted(
        domain.opened(ballot).tracker for ballot in Ballot.objects.all()
    )
    assert sorted(answer["outcome"]) == sorted(
        ["result", "yes", "no", "abstain", "vetoes", "members", "quorum_of", "steps"]
    )
    page = text_of(client, url("vote", vote.code))
    # Names stand among the electorate alone: each once.
    assert [page.count(one.display_name) for one in people] == [1, 1, 1, 1]


def test_open_ballots_are_read_by_everyone(client: Client) -> None:
    governance.charter()
    [member] = governance.members(1)
    vote = governance.opened()
    governance.cast(vote, member, -1, reason="The licence.")
    governance.cast(vote, member, 1)

    answer = client.get(f"/api/v1/governance/votes/{vote.code}").json()
    page = text_of(client, url("vote", vote.code))

    assert [(one["choice"], one["counts"]) for one in answer["ballots"]] == [
        (-1, False),
        (1, True),
    ]
    assert "The licence." in page
    assert member.code not in page
    assert member.code not in str(answer)


def test_the_api_casts_and_stands_aside(client: Client) -> None:
    governance.charter()
    first, second = governance.members(2)
    vote = governance.opened()
    address = f"/api/v1/governance/votes/{vote.code}"

    with clock.frozen_at(vote.opens_at):
        unsigned = client.post(f"{address}/ballot", {"choice": 1}, "application/json")
        signed_in(client, first)
        cast = client.post(f"{address}/ballot", {"choice": 1}, "application/json")
        wrong = client.post(f"{address}/ballot", {"choice": 2}, "application/json")
        lacking = client.post(f"{address}/ballot", {"choice": -1}, "application/json")
        signed_in(client, second)
        aside = client.post(f"{address}/aside", {"reason": "A friend."}, "application/json")

    assert (unsigned.status_code, cast.status_code, wrong.status_code) == (401, 200, 422)
    assert lacking.json()["code"] == "reason-needed"
    assert [one["without_vote"] for one in aside.json()["voters"]] == ["", "recused"]


def test_the_api_tells_charter_bodies_and_reviews(client: Client) -> None:
    assert client.get("/api/v1/governance/charter").status_code == 404
    charter = governance.charter()
    [member] = governance.members(1)
    reviews = [governance.review() for _ in range(3)]
    vote = governance.called(of=reviews[0])

    told = client.get("/api/v1/governance/charter").json()
    body = client.get("/api/v1/governance/bodies/pmc").json()
    page = client.get("/api/v1/governance/access-reviews?limit=2").json()
    rest = client.get(f"/api/v1/governance/access-reviews?cursor={page['next']}").json()
    one = client.get(f"/api/v1/governance/access-reviews/{reviews[0].code}").json()

    assert told["digest"] == charter.digest
    assert [seat["name"] for seat in body["members"]] == [member.display_name]
    assert [row["code"] for row in page["items"] + rest["items"]] == [r.code for r in reviews]
    assert [row["code"] for row in one["votes"]] == [vote.code]


def test_every_page_reads_in_chinese(client: Client) -> None:
    charter = governance.charter()
    people = governance.members(4)
    vote = governance.opened()
    for one in people:
        governance.cast(vote, one)
    vote = governance.closed(vote)
    addresses = [
        url("overview"),
        url("charter", charter.number),
        url("body", "pmc"),
        url("reviews"),
        url("review", vote.review.code),
        url("vote", vote.code),
    ]

    for address in addresses:
        page = client.get(address, headers={"accept-language": "zh-hans"}).content.decode()
        assert "治理" in page, address


def test_steps_are_worded_as_the_engine_has_them() -> None:
    places = {
        code: [
            {next(filter(None, one)) for one in PLACES.findall(str(text[code]))} for text in both
        ]
        for both in [(SENTENCES, STEPS)]
        for code in SENTENCES
    }

    assert set(STEPS) == set(SENTENCES)
    assert all(first == second for first, second in places.values())


def test_comments_are_for_the_signed_in_while_the_review_is_open(client: Client) -> None:
    governance.charter()
    review = governance.review()

    anonymous = client.post(url("comment", review.code), {"text": "Hello"})
    signed_in(client, person(name="Some Body"))
    client.post(url("comment", review.code), {"text": "<b>Hello</b>"})
    domain.withdraw_review(actor=ACTOR, review=review, reason="Later.")
    late = client.post(url("comment", review.code), {"text": "Late"})

    page = text_of(client, url("review", review.code))
    assert anonymous.status_code in {302, 403}
    assert "&lt;b&gt;Hello&lt;/b&gt;" in page
    assert "This access review has ended." in late.content.decode()


def test_each_form_of_a_review_asks_its_own_question_alone(client: Client) -> None:
    governance.charter()
    review = governance.review()
    page = text_of(signed_in(client, organiser()), url("review", review.code))
    asked = dict(re.findall(r'action="([^"]+)"[^>]*?(?:data-confirm="([^"]+)")?>', page))
    assert asked[url("comment", review.code)] == ""
    assert asked[url("document", review.code)] == ""
    assert asked[url("call", review.code)].startswith("Call the vote?")


def test_no_two_fields_of_a_page_have_the_same_id(client: Client) -> None:
    governance.charter("open-atom-like")
    people = governance.members(2, of="toc")
    office = governance.review(project=register.project(stage="candidate"), to="preparation")
    vote = governance.opened()
    signed_in(client, organiser())
    pages = [text_of(client, url("review", office.code)), text_of(client, url("vote", vote.code))]
    signed_in(client, people[0])
    with clock.frozen_at(vote.opens_at):
        pages.append(text_of(client, url("vote", vote.code)))
    for page in pages:
        ids = re.findall(r'<(?:input|select|textarea)[^>]*? id="([^"]+)"', page)
        assert len(ids) == len(set(ids)), ids
    assert 'id="id_aside_reason"' in pages[2]


def test_in_chinese_no_page_of_a_charter_shows_short_names_or_english_of_ours(
    client: Client,
) -> None:
    signed_in(client, organiser())
    governance.charter()
    governance.members(1)
    client.cookies["django_language"] = "zh-hans"
    number = Charter.objects.latest("number").number

    adopt = text_of(client, url("adopt"))
    charter = text_of(client, url("charter", number))
    body = text_of(client, url("body", governance.body().slug))

    assert "开放原子式章程" in adopt
    assert ">open-atom-like<" not in adopt
    assert "本预设的理解" in charter
    assert "This preset" not in charter
    assert "登录时间" not in body
