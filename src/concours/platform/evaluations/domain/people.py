"""What evaluation keeps of a person, and what a merge or an erasure means to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from concours.platform.accounts.domain.holdings import Erasing, Exported, Holding
from concours.platform.competitions.domain.people import without
from concours.platform.evaluations.enums import OPEN
from concours.platform.evaluations.models import Evaluation

TEXTS = ("log", "reason", "detail")


def against_merging(first: Any, second: Any) -> Iterator[str]:
    """Nothing: runs are of entries, and competitions answer for those."""
    yield from ()


def against_erasing(user: Any) -> Iterator[str]:
    """Runs under way: their archive may not go from under them."""
    runs = Evaluation.objects.filter(
        state__in=OPEN, submission__entry__team__memberships__user=user
    ).select_related("submission__entry__track")
    tracks = {run.submission.entry.track_id: run.submission.entry.track for run in runs}
    for track in tracks.values():
        yield (
            _("A run of your entry in the track “%(track)s” is under way: wait for its end.")
            % {"track": track}
        )


def exported(user: Any) -> Exported:
    """The runs of the person's submissions, without values: those of sealed cases are not theirs to
    see, and the pages show the others."""
    runs = Evaluation.objects.filter(submission__submitted_by=user, reevaluation="").order_by("pk")
    told = runs.values(
        "code", "submission__code", "split", "state", "reason", "queued_at", "finished_at"
    )
    return Exported(data={"runs": list(told)})


def moved(source: Any, target: Any) -> None:
    """Nothing beside the foreign keys."""


def erased(going: Erasing) -> None:
    """Take the person's name out of what the programs of their teams printed.

    Results and the files that runs left stay: boards follow from them, and their digests are known.
    """
    for run in Evaluation.objects.filter(submission__entry__team__memberships__user=going.user):
        changed = []
        for column in TEXTS:
            kept = without(getattr(run, column), going.names)
            if kept != getattr(run, column):
                setattr(run, column, kept)
                changed.append(column)
        if changed:
            run.save(update_fields=changed)


HOLDING = Holding(
    name="evaluations",
    against_merging=against_merging,
    against_erasing=against_erasing,
    exported=exported,
    moved=moved,
    erased=erased,
)
