"""What has come of a track, as CSV files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from concours.platform.awards.domain import exporting
from concours.platform.core.spreadsheets import harmless
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.enums import AliasKind

if TYPE_CHECKING:
    from concours.platform.competitions.models import Track


def write_data(track: Track, folder: Path) -> None:
    """entries.csv, and once there is a round assignments.csv, reviews.csv and standings.csv; of a
    published result results.csv, awards.csv and money.csv."""
    named = track.phase is not None and track.phase.names_visible
    entries = track.entries.select_related("team").order_by("pk")
    rows = [
        [
            entry.code,
            harmless(entry.title),
            harmless(entry.team.name) if named else "",
            entry.state,
        ]
        for entry in entries
    ]
    if not rows:
        return
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "entries.csv", ["id", "title", "team", "state"], rows)
    _write_result(track, folder)
    round_ = getattr(track, "review_round", None)
    if round_ is None:
        return
    aliases = aliases_of(round=round_, kind=AliasKind.REVIEWER)
    _write_reviews(round_, aliases, folder)
    _write_standings(round_, folder)


def _write_result(track: Any, folder: Path) -> None:
    result = exporting.published_result(track=track)
    if result is None:
        return
    for name, columns, rows in (
        ("results.csv", exporting.RESULT_COLUMNS, exporting.result_rows(result=result)),
        ("awards.csv", exporting.AWARD_COLUMNS, exporting.award_rows(result=result)),
        ("money.csv", exporting.MONEY_COLUMNS, exporting.money_rows(track=track)),
    ):
        _write(folder / name, columns, rows)


def _write_reviews(round_: Any, aliases: dict[int, str], folder: Path) -> None:
    keys = [criterion["key"] for criterion in round_.params.get("criteria", [])]
    duties: list[list[Any]] = []
    reviews: list[list[Any]] = []
    assignments = round_.assignments.select_related("entry", "review")
    for duty in assignments.iterator(chunk_size=2_000):
        pair = [aliases[duty.reviewer_id], duty.entry.code]
        duties.append([*pair, duty.state])
        review = getattr(duty, "review", None)
        if review is not None:
            points = (review.scores[key] for key in keys)
            reviews.append([*pair, *points, harmless(review.comment)])
    # By alias, not in the order in which they were stored: that is an order of people.
    _write(folder / "assignments.csv", ["reviewer", "entry", "state"], sorted(duties))
    _write(folder / "reviews.csv", ["reviewer", "entry", *keys, "comment"], sorted(reviews))


def _write_standings(round_: Any, folder: Path) -> None:
    snapshot = round_.snapshots.filter(published=True).first()
    if snapshot is None:
        return
    names = ("position", "rank", "rank_low", "rank_high", "points_milli", "reviews", "finalist")
    rows = (
        [row.entry.code, *(getattr(row, name) for name in names)]
        for row in snapshot.standings.select_related("entry").order_by("position")
    )
    _write(folder / "standings.csv", ["entry", *names], rows)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
