"""Finals, juries, pools and results, made through the domain functions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from concours.platform.accounts.models import User
from concours.platform.awards import domain
from concours.platform.awards.enums import PaperKind
from concours.platform.awards.models import (
    Juror,
    MoneyRequest,
    Payout,
    PrizePool,
    Receipt,
    Result,
)
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Entry, Membership, Track
from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.review.domain import peer_results
from tests.factories import competitions, review
from tests.factories.competitions import ACTOR, day
from tests.factories.people import person

FINAL_OPENS = day(2023, 5, 1)
FINAL = day(2023, 6, 1)
FINAL_CLOSES = day(2023, 7, 1)
RESULT = day(2023, 7, 10)

PRIZES = [
    domain.PrizePlan(
        place_from=1, place_to=1, amount_minor=1_000_000, title="First prize", title_zh="一等奖"
    ),
    domain.PrizePlan(
        place_from=2, place_to=3, amount_minor=500_000, title="Second prize", title_zh="二等奖"
    ),
    domain.PrizePlan(
        place_from=4, place_to=5, amount_minor=100_001, title="Third prize", title_zh="三等奖"
    ),
]
"""Together 2,200,002 in minor units."""


def in_final(*, folder: Path, entries: int = 6, finalists: int = 3, **fields: Any) -> Track:
    """A track in its final: peer review over and its standings published."""
    with clock.frozen_at(review.SPRING):
        track = competitions.track(reviews_per_entry=2, finalists=finalists, **fields)
    snapshot = review.published(track=track, entries=entries, folder=folder)
    return competitions.advance(snapshot.round.track, to=PhaseKind.FINAL)


def without_peers(*, folder: Path, entries: int = 3, **fields: Any) -> Track:
    """A track without peer review, in its final: every entry with a snapshot is a finalist."""
    with clock.frozen_at(review.SPRING):
        track = competitions.track(weight_peer=0, **fields)
        for number in range(entries):
            review.ready_entry(track, folder, title=f"Work {number}")
    return competitions.advance(track, to=PhaseKind.FINAL)


def finalists(track: Track) -> list[Entry]:
    """The track's finalists in order of code."""
    results = peer_results(track=track)
    chosen = [pk for pk, found in results.items() if found.finalist]
    rows = track.entries.filter(pk__in=chosen) if results else track.entries.all()
    return list(rows.order_by("code"))


def juror(*, of: Track, user: User | None = None) -> Juror:
    with clock.frozen_at(FINAL_OPENS):
        return domain.appoint_juror(actor=ACTOR, track=of, user=user or person())


def score(*, by: Juror, entry: Entry, points_milli: int = 50_000, comment: str = "") -> None:
    """A juror's score in the middle of the final."""
    with clock.frozen_at(FINAL):
        domain.score_as_juror(
            actor=by.user, entry=entry, points_milli=points_milli, comment=comment
        )


def score_all(*, track: Track, points: list[int] | None = None) -> None:
    """Each serving juror scores every finalist: `points` in order of code, or 60, 70, 80 …"""
    for member in Juror.objects.filter(track=track, removed_at__isnull=True):
        for number, entry in enumerate(finalists(track)):
            given = points[number] if points else min(100_000, 60_000 + 10_000 * number)
            score(by=member, entry=entry, points_milli=given)


def machine(*, entry: Entry, points_milli: int = 40_000) -> None:
    domain.record_machine_score(
        actor=ACTOR, entry=entry, points_milli=points_milli, source="bench 1.0", digest="ab" * 32
    )


def pool(*, of: Track, **fields: Any) -> PrizePool:
    """A pool of 25,000 yuan with the prizes of PRIZES."""
    return domain.fund_pool(
        actor=ACTOR,
        track=of,
        currency=fields.pop("currency", "CNY"),
        total_minor=fields.pop("total_minor", 2_500_000),
        prizes=fields.pop("prizes", PRIZES),
        title=fields.pop("title", "Main pool"),
        **fields,
    )


def ready(*, folder: Path, jurors: int = 2, **fields: Any) -> Track:
    """A track in its result phase with every score and a pool: its result can be computed."""
    track = in_final(folder=folder, **fields)
    for _ in range(jurors):
        juror(of=track)
    score_all(track=track)
    pool(of=track)
    return competitions.advance(track, to=PhaseKind.RESULT)


def computed(**fields: Any) -> Result:
    with clock.frozen_at(RESULT):
        return domain.compute_result(actor=ACTOR, track=ready(**fields))


def published(**fields: Any) -> Result:
    with clock.frozen_at(RESULT):
        return domain.publish_result(actor=ACTOR, result=computed(**fields))


DESK = System("desk")
SECOND = System("second")
"""Two people at the desk, for what takes two."""


def payout(*, folder: Path, members: int = 1, **fields: Any) -> Payout:
    """The first prize of a published result, on hold; its team has `members` people."""
    result = published(folder=folder, **fields)
    first = Payout.objects.filter(pool__track=result.track).order_by("-amount_minor", "pk")[0]
    team = first.entry.team
    for _ in range(members - team.memberships.count()):
        # By hand: teams are fixed once registration is over.
        Membership.objects.create(team=team, user=person(), joined_at=FINAL)
    return first


def share(*, of: Payout, parts: list[int] | None = None) -> list[User]:
    """The shares of all members, equal or as given; the members, captain first."""
    members = [row.user for row in of.entry.team.memberships.order_by("-captain", "pk")]
    given = parts or [1] * len(members)
    domain.declare_shares(
        actor=members[0], payout=of, shares=dict(zip(members, given, strict=False))
    )
    return members


def papers(*, of: Payout) -> None:
    """Every paper that is missing is seen."""
    for lack in domain.lacks_of(of):
        domain.confirm_paper(
            actor=DESK, payout=of, kind=PaperKind(lack.kind), user=lack.user, what="seen"
        )


def released(*, folder: Path, parts: list[int] | None = None, **fields: Any) -> Payout:
    """A first prize that may be paid, shared among its members."""
    members = len(parts) if parts else 1
    made = payout(folder=folder, members=members, **fields)
    share(of=made, parts=parts)
    papers(of=made)
    decide(domain.ask_release(actor=DESK, payout=made))
    made.refresh_from_db()
    return made


def decide(request: MoneyRequest) -> MoneyRequest:
    """The second person confirms."""
    return domain.confirm_request(actor=SECOND, request=request)


def pay(*, of: Payout, user: User, amount_minor: int, reference: str = "T-1") -> Receipt:
    with clock.frozen_at(RESULT):
        return domain.pay_member(
            actor=DESK,
            payout=of,
            user=user,
            amount_minor=amount_minor,
            reference=reference,
            paid_on=RESULT.date(),
        )
