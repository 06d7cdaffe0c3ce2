"""The evaluators that ship with the season are what they say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from concours.cli.paths import shipped_seasons
from concours.evaluation import CaseState, combine, load, orders, prepare, run_case

EVALUATORS = shipped_seasons() / "open-atom-2022" / "evaluators"
PLACEMENT = EVALUATORS / "cell-placement"


def test_every_shipped_evaluator_can_be_read() -> None:
    names = sorted(path.name for path in EVALUATORS.iterdir() if path.is_dir())
    assert names == ["cell-placement", "driving"]
    for name in names:
        evaluator = load(EVALUATORS / name)
        assert evaluator.name == name
        assert set(evaluator.splits) == {"practice", "ranking", "final"}
        assert all(column.title_zh for column in evaluator.columns)


def test_driving_is_practised_on_the_28_scenarios() -> None:
    evaluator = load(EVALUATORS / "driving")
    assert evaluator.cases("practice") == [f"train{number:02d}" for number in range(1, 29)]
    assert evaluator.splits["ranking"].sealed == 10
    assert not evaluator.splits["ranking"].public


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_practice_cases_come_from_the_generator(number: int, tmp_path: Path) -> None:
    generator = PLACEMENT / "making" / "generate.py"
    subprocess.run(
        [sys.executable, str(generator)], input=str(number), text=True, cwd=tmp_path, check=True
    )
    shipped = PLACEMENT / "cases" / f"practice-{number}"
    for name in ("input/netlist.txt", "expected/wire.txt"):
        assert (tmp_path / name).read_bytes() == (shipped / name).read_bytes()


ORDERLY = """\
import os
from pathlib import Path
lines = Path(os.environ["CONCOURS_INPUT"], "netlist.txt").read_text().splitlines()
columns, cells = int(lines[0].split()[1]), int(lines[1].split()[1])
out = "".join(f"{k % columns} {k // columns}\\n" for k in range(cells))
Path(os.environ["CONCOURS_OUTPUT"], "placement.txt").write_text(out + EXTRA)
"""


def total_of(source: Path, tmp_path: Path) -> dict[str, float]:
    evaluator = load(PLACEMENT)
    prepared = prepare(evaluator, source, tmp_path / f"prepared-{source.name}")
    results = [run_case(order) for order in orders(evaluator, prepared.root, "practice")]
    assert {one.state for one in results} == {CaseState.SCORED}, results
    return dict(combine(evaluator, "practice", results).values)


@pytest.mark.slow
def test_the_example_is_better_than_cells_in_their_order(boxed: None, tmp_path: Path) -> None:
    (tmp_path / "orderly").mkdir()
    (tmp_path / "orderly/main.py").write_text(ORDERLY.replace("EXTRA", "''"))
    example = total_of(PLACEMENT / "example", tmp_path)
    orderly = total_of(tmp_path / "orderly", tmp_path)
    assert example["legal"] == orderly["legal"] == 100.0
    assert example["quality"] > 100.0 > 60.0 > orderly["quality"] > 0.0
    assert example["wire"] < orderly["wire"]


@pytest.mark.parametrize("extra", ["'0 0\\n'", "'-1 0\\n'", "'x y\\n'", "'\\xff'"])
def test_a_placement_that_is_not_legal_is_worth_nothing(
    boxed: None, tmp_path: Path, extra: str
) -> None:
    (tmp_path / "main.py").write_text(ORDERLY.replace("EXTRA", extra))
    evaluator = load(PLACEMENT)
    prepared = prepare(evaluator, tmp_path / "main.py", tmp_path / "prepared")
    result = run_case(next(orders(evaluator, prepared.root, "practice")))
    assert result.state is CaseState.SCORED, result.reason
    assert (result.values["quality"], result.values["legal"]) == (0.0, 0.0)
    assert result.values["wire"] > 1000
