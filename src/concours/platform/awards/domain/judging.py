"""The final as a juror sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concours.platform.awards.domain.contest import contest_of
from concours.platform.awards.domain.jury import conflicts_in
from concours.platform.awards.models import JuryScore
from concours.platform.awards.rules import serving_jurors
from concours.platform.competitions.domain import entries_by_id
from concours.platform.competitions.domain.lookups import latest_submission
from concours.platform.competitions.enums import PhaseKind, TrackState
from concours.platform.core import clock


@dataclass(frozen=True, kw_only=True)
class Finalist:
    """A finalist with the snapshot that is judged, the juror's own score, and whether the juror
    stands aside. `peer_milli` is its peer score, None in a track without peer review."""

    entry: Any
    submission: Any
    peer_milli: int | None
    score: JuryScore | None
    conflict: bool


def final_is_on(*, track: Any) -> bool:
    """Whether jurors can score now."""
    phase = track.phase
    return bool(
        track.state == TrackState.STARTED
        and phase is not None
        and phase.kind == PhaseKind.FINAL
        and phase.runs_at(clock.now())
    )


def finalists_for(*, user: Any, track: Any) -> list[Finalist]:
    """The track's finalists as the juror `user` scores them, in order of code: so that the order
    says nothing of their standing. Empty for whoever is not of the jury."""
    juror = serving_jurors(track).filter(user=user).first()
    if juror is None:
        return []
    contest = contest_of(track=track)
    aside = conflicts_in(track=track).get(juror.pk, {})
    scores = {score.entry_id: score for score in JuryScore.objects.filter(juror=juror)}
    entries = entries_by_id(ids=contest.finalist_ids)
    return [
        Finalist(
            entry=entry,
            submission=latest_submission(entry=entry),
            peer_milli=contest.peer_milli.get(pk),
            score=scores.get(pk),
            conflict=pk in aside,
        )
        for pk, entry in sorted(entries.items(), key=lambda item: item[1].code)
    ]
