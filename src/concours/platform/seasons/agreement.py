"""How well standings agree with a true order, beside a plain Borda count."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy

from concours.peerreview import ReviewSet, borda
from concours.peerreview.errors import BadInput
from concours.peerreview.files import lines
from concours.platform.core.errors import Refused
from concours.platform.seasons.imports import Imported
from concours.platform.seasons.judged import Judged

FloatArray = npt.NDArray[np.float64]
BY_ID = "by-id"


@dataclass(frozen=True)
class Agreement:
    """Spearman's rank correlation with the true order, -1 .. 1, of the standings and of Borda."""

    standings: float
    borda: float


def read_truth(truth: str, data: Judged) -> FloatArray:
    """(n,) the true place of each entry, lower is better.

    `truth` is "by-id" (ids are numbers, the lowest is best) or the path of a file: without a
    header a list of ids, best first; with the header `id,place` or `id,quality` a value for each
    (the highest quality is best). Raises Refused for entries that are missing in it.
    """
    ids = [entry.id for entry in data.entries]
    try:
        if truth != BY_ID:
            return _from_file(Path(truth), ids)
        return np.array([float(name) for name in ids], dtype=np.float64)
    except BadInput as error:
        raise Refused("bad-truth", str(error)) from error
    except ValueError:
        raise Refused("bad-truth", "--truth by-id: not every id is a number") from None


def agreement(imported: Imported, data: Judged, truth: FloatArray) -> Agreement:
    """Of the published standings and of a Borda count over the same reviews. O(n log n)."""
    estimate = dict(imported.snapshot.standings.order_by().values_list("entry_id", "estimate"))
    quality = np.array([estimate[entry] for entry in imported.entry_ids], dtype=np.float64)
    return Agreement(
        standings=_spearman(quality, truth), borda=_spearman(borda(review_set(data)), truth)
    )


def review_set(data: Judged) -> ReviewSet:
    """The reviews as the engine takes them: of several criteria the mean of their shares."""
    done = [review for review in data.reviews if review.points is not None]
    shares = [
        np.mean([(one.points or {})[column.key] / column.most for column in data.columns])
        for one in done
    ]
    return ReviewSet(
        n_entries=len(data.entries),
        n_reviewers=len(data.entries),
        reviewer=np.array([one.reviewer_entry for one in done], dtype=np.int64),
        entry=np.array([one.entry for one in done], dtype=np.int64),
        score=np.array(shares, dtype=np.float64),
    )


def _spearman(quality: FloatArray, place: FloatArray) -> float:
    return float(scipy.stats.spearmanr(-quality, place).statistic)


def _from_file(path: Path, ids: list[str]) -> FloatArray:
    rows = list(lines(path))
    header = rows[0][1] if rows else []
    if header[:1] == ["id"]:
        if header not in (["id", "place"], ["id", "quality"]):
            raise BadInput(f"{path}:1: the header is to be id,place or id,quality")
        sign = 1.0 if header[1] == "place" else -1.0
        known = {cells[0]: sign * _number(path, line, cells) for line, cells in rows[1:]}
    else:
        known = {cells[0]: float(place) for place, (_line, cells) in enumerate(rows)}
    missing = [name for name in ids if name not in known]
    if missing:
        raise BadInput(f"{path}: entry {missing[0]!r} is missing")
    return np.array([known[name] for name in ids], dtype=np.float64)


def _number(path: Path, line: int, cells: list[str]) -> float:
    try:
        value = float(cells[1])
    except (IndexError, ValueError):
        raise BadInput(f"{path}:{line}: an id and a number are wanted") from None
    if not np.isfinite(value):
        raise BadInput(f"{path}:{line}: {cells[1]!r} is not a finite number")
    return value
