from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from concours.evaluation import CaseOrder, CaseResult, orders, prepare, run_case
from concours.evaluation.reading import load
from tests.boxes import require_box
from tests.factories.evaluators import ADDS, write_archive, write_evaluator


@pytest.fixture
def boxed() -> None:
    """Skip where strangers' programs are refused, with the mend; in CI fail."""
    require_box()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_evaluator(tmp_path / "adding")


Make = Callable[..., list[CaseOrder]]


@pytest.fixture
def ordered(tmp_path: Path) -> Make:
    """Orders for a submission of one file, on an evaluator that differs as said."""

    def make(
        main: str = ADDS, *, split: str = "practice", secret: bytes = b"", **evaluator: str
    ) -> list[CaseOrder]:
        made = load(write_evaluator(tmp_path / "adding", **evaluator))
        archive = write_archive(tmp_path / "entry.zip", {"main.py": main})
        prepared = prepare(made, archive, tmp_path / "prepared")
        return list(orders(made, prepared.root, split, secret=secret))

    return make


@pytest.fixture
def first(boxed: None, ordered: Make) -> Callable[..., CaseResult]:
    """The result of the first case."""
    return lambda *args, **kwargs: run_case(ordered(*args, **kwargs)[0])
