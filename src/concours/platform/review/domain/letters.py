"""What reviewers are mailed when duties change hands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext

from concours.platform.core.text import localised
from concours.platform.review.domain.mailing import Letter, send_after_commit
from concours.platform.review.domain.refilling import Given
from concours.platform.review.enums import AssignmentState
from concours.platform.review.models import Assignment, ReviewRound

Words = Callable[[], tuple[str, str]]


def tell(
    locked: ReviewRound, *, lost: Sequence[Assignment] = (), given: Sequence[Given] = ()
) -> None:
    """Mail those who lost duties by other acts than their own, and those who got some."""
    rows = Assignment.objects.select_related("reviewer").in_bulk(
        [duty.pk for duty in lost] + [one.duty.pk for one in given]
    )
    late: dict[int, list[Assignment]] = {}
    for duty in lost:
        late.setdefault(duty.reviewer_id, []).append(duty)
    further: dict[int, int] = {}
    for one in given:
        further[one.duty.reviewer_id] = further.get(one.duty.reviewer_id, 0) + 1
    people = {row.reviewer_id: row.reviewer for row in rows.values()}
    letters = [
        Letter(person=people[key], words=_lost_words(locked, duties))
        for key, duties in sorted(late.items())
    ]
    letters += [
        Letter(person=people[key], words=_given_words(locked, number))
        for key, number in sorted(further.items())
    ]
    reached = [letter for letter in letters if letter.person.is_active]
    send_after_commit(reached)


def _lost_words(locked: ReviewRound, duties: Sequence[Assignment]) -> Words:
    count = len(duties)
    late = any(duty.state == AssignmentState.REPLACED for duty in duties)

    def words() -> tuple[str, str]:
        values = {"track": _title(locked), "count": count}
        body = (
            gettext(
                "Reviews that you owed in “%(track)s” were given to others, because you had "
                "written none so shortly before the close: %(count)d. They count as undone. What "
                "follows from that stands under “My reviews” and in the track’s rules.\n"
            )
            if late
            else gettext(
                "Reviews that you owed in “%(track)s” were taken from you: %(count)d. They count "
                "neither for nor against you.\n"
            )
        )
        return gettext("Reviews given to others: %(track)s") % values, body % values

    return words


def _given_words(locked: ReviewRound, count: int) -> Words:
    def words() -> tuple[str, str]:
        values = {
            "track": _title(locked),
            "count": count,
            "deadline": date_format(locked.closes_at, "DATETIME_FORMAT"),
        }
        return (
            gettext("Further reviews: %(track)s") % values,
            gettext(
                "Reviews in “%(track)s” have lost their reviewer and were given to you: "
                "%(count)d. The deadline is %(deadline)s (UTC).\n\n"
                "You find them under “My reviews”. They count once they are written; if you "
                "cannot write them, nothing follows from it.\n"
            )
            % values,
        )

    return words


def _title(locked: ReviewRound) -> str:
    return localised(locked.track, "title").replace("\n", " ")
