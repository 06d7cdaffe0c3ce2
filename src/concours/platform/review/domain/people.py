"""What peer review keeps of a person, and what a merge or an erasure means to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from concours.platform.accounts.domain.holdings import Erasing, Exported, Holding
from concours.platform.competitions.domain.people import only_of, without
from concours.platform.review.domain.anonymous import forget_snapshots
from concours.platform.review.domain.identities import aliases_of, pass_aliases_on
from concours.platform.review.enums import AliasKind, AssignmentState, RoundState
from concours.platform.review.models import (
    Assignment,
    EmergencyReviewer,
    IdentityAlarm,
    Rebuttal,
    Review,
    RoundEntry,
    UsefulnessRating,
)


def against_merging(first: Any, second: Any) -> Iterator[str]:
    """A person does not judge their own work, nor settle an alarm about themselves."""
    for reviewer, author in ((first, second), (second, first)):
        judged = Assignment.objects.filter(
            reviewer=reviewer, entry__participations__user=author
        ).select_related("round__track")
        for duty in judged:
            yield (
                _("One account reviews an entry of the other in the track “%(track)s”.")
                % {"track": duty.round.track}
            )
        if IdentityAlarm.objects.filter(reader=reviewer, settled_by=author).exists():
            yield _("One account settled an alarm about the other.")
    for named in EmergencyReviewer.objects.filter(user__in=(first, second)).select_related(
        "round__track"
    ):
        other = second if named.user_id == first.pk else first
        reserve = EmergencyReviewer.objects.filter(round=named.round, user=other)
        owing = Assignment.objects.filter(round=named.round, reviewer=other)
        if reserve.exists() or owing.exists():
            yield (_("One account is an emergency reviewer in a track in which the other reviews."))


def against_erasing(user: Any) -> Iterator[str]:
    """Reviews that are still owed, and could still be written."""
    owed = Assignment.objects.filter(
        reviewer=user, state=AssignmentState.PENDING, round__state=RoundState.ASSIGNED
    )
    tracks = {duty.round.track_id: duty.round.track for duty in owed.select_related("round__track")}
    for track in tracks.values():
        yield (
            _("You owe reviews in the track “%(track)s”: write them, or wait for the deadline.")
            % {"track": track}
        )


def exported(user: Any) -> Exported:
    """One's reviews, answers and ratings, of entries and reviewers as one knows them."""
    reviews = Review.objects.filter(assignment__reviewer=user).select_related("assignment__round")
    rows = []
    for review in reviews.order_by("pk"):
        duty = review.assignment
        alias = aliases_of(round=duty.round, kind=AliasKind.ENTRY, subject_ids=[duty.entry_id])
        rows.append(
            {
                "duty": duty.code,
                "entry": alias[duty.entry_id],
                "scores": review.scores,
                "comment": review.comment,
                "private_comment": review.private_comment,
                "llm_used": review.llm_used,
                "llm_text": review.llm_text,
                "submitted_at": review.submitted_at,
                "updated_at": review.updated_at,
            }
        )
    return Exported(data={"reviews": rows, "answers": _answers(user), "ratings": _ratings(user)})


def _answers(user: Any) -> list[dict[str, Any]]:
    """What the person answered to reviews of their team's entries, by the reviewers' aliases."""
    answers = Rebuttal.objects.filter(written_by=user).select_related("review__assignment__entry")
    return [
        {**_received(answer.review), "text": answer.text, "written_at": answer.written_at}
        for answer in answers.order_by("pk")
    ]


def _ratings(user: Any) -> list[dict[str, Any]]:
    ratings = UsefulnessRating.objects.filter(rated_by=user).select_related(
        "review__assignment__entry"
    )
    return [
        {**_received(one.review), "rating": one.rating, "rated_at": one.rated_at}
        for one in ratings.order_by("pk")
    ]


def _received(review: Review) -> dict[str, str]:
    duty = review.assignment
    alias = aliases_of(round=duty.round, kind=AliasKind.REVIEWER, subject_ids=[duty.reviewer_id])
    return {"entry": duty.entry.code, "reviewer": alias[duty.reviewer_id]}


def moved(source: Any, target: Any) -> None:
    """Aliases name people by key, without a foreign key."""
    pass_aliases_on(source_id=source.pk, target_id=target.pk)


def erased(going: Erasing) -> None:
    """Reviews stay as they are: the record holds their digests, and standings follow from them.

    What an entry said of itself when reviewers were drawn loses the person's name. Where texts
    were compared for the draw, that draw is then no longer computed again from the database.
    What reviewers got of archives that go with the person goes too.
    """
    forget_snapshots(submissions=only_of(going.user))
    for row in RoundEntry.objects.filter(entry__team__memberships__user=going.user).exclude(
        text=""
    ):
        kept = without(row.text, going.names)
        if kept != row.text:
            row.text = kept
            row.save(update_fields=["text"])


HOLDING = Holding(
    name="review",
    against_merging=against_merging,
    against_erasing=against_erasing,
    exported=exported,
    moved=moved,
    erased=erased,
)
