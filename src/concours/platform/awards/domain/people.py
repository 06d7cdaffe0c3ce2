"""What juries keep of a person, and what a merge or an erasure means to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from concours.platform.accounts.domain.holdings import Erasing, Exported, Holding
from concours.platform.awards.enums import ResultState
from concours.platform.awards.models import Juror, JuryScore


def against_merging(first: Any, second: Any) -> Iterator[str]:
    """Jurors do not compete. What a juror scored is sealed under their code, and cannot move."""
    if JuryScore.objects.filter(juror__user=second).exists():
        yield _("The other account has scored as a juror: sign in to that one and merge this one.")
    for juror, other in ((first, second), (second, first)):
        seats = Juror.objects.filter(user=juror)
        for seat in seats.filter(track__participations__user=other).select_related("track"):
            yield (
                _("One account is of the jury, the other takes part in the track “%(track)s”.")
                % {"track": seat.track}
            )
    shared_tracks = Juror.objects.filter(user=first).values("track_id")
    for shared in Juror.objects.filter(user=second, track_id__in=shared_tracks).select_related(
        "track"
    ):
        yield _("Both accounts are of the jury of “%(track)s”.") % {"track": shared.track}


def against_erasing(user: Any) -> Iterator[str]:
    """Seats in juries whose track has no published result."""
    seats = Juror.objects.filter(user=user, removed_at__isnull=True).exclude(
        track__results__state=ResultState.PUBLISHED
    )
    for seat in seats.select_related("track"):
        yield (
            _("You are of the jury of “%(track)s”: have an organiser take you out of it.")
            % {"track": seat.track}
        )


def exported(user: Any) -> Exported:
    scores = JuryScore.objects.filter(juror__user=user).order_by("pk")
    seats = Juror.objects.filter(user=user).order_by("pk")
    return Exported(
        data={
            "juries": list(seats.values("track__slug", "appointed_at", "removed_at")),
            "scores": list(
                scores.values("track__slug", "entry__code", "points_milli", "comment", "scored_at")
            ),
        }
    )


def moved(source: Any, target: Any) -> None:
    """Nothing beside the foreign keys."""


def erased(going: Erasing) -> None:
    """Scores stay as they are: the record holds their seals, and the result follows from them."""


HOLDING = Holding(
    name="awards",
    against_merging=against_merging,
    against_erasing=against_erasing,
    exported=exported,
    moved=moved,
    erased=erased,
)
