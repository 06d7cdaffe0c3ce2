"""The evaluators of a season's folder: evaluators/<name>/evaluator.toml, named by tracks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from concours.platform.seasons.schema import SeasonData, TrackData

if TYPE_CHECKING:
    from concours.platform.competitions.models import Track

FOLDER = "evaluators"
Say = Callable[..., None]


def check_evaluators(season: SeasonData, root: Path, say: Say) -> None:
    """Report what is wrong with the evaluators that tracks name; the others are not looked at."""
    from concours import evaluation

    for track in season.tracks:
        if not track.evaluator:
            continue
        if not (root / FOLDER / track.evaluator).is_dir():
            say(
                track.file,
                "evaluator",
                f"there is no evaluator {track.evaluator}",
                f"write {FOLDER}/{track.evaluator}/evaluator.toml",
            )
            continue
        try:
            evaluation.load(root / FOLDER / track.evaluator)
        except evaluation.BadEvaluator as error:
            for fault in error.faults:
                file = f"{FOLDER}/{track.evaluator}/{fault.file}"
                say(file, fault.place, fault.problem, fault.mend)


def attach_evaluator(*, actor: Any, track: Track, data: TrackData, root: Path) -> bool:
    """Take in the evaluator that the track names, where its version is new; whether it was."""
    # Checking a folder needs no Django, so that this is not imported above.
    from concours.platform.evaluations import domain as evaluations

    if not data.evaluator:
        return False
    before = track.evaluators.count()
    evaluations.attach_evaluator(actor=actor, track=track, folder=root / FOLDER / data.evaluator)
    if track.evaluators.count() == before:
        return False
    _make_boards(actor=actor, track=track)
    return True


def _make_boards(*, actor: Any, track: Track) -> None:
    """A leaderboard of each split that has none: public, but for the final's."""
    from concours.platform.evaluations.domain import active_evaluator
    from concours.platform.evaluations.enums import Split
    from concours.platform.leaderboards.domain import create_board
    from concours.platform.leaderboards.enums import Visibility

    evaluator = active_evaluator(track=track)
    there = set(track.boards.values_list("split", flat=True))
    for split in evaluator.manifest["splits"] if evaluator else ():
        if split not in there:
            visibility = Visibility.SEALED if split == Split.FINAL else Visibility.PUBLIC
            create_board(actor=actor, track=track, split=split, visibility=visibility)
