"""The end of a round: duties left undone become defaults, with the consequences of the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.domain import disqualify_entry, entries_by_id, lock_entries
from concours.platform.competitions.enums import EntryState
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.text import localised
from concours.platform.record import domain as record
from concours.platform.review.domain.consequences import (
    DISQUALIFIED,
    PHRASES,
    Duty,
    duties_by_entry,
    following,
)
from concours.platform.review.domain.mailing import Letter, send_after_commit
from concours.platform.review.domain.rounds import lock_round
from concours.platform.review.enums import AssignmentState, RoundState
from concours.platform.review.methods import methods_of
from concours.platform.review.models import Assignment, ReviewRound


@transaction.atomic
def close_round(*, actor: Any, round: ReviewRound) -> ReviewRound:  # noqa: A002
    """Close the reviews after their deadline; what is still to do becomes a default.

    What the round's rules name follows at once, each with an event and a mail to the reviewer.
    Raises Refused before the deadline and unless reviews are assigned and open.
    """
    lock_entries(track=round.track, keys=_entries_behind(round))
    locked = lock_round(round)
    require(actor, "review.run_round", locked)
    if locked.state == RoundState.PLANNED:
        raise Refused("not-assigned", _("Reviews are not assigned yet."))
    if locked.state != RoundState.ASSIGNED:
        raise Refused("closed-already", _("Reviews are closed already."))
    moment = clock.now()
    if moment < locked.closes_at:
        raise Refused("deadline-ahead", _("Reviewers have until the deadline; close after it."))
    pending = Assignment.objects.filter(round=locked, state=AssignmentState.PENDING)
    codes = sorted(pending.values_list("code", flat=True))
    pending.update(state=AssignmentState.DEFAULTED)
    locked.state, locked.closed_at = RoundState.CLOSED, moment
    locked.save(update_fields=["state", "closed_at"])
    record.append(
        actor=actor,
        verb="round.closed",
        subject=locked,
        season=locked.track.season.slug,
        data={"defaulted": codes},
    )
    _follow(actor, locked)
    return locked


def _entries_behind(round_: ReviewRound) -> set[int]:
    """Keys of the entries whose reviews are not all in: what follows may take them out."""
    behind = round_.assignments.exclude(state=AssignmentState.SUBMITTED)
    return set(behind.exclude(reviewer_entry=None).values_list("reviewer_entry_id", flat=True))


def _follow(actor: Any, locked: ReviewRound) -> None:
    """What follows from undone duties, entry by entry."""
    methods = methods_of(locked.params)
    undone = {key: duty for key, duty in duties_by_entry(locked).items() if duty.defaulted}
    found = {key: following(duty, methods) for key, duty in undone.items()}
    entries = entries_by_id(ids=[key for key, codes in found.items() if codes])
    letters = []
    for key in sorted(entries):
        entry, duty, codes = entries[key], undone[key], found[key]
        if entry.state != EntryState.ENTERED:
            continue
        record.append(
            actor=actor,
            verb="duty.undone",
            subject=entry,
            season=locked.track.season.slug,
            data={"owed": duty.owed, "undone": duty.defaulted, "follows": codes},
        )
        if DISQUALIFIED in codes:
            with translation.override(entry.reviewer.language or "en"):
                reason = _reason(duty)
            disqualify_entry(actor=actor, entry=entry, reason=reason)
        letters.append(Letter(person=entry.reviewer, words=_words(locked, duty, codes)))
    send_after_commit(letters)


def _reason(duty: Duty) -> str:
    return gettext("Of %(owed)d reviews that the entry owed, %(undone)d are undone.") % {
        "owed": duty.owed,
        "undone": duty.defaulted,
    }


def _words(locked: ReviewRound, duty: Duty, codes: Sequence[str]) -> Any:
    phrases: Mapping[str, Any] = PHRASES

    def words() -> tuple[str, str]:
        title = {"track": localised(locked.track, "title").replace("\n", " ")}
        said = "\n".join(str(phrases[code]) for code in codes)
        told = gettext("If there was a reason, tell the organisers: they can excuse a duty.")
        return (
            gettext("Reviews left undone: %(track)s") % title,
            f"{_reason(duty)}\n\n{said}\n\n{told}\n",
        )

    return words
