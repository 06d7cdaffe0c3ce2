from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from concours.cli.main import app
from concours.evaluation import load, new_secret, orders, prepare, run_case
from tests.boxes import require_box
from tests.factories.evaluators import ADDS, MANIFEST, write_archive, write_evaluator

runner = CliRunner()


@pytest.fixture(autouse=True)
def _boxed() -> None:
    require_box()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_evaluator(tmp_path / "adding")


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "entry.zip", {"main.py": ADDS})


def evaluate(*arguments: object) -> tuple[int, str]:
    done = runner.invoke(app, ["evaluate", *map(str, arguments), "-j", "1"])
    return done.exit_code, done.output


def test_a_table_of_cases_and_their_total(folder: Path, entry: Path) -> None:
    code, text = evaluate(folder, entry)
    assert code == 0
    for word in ("one", "three", "two", "scored", "Right (%)", "100.00", "all"):
        assert word in text


def test_json_is_what_the_library_says(folder: Path, entry: Path, tmp_path: Path) -> None:
    code, text = evaluate(folder, entry, "--json", "--out", tmp_path / "out")
    told = json.loads(text)
    assert code == 0
    assert told == json.loads((tmp_path / "out/result.json").read_text())
    evaluator = load(folder)
    prepared = prepare(evaluator, entry, tmp_path / "prepared")
    wanted = [run_case(order).digest for order in orders(evaluator, prepared.root, "practice")]
    assert [one["digest"] for one in told["cases"]] == wanted
    assert told["total"]["values"] == {"right": 100.0, "error": 0.0}
    assert told["evaluator"]["digest"] == evaluator.digest


def test_a_failure_is_exit_code_1(folder: Path, tmp_path: Path) -> None:
    code, text = evaluate(folder, write_archive(tmp_path / "bad.zip", {"main.py": "1 / 0"}))
    assert code == 1
    assert "one: the program exited with 1" in text


def test_a_bad_submission_is_exit_code_1(folder: Path, tmp_path: Path) -> None:
    code, text = evaluate(folder, write_archive(tmp_path / "bad.zip", {"other.py": "1"}))
    assert code == 1
    assert "There is no main.py" in text


def test_a_bad_evaluator_is_exit_code_2(tmp_path: Path, entry: Path) -> None:
    bad = write_evaluator(tmp_path / "bad", manifest=MANIFEST.replace('version = "1"', ""))
    code, text = evaluate(bad, entry)
    assert code == 2
    assert "version: is missing" in text


@pytest.mark.parametrize("score", ["1 / 0", 'print(\'{"right": NaN, "error": 0}\')'])
def test_a_judge_that_fails_is_exit_code_3(tmp_path: Path, entry: Path, score: str) -> None:
    code, text = evaluate(write_evaluator(tmp_path / "bad", score=score), entry, "--json")
    told = json.loads(text)
    assert code == 3
    assert told["total"] is None
    assert {one["state"] for one in told["cases"]} == {"faulted"}


def test_what_is_not_there_is_exit_code_2(folder: Path, entry: Path, tmp_path: Path) -> None:
    assert evaluate(folder, tmp_path / "none.zip")[0] == 2
    assert evaluate(tmp_path / "none", entry)[0] == 2
    code, text = evaluate(folder, entry, "--split", "final")
    assert code == 2
    assert "--split is one of practice, ranking, not final" in text


def test_a_sealed_split_needs_a_secret_that_is_one(
    folder: Path, entry: Path, tmp_path: Path
) -> None:
    code, text = evaluate(folder, entry, "--split", "ranking")
    assert code == 2
    assert "sealed: give its secret with --secret FILE" in text

    secret = tmp_path / "secret"
    content = new_secret(secret)
    os.chmod(secret, 0o644)  # noqa: PTH101
    code, text = evaluate(folder, entry, "--split", "ranking", "--secret", secret)
    assert code == 2
    assert "chmod 600" in text

    os.chmod(secret, 0o600)  # noqa: PTH101
    code, text = evaluate(folder, entry, "--split", "ranking", "--secret", secret, "--json")
    assert code == 0, text
    assert [one["case"] for one in json.loads(text)["cases"]] == ["sealed01", "sealed02"]
    assert content.hex() not in text
