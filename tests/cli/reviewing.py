"""Files and runs that the tests of `concours review` share."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from click.testing import Result
from typer.testing import CliRunner

from concours.cli.review import app
from concours.peerreview import ReviewSet, simulate


def write(name: str, *rows: str) -> str:
    Path(name).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return name


def run(*words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, list(words), env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result


def refused(*words: str) -> str:
    """The one line of a refusal."""
    result = run(*words, code=2)
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    assert "Traceback" not in result.stderr
    return result.stderr


def read(name: str | Path) -> list[dict[str, str]]:
    with Path(name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def written_reviews(name: str, reviews: ReviewSet, ids: list[str]) -> str:
    rows = zip(
        reviews.reviewer.tolist(), reviews.entry.tolist(), reviews.score.tolist(), strict=True
    )
    return write(name, "reviewer,entry,score", *(f"{ids[a]},{ids[b]},{s!r}" for a, b, s in rows))


def world(n: int = 30, k: int = 5) -> tuple[np.ndarray, str]:
    made = simulate.gaussian_world(n, k, seed=b"cli", noise_sd=0.3)
    return made.quality, written_reviews("reviews.csv", made.reviews, [str(i) for i in range(n)])
