"""Review rounds at each of their stages, made through the domain functions."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from concours.platform.accounts.models import User
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Entry, Track
from concours.platform.core import clock
from concours.platform.review import domain
from concours.platform.review.models import Assignment, ReviewRound, Rubric, StandingSnapshot
from tests.factories import competitions
from tests.factories.competitions import ACTOR, day

SPRING = datetime.fromisoformat("2023-02-01T12:00:00+00:00")
OPENS = day(2023, 3, 2)
CLOSES = day(2023, 4, 1)
DURING = day(2023, 3, 10)
AFTER = day(2023, 4, 2)
SEED = bytes(range(32))
_numbers = count(1)

CRITERIA = (
    domain.CriterionPlan(
        key="idea", title="Idea", title_zh="创意", description="Is it new?", weight=2, max_points=5
    ),
    domain.CriterionPlan(key="code", title="Code", title_zh="代码", weight=1, max_points=10),
)


def rubric(**fields: Any) -> Rubric:
    """A rubric of two criteria: idea (weight 2, 0..5) and code (weight 1, 0..10)."""
    return domain.create_rubric(
        actor=ACTOR,
        slug=fields.pop("slug", f"rubric-{next(_numbers)}"),
        title=fields.pop("title", "Rubric"),
        title_zh=fields.pop("title_zh", "评分标准"),
        criteria=fields.pop("criteria", CRITERIA),
    )


def planned(*, entries: int = 0, folder: Path | None = None, **fields: Any) -> ReviewRound:
    """A planned round of a new track with that many entries; the clock of the call is not used."""
    with clock.frozen_at(SPRING):
        track = fields.pop("track", None) or competitions.track(
            reviews_per_entry=fields.pop("reviews_per_entry", 3),
            finalists=fields.pop("finalists", 3),
        )
        for _ in range(entries):
            assert folder is not None, "entries need a folder for their archives"
            ready_entry(track, folder)
        return domain.plan_round(
            actor=ACTOR,
            track=track,
            rubric=fields.pop("rubric", None) or rubric(),
            opens_at=OPENS,
            closes_at=CLOSES,
            seed=fields.pop("seed", SEED),
            **fields,
        )


def ready_entry(track: Track, folder: Path, **fields: Any) -> Entry:
    """An entry with a submission. Needs the clock in registration."""
    made = competitions.entry(in_track=track, **fields)
    competitions.submission(of=made, folder=folder)
    return made


def assigned(**fields: Any) -> ReviewRound:
    """A round whose reviews are assigned; its track is in peer review."""
    made = planned(**fields)
    to_review(made)
    with clock.frozen_at(OPENS - timedelta(hours=1)):
        return domain.assign_reviews(actor=ACTOR, round=made)


def to_review(round_: ReviewRound) -> Track:
    """The round's track, advanced to its peer review."""
    track = competitions.advance(round_.track, to=PhaseKind.PEER_REVIEW)
    round_.track = track
    return track


def write(duty: Assignment, *, idea: int = 3, code: int = 6, comment: str = "Good.") -> None:
    """The duty's review, by its reviewer, in the middle of the round."""
    with clock.frozen_at(DURING):
        domain.submit_review(
            actor=duty.reviewer,
            assignment=duty,
            scores={"idea": idea, "code": code},
            comment=comment,
            private_comment="for staff",
        )


def write_all(round_: ReviewRound, *, but: tuple[User, ...] = ()) -> None:
    """All reviews, with points that follow from the entry's key; none by the people in `but`."""
    entries = sorted(set(round_.assignments.values_list("entry_id", flat=True)))
    for duty in round_.assignments.select_related("reviewer").order_by("pk"):
        if duty.reviewer not in but:
            place = entries.index(duty.entry_id)
            write(duty, idea=place % 6, code=min(10, place))


def closed(*, but_first: bool = False, **fields: Any) -> ReviewRound:
    """A closed round with all reviews written, but for those of the first reviewer if asked."""
    made = assigned(**fields)
    first = made.assignments.order_by("pk").first()
    assert first is not None
    write_all(made, but=(first.reviewer,) if but_first else ())
    with clock.frozen_at(AFTER):
        return domain.close_round(actor=ACTOR, round=made)


def computed(**fields: Any) -> StandingSnapshot:
    made = closed(**fields)
    with clock.frozen_at(AFTER):
        return domain.compute_standings(actor=ACTOR, round=made)


def published(**fields: Any) -> StandingSnapshot:
    made = computed(**fields)
    with clock.frozen_at(AFTER):
        return domain.publish_standings(actor=ACTOR, snapshot=made)
