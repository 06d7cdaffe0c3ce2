"""Committee work that people may show: seats, and open votes in which they took part."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from concours.platform.accounts.domain.deeds import Deed, Section, recorded, span
from concours.platform.core import clock
from concours.platform.governance.enums import VoteState
from concours.platform.governance.models import Ballot, Membership, Vote
from concours.platform.governance.phrases import role_name
from concours.platform.record import domain as record


def committees_of(user: Any) -> Iterator[Deed]:
    """The seats of `user` in public bodies, the newest first.

    Votes are counted where ballots are open. Whether somebody has cast a secret one is not told.
    """
    rows = Membership.objects.filter(user=user, since__lte=clock.now()).select_related("body")
    seats = list(rows.order_by("-since", "-pk"))
    if not seats:
        return
    names = {f"body:{seat.body.slug}" for seat in seats}
    seated = record.of_subjects(subjects=names, verbs=["member.seated"])
    codes = _codes_of(user)
    voted = _open_votes(user)
    for seat in seats:
        found = [
            event
            for event in seated.get(f"body:{seat.body.slug}", [])
            if _is_of(seat, json.loads(event.data), codes)
        ]
        if found:
            yield _deed(seat, found[-1], _within(seat, voted))


def _codes_of(user: Any) -> frozenset[str]:
    """The person's code, and those of accounts that were merged into theirs."""
    merged = get_user_model()._default_manager.filter(merged_into=user)
    return frozenset({user.code, *merged.values_list("code", flat=True)})


def _is_of(seat: Membership, data: dict[str, Any], codes: frozenset[str]) -> bool:
    return data["member"] in codes and data["since"] == seat.since.isoformat()


def _open_votes(user: Any) -> list[tuple[Vote, Any]]:
    """Open votes that were counted and in which a ballot of `user` stands, with their events."""
    ballots = Ballot.objects.filter(voter=user, current=True, vote__state=VoteState.CLOSED)
    votes = [row.vote for row in ballots.select_related("vote").order_by("vote__ended_at")]
    names = {vote.pk: record.subject_name(vote) for vote in votes if not vote.secret}
    closed = record.of_subjects(subjects=list(names.values()), verbs=["vote.closed"])
    return [
        (vote, closed[names[vote.pk]][-1])
        for vote in votes
        if vote.pk in names and names[vote.pk] in closed
    ]


def _within(seat: Membership, voted: list[tuple[Vote, Any]]) -> list[Any]:
    return [
        event
        for vote, event in voted
        if vote.body_id == seat.body_id
        and seat.since <= vote.closes_at
        and (seat.until is None or vote.opens_at < seat.until)
    ]


def _deed(seat: Membership, seated: Any, votes: list[Any]) -> Deed:
    held = span(seat.since, seat.until)
    counted = ngettext(
        "took part in %(number)d open vote", "took part in %(number)d open votes", len(votes)
    ) % {"number": len(votes)}
    return Deed(
        title=f"{seat.body}: {role_name(seat.role)}",
        detail=f"{held} · {counted}" if votes else held,
        at=seat.since,
        href=reverse("governance:body", args=[seat.body.slug]),
        events=recorded([seated, *votes]),
        data={
            "body": seat.body.name,
            "role": seat.role,
            "since": seat.since.isoformat(),
            "until": seat.until.isoformat() if seat.until is not None else None,
            "open_votes": len(votes),
        },
    )


COMMITTEES = Section(
    name="committees",
    label=gettext_lazy("Committee work"),
    position=50,
    deeds=committees_of,
    note=gettext_lazy("Votes are counted where ballots are open; secret ones are not told."),
)
