"""What `concours review` reads for the engine, and how it refuses."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from concours.cli.console import errors, give_up
from concours.peerreview import (
    AssignmentProblem,
    AssignmentResult,
    BadInput,
    PeerReviewError,
    ReviewSet,
)
from concours.peerreview.files import (
    NamedReviews,
    Roster,
    lines,
    read_rankings,
    read_reviews,
    table,
)
from concours.peerreview.keyed import IntArray

PARAMETERS = ("reviews_per_entry", "parts", "load_min", "load_max", "allow_mutual")


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the engine's refusals into one line and exit code 2."""
    try:
        yield
    except PeerReviewError as error:
        give_up(escape(str(error)))
    except OSError as error:
        give_up(escape(f"{error.filename}: {error.strerror}"))


@contextmanager
def waiting(words: str) -> Iterator[None]:
    """A moving line with the time while one long step runs."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True) as bar:
        bar.add_task(words, total=None)
        yield


def seed_bytes(text: str | None, *, new: bool) -> bytes:
    """The seed of --seed or --new-seed."""
    if new:
        if text:
            raise BadInput("--seed and --new-seed: give one")
        return secrets.token_bytes(32)
    if not text:
        raise BadInput("no seed: give --seed in hexadecimal (or --new-seed to draw one)")
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise BadInput(f"seed {text!r} is not hexadecimal") from None


def load_result(path: Path) -> dict[str, Any]:
    """The result.json of an assignment."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadInput(f"{path}: not a result of assign ({error})") from error
    if not isinstance(value, dict):
        raise BadInput(f"{path}: not a result of assign")
    return value


def parameters(stated: dict[str, Any], path: Path | None) -> dict[str, Any]:
    """The stated parameters of the problem."""
    try:
        return {name: stated["parameters"][name] for name in PARAMETERS}
    except (KeyError, TypeError) as error:
        raise BadInput(f"{path}: no parameters ({error})") from error


def as_result(stated: dict[str, Any], roster: Roster, path: Path | None) -> AssignmentResult:
    """The stated result in numbers of the roster."""
    who = {name: i for i, name in enumerate(roster.reviewers)}
    what = {name: i for i, name in enumerate(roster.entries)}
    try:
        pairs = [(who[r], what[e]) for r, e in stated["pairs"]]
        return AssignmentResult(
            pairs=np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2),
            part=np.array([stated["part"][name] for name in roster.entries], dtype=np.int64),
            method=stated["method"],
            route=stated["route"],
            engine_version=stated["engine"],
            inputs_digest=stated["inputs_digest"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{path}: unknown or missing: {error}") from error


def read_either(path: Path, *, rankings: bool, entries: Path | None) -> NamedReviews:
    """Reviews or rankings, with all entries where their file is given."""
    ids = None if entries is None else [row["id"] for _, row in table(entries, ["id"])]
    found = (read_rankings if rankings else read_reviews)(path, entries=ids)
    if not found.entries:
        raise BadInput(f"{path}: no reviews")
    return found


def true_places(named: NamedReviews, *, by_id: str | None, file: Path | None) -> IntArray | None:
    """(n,) true place of each entry, or None where no truth is given."""
    if by_id is not None and by_id != "by-id":
        raise BadInput(f"--truth {by_id}: only 'by-id'; for a list use --truth-file")
    if file is not None:
        place = {cells[0]: i for i, (_, cells) in enumerate(lines(file))}
        absent = [name for name in named.entries if name not in place]
        if absent:
            raise BadInput(f"{file}: entry {absent[0]!r} is missing")
        return np.array([place[name] for name in named.entries], dtype=np.int64)
    if by_id is None:
        return None
    try:
        return np.array([int(name) for name in named.entries], dtype=np.int64)
    except ValueError as error:
        raise BadInput(f"--truth by-id: an id is not a whole number ({error})") from error


def parts_and_owners(
    named: NamedReviews, assignment: Path | None, *, parts: int, seed: bytes
) -> tuple[NamedReviews, IntArray, IntArray]:
    """(reviews, (n,) parts, (R,) reviewers' entries): of an assignment, or dealt by the seed.

    Reviewers who owe reviews and gave none are added: silence must not change the votes' weight.
    """
    number = {name: i for i, name in enumerate(named.entries)}
    if assignment is None:
        everyone = with_reviewers(named, named.entries)
        owner = np.array([number.get(r, -1) for r in everyone.reviewers], dtype=np.int64)
        deal = AssignmentProblem(
            n_entries=len(number), reviewer_entry=owner, reviews_per_entry=1, parts=parts
        )
        return everyone, deal.deal_parts(seed), owner
    stated = load_result(assignment)
    try:
        everyone = with_reviewers(named, stated["reviewer_entry"])
        part = np.array([stated["part"][name] for name in named.entries], dtype=np.int64)
        mine = [stated["reviewer_entry"][name] for name in everyone.reviewers]
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{assignment}: unknown or missing: {error}") from error
    return everyone, part, np.array([number.get(name, -1) for name in mine], dtype=np.int64)


def with_reviewers(named: NamedReviews, ids: Iterable[str]) -> NamedReviews:
    """The same reviews with reviewers `ids` added where they are not yet among the reviewers."""
    who = sorted({*named.reviewers, *ids})
    number = {name: i for i, name in enumerate(who)}
    new = np.array([number[name] for name in named.reviewers], dtype=np.int64)
    given = named.reviews
    reviews = ReviewSet(
        n_entries=given.n_entries,
        n_reviewers=len(who),
        reviewer=new[given.reviewer],
        entry=given.entry,
        score=given.score,
        ranked=given.ranked,
        abstentions=given.abstentions,
    )
    return NamedReviews(reviews=reviews, entries=named.entries, reviewers=who)
