"""What could leak is there; nothing of it is on the page, in the API, or in a credential."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.test import Client

from concours.platform.accounts.models import User
from concours.platform.competitions.models import Entry
from concours.platform.core.errors import Refused
from concours.platform.profiles import domain
from concours.platform.record.models import Event
from concours.platform.review.models import Assignment, Review, ReviewRound
from tests.factories import awards, competitions, profiles

pytestmark = pytest.mark.django_db


def everything_of(user: User) -> str:
    """All that a stranger gets of somebody who shows and signs whatever they can."""
    profiles.shown(user)
    page = Client().get(f"/people/{user.code}/profile/").content.decode()
    chinese = Client(headers={"accept-language": "zh-hans"})
    api = json.dumps(Client().get(f"/api/v1/people/{user.code}/profile").json())
    try:
        credential = profiles.issued(user).document
    except Refused:
        credential = ""
    return "\n".join(
        [
            page,
            chinese.get(f"/people/{user.code}/profile/").content.decode(),
            api,
            credential,
            Client().get("/.well-known/did.json").content.decode(),
        ]
    )


def words_of_reviews(round_: ReviewRound, reviewer: User) -> Iterable[str]:
    """All by which a review of that reviewer could be known."""
    own = set(competitions_of(reviewer))
    duties = Assignment.objects.filter(round=round_).select_related("entry__team")
    for duty in duties:
        yield duty.code
        if duty.entry_id not in own:
            yield from (duty.entry.code, duty.entry.title, duty.entry.team.name)
        review = Review.objects.get(assignment=duty)
        yield from (review.comment, review.private_comment, review.salt)


def competitions_of(user: User) -> Iterable[int]:
    return Entry.objects.filter(participations__user=user).values_list("pk", flat=True)


def test_nothing_by_which_a_review_could_be_known_is_anywhere(tmp_path: Path) -> None:
    result = profiles.decided(folder=tmp_path)
    round_ = ReviewRound.objects.get(track=result.track)
    for number, review in enumerate(Review.objects.order_by("pk")):
        review.comment, review.private_comment = f"Comment{number:03}Bait", f"Private{number:03}"
        review.save(update_fields=["comment", "private_comment"])
    user = profiles.winner(result)
    for entry in Entry.objects.exclude(participations__user=user).select_related("team"):
        entry.team.name = f"Others{entry.pk:04}Team"
        entry.team.save()
    baits = set(words_of_reviews(round_, user))

    text = everything_of(user)

    assert len(baits) > 100
    assert "Peer reviews" in text
    assert [bait for bait in baits if bait in text] == []
    # Aliases are of two characters, which stand anywhere: so here is all that is told.
    [told] = domain.told_of(user=user, sections=["reviews"])
    [deed] = told.deeds
    assert deed.data == {
        "track": result.track.title,
        "season": result.track.season.title,
        "at_least": 2,
        "as_reviewers": 12,
        "released": deed.at.isoformat(),
    }


def test_the_events_that_are_named_are_of_no_review_and_of_no_ballot(tmp_path: Path) -> None:
    user = profiles.winner(profiles.decided(folder=tmp_path))
    profiles.shown(user)

    sections = Client().get(f"/api/v1/people/{user.code}/profile").json()["sections"]

    named = {
        Event.objects.get(seq=event["seq"]).verb
        for section in sections
        for deed in section["deeds"]
        for event in deed["events"]
    }
    assert named == {"result.published", "standings.published"}


def test_places_that_are_not_published_are_nowhere(tmp_path: Path) -> None:
    result = awards.computed(folder=tmp_path, entries=12)
    line = result.lines.order_by("position")[0]
    Entry.objects.filter(pk=line.entry_id).update(title="BaitOfADraft")
    user = competitions.captain_of(line.entry.team)

    text = everything_of(user)

    assert line.place == 1
    assert "BaitOfADraft" not in text
    assert line.entry.team.name not in text
    assert "Place 1" not in text


@pytest.mark.parametrize("section", profiles.ALL)
def test_a_section_that_is_not_chosen_is_nowhere(section: str, tmp_path: Path) -> None:
    user = profiles.winner(profiles.decided(folder=tmp_path))
    others = [one for one in profiles.ALL if one != section]
    told = {one.section.name: one for one in domain.told_of(user=user, sections=[section])}
    baits = {f'"{section}"', f"told-{section}"}
    for one in told.values():
        baits |= {str(one.section.label), *(deed.detail for deed in one.deeds)}

    profiles.shown(user, *others)
    page = Client().get(f"/people/{user.code}/profile/").content.decode()
    api = json.dumps(Client().get(f"/api/v1/people/{user.code}/profile").json())
    credential = profiles.issued(user, *others).document

    main = page.split("<main")[1].split("</main")[0]
    assert [bait for bait in baits if bait in f"{main}{api}{credential}"] == []


def test_people_beside_the_one_who_shows_are_not_named(tmp_path: Path) -> None:
    result = profiles.decided(folder=tmp_path)
    user = profiles.winner(result)
    mate = User.objects.create_user(email="mate@example.org", name="BaitOfAMate")
    user.memberships.get().team.memberships.create(user=mate, joined_at=result.published_at)

    text = everything_of(user)

    for other in User.objects.exclude(pk=user.pk):
        assert other.name not in text.replace("Personal", "")
        assert other.email not in text
        assert other.code not in text
    assert user.email not in text
