from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from concours.evaluation import BadEvaluator, load
from concours.evaluation.manifest import Aggregate, Better, Rule, Ties
from tests.factories.evaluators import MANIFEST, write_evaluator


def faults(folder: Path) -> str:
    with pytest.raises(BadEvaluator) as caught:
        load(folder)
    return str(caught.value)


def test_a_manifest_says_what_it_says(folder: Path) -> None:
    evaluator = load(folder)

    assert (evaluator.name, evaluator.version, evaluator.kind) == ("adding", "1", "program")
    assert evaluator.cases("practice") == ["one", "three", "two"]
    assert evaluator.cases("ranking") == ["sealed01", "sealed02"]
    assert evaluator.splits["practice"].public
    assert not evaluator.splits["ranking"].public
    assert evaluator.failure == {"right": 0.0, "error": 1000.0}
    assert [column.better for column in evaluator.columns] == [Better.HIGHER, Better.LOWER]
    assert evaluator.columns[1].aggregate is Aggregate.SUM
    assert (evaluator.sort, evaluator.ties, evaluator.rule) == (
        ("right", "error"), Ties.SHARED, Rule.BEST,
    )  # fmt: skip
    assert evaluator.limits.memory_mb == 256


def test_the_digest_is_that_of_the_files_wherever_they_lie(folder: Path, tmp_path: Path) -> None:
    digest = load(folder).digest
    copy = shutil.copytree(folder, tmp_path / "elsewhere" / "copy")
    (copy / "__pycache__").mkdir()
    (copy / "__pycache__" / "score.pyc").write_bytes(b"a cache is no part of it")
    assert load(copy).digest == digest

    (copy / "cases/one/expected/sum.txt").write_text("7")
    assert load(copy).digest != digest


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("format = 1", "format = 2", "evaluator.toml: format: 2 is newer than this Concours"),
        ('name = "adding"', 'name = "Adding up"', "name: 'Adding up' is no short name"),
        ('kind = "program"', 'kind = "prgram"', "kind: 'prgram' is not known; use one of driving"),
        ('version = "1"', "", "version: is missing"),
        ('run = ["python", "main.py"]', "", "inputs.run: is missing"),
        ('run = ["python", "main.py"]', "run = [1]", "inputs.run: is not a list of strings"),
        ('needs = ["main.py"]', 'needs = ["../x"]', "inputs.needs: ../x leads outside"),
        ("making/generate.py", "making/none.py", "inputs.generate: there is no file making/none"),
        ("making/generate.py", "../../etc/passwd", "inputs.generate: there is no file ../../etc"),
        ("[inputs]", '[inputs]\ndata = "../.."', "inputs.data: ../.. leads outside the season"),
        ("[inputs]", '[inputs]\nscore = "s.py"', "inputs.score: there is no file s.py"),
        ("memory_mb = 256", "memory_mb = 1", "limits.memory_mb: 1 is out of range"),
        ("memory_mb = 256", "memory_gb = 1", "limits.memory_gb: is not a known key"),
        ('name = "error"', 'name = "right"', "columns[2].name: 'right' is there twice"),
        ("on_failure = 0", "on_failure = nan", "columns[1].on_failure: nan is out of range"),
        ("on_failure = 0", "on_failure = -1", "columns[1].on_failure: is outside of least"),
        ('better = "lower"', 'better = "worse"', "columns[2].better: 'worse' is not known"),
        ('columns = ["right", "error"]', 'columns = ["speed"]', "sort.columns: 'speed' is no col"),
        ('columns = ["right", "error"]', "columns = []", "sort.columns: names no column"),
        ('cases = ["cases/*"]', 'cases = ["tests/*"]', "practice.cases: tests/* matches nothing"),
        ('cases = ["cases/*"]', 'cases = ["../*"]', "practice.cases: ../* leads outside"),
        ('cases = ["cases/*"]', 'cases = ["*"]', "practice.cases: making lacks a folder"),
        ('cases = ["cases/*"]', 'cases = ["**x"]', "practice.cases: **x is no pattern"),
        ('cases = ["cases/*"]', 'cases = ["."]', "practice.cases: . is no pattern"),
        ('cases = ["cases/*"]', f'cases = ["{"x/" * 2_000}"]', "x/x/ is no pattern"),
        ("making/generate.py", "a\\u0000b", "inputs.generate: holds control characters"),
        ("[inputs]", '[inputs]\ndata = "a\\u0000b"', "inputs.data: holds control characters"),
        ("[[columns]]", "[[clumns]]", "columns: is missing"),
        ('cases = ["cases/*"]', "", "practice.cases: is needed, or `sealed`, and not both"),
        ("sealed = 2", "sealed = 2\npublic = true", "ranking.public: would tell what is sealed"),
        ('generate = "making/generate.py"', "", "ranking.sealed: needs a program that makes"),
        ("[splits.ranking]", "[splits.rnking]", "splits.rnking: is not a known key"),
        ("[sort]", '[install]\nindex = "http://x"\n[sort]', "install.index: http://x is no https"),
        ("[sort]", '[install]\npackages = ["x"]\n[sort]', "install.packages: come from nowhere"),
        ("[sort]", "[install]\nwheels = \"w\"\n[sort]", "install.wheels: w is no folder"),
    ],
)  # fmt: skip
def test_a_fault_names_file_key_and_mend(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in MANIFEST
    folder = write_evaluator(tmp_path / "bad", manifest=MANIFEST.replace(old, new))
    assert told in faults(folder)


def test_points_of_columns_that_are_missing(tmp_path: Path) -> None:
    points = '[points]\ncolumn = "right"\nzero = 0\nhundred = 1\n[sort]'
    text = MANIFEST.replace("[[columns]]", "[[clumns]]").replace("[sort]", points)
    folder = write_evaluator(tmp_path / "bad", manifest=text)
    assert "columns: is missing; write [[columns]]" in faults(folder)


def test_the_longest_step_is_a_case_with_its_judge_or_building(folder: Path) -> None:
    evaluator = load(folder)
    assert evaluator.program is not None
    judging = 2 * evaluator.program.scoring.wall_seconds
    longest = max(evaluator.limits.wall_seconds + judging, 2 * 600)
    assert evaluator.longest_seconds == longest


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    text = MANIFEST.replace('version = "1"', "").replace("memory_mb = 256", "memory_mb = 1")
    found = faults(write_evaluator(tmp_path / "bad", manifest=text))
    assert "version" in found
    assert "memory_mb" in found


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "there is no file evaluator.toml"),
        (b"name = ", "is not TOML"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"a = " + b"[" * 100_000, "is nested too deeply"),
        (b"#" * (1024 * 1024 + 1), "is larger than"),
    ],
)
def test_what_is_no_manifest(folder: Path, content: bytes | None, told: str) -> None:
    path = folder / "evaluator.toml"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert told in faults(folder)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    assert "is no folder" in faults(tmp_path / "nowhere")


def test_links_are_refused_for_they_lead_outside(folder: Path) -> None:
    (folder / "cases/one/input/secret").symlink_to("/etc/passwd")
    assert "cases/one/input/secret: is no plain file" in faults(folder)


def test_data_of_the_season_and_no_further(tmp_path: Path) -> None:
    season = tmp_path / "season"
    folder = write_evaluator(season / "evaluators" / "adding")
    shutil.move(folder / "cases", season / "data" / "cases")
    named = MANIFEST.replace("[inputs]", '[inputs]\ndata = "../../data"')
    (folder / "evaluator.toml").write_text(named)
    assert "inputs.data: ../../data leads outside the season" in faults(folder)

    (season / "season.toml").write_text("")
    evaluator = load(folder)
    assert evaluator.cases("practice") == ["one", "three", "two"]
    before = evaluator.digest
    (season / "data/cases/one/input/numbers.txt").write_text("9")
    assert load(folder).digest != before
