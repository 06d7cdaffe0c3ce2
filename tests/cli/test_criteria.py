"""`concours criteria`: what it prints, and how it exits."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from concours.cli.criteria import app
from concours.criteria import read_report
from concours.platform.core import clock
from concours.platform.criteria.domain import due_for_recheck
from concours.platform.criteria.models import MachineReport
from tests.criteria.conftest import good_clone
from tests.factories import assessments, register
from tests.factories.clones import CloneMaker

runner = CliRunner()
AT = ("--at", "2024-01-01")


@pytest.fixture(scope="module")
def good_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return good_clone().make(tmp_path_factory.mktemp("cli") / "good")


def run(*words: str) -> Result:
    return runner.invoke(app, words, env={"COLUMNS": "160"})


def test_the_sets_are_listed() -> None:
    done = run("sets")

    assert done.exit_code == 0
    lines = {line.split()[0]: line.split()[1:4] for line in done.stdout.splitlines()[1:]}
    assert lines["open-atom"] == ["1", "49", "44"]
    assert lines["cncf-graduation"] == ["1.6", "47", "44"]


def test_a_good_project_exits_with_0(good_folder: Path) -> None:
    done = run("check", str(good_folder), "--stage", "graduated", *AT)

    assert done.exit_code == 0, done.output
    assert "0 musts fail" in done.stdout


def test_what_is_missing_is_said_with_its_mend(tmp_path: Path) -> None:
    clone = CloneMaker().commit({"a.py": "A = 1\n"}).make(tmp_path / "bare-idea")

    done = run("check", str(clone), "--stage", "graduated", *AT)

    assert done.exit_code == 1
    assert "LI-10: Put the licence's unchanged text into a file LICENSE" in done.stdout
    assert "bare-idea: " in done.stdout


def test_the_report_can_be_read_back(good_folder: Path) -> None:
    done = run("check", str(good_folder), "--set", "openharmony", "--json", *AT)

    assert done.exit_code == 0
    assert read_report(done.stdout.encode()).criteria == "openharmony"
    assert json.loads(done.stdout)["counts"]["not-met"] == 0


def test_the_page_is_written(good_folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "gaps.html"

    done = run("check", str(good_folder), "--html", str(page), "--language", "zh", *AT)

    assert done.exit_code == 0
    assert '<html lang="zh-Hans">' in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--set", "none"), "there are apache-maturity"),
        (("--set", "none.toml"), "none.toml"),
        (("--stage", "famous"), "--stage: open-atom has rows for incubating, graduated"),
        (("--language", "fr"), "'en' or 'zh'"),
        (("--html", "/nowhere/at/all.html"), "No such file"),
    ],
)
def test_wrong_words_are_refused(good_folder: Path, words: tuple[str, ...], said: str) -> None:
    done = run("check", str(good_folder), *words)

    assert done.exit_code == 2
    assert said in done.output


def test_a_folder_that_is_no_clone_is_refused_with_the_mend(tmp_path: Path) -> None:
    done = run("check", str(tmp_path))

    assert done.exit_code == 2
    assert "run `git clone` and name its folder" in done.output


def test_the_whole_command_as_a_process(good_folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "concours", "criteria", "check", str(good_folder), "--json", *AT],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["repository"]["commits"] == 37


@pytest.mark.django_db
class TestRecheck:
    """Reports handed in by a timer."""

    def test_what_expires_soon_is_checked_again_and_the_rest_left_alone(
        self, good_folder: Path
    ) -> None:
        project = register.project(slug="good")
        assessment = assessments.assessment(project=project)

        first = run("recheck", str(good_folder.parent))
        again = run("recheck", str(good_folder.parent))
        with clock.frozen_at(clock.now() + timedelta(days=4_000)):
            due_then = due_for_recheck(within=timedelta(0))

        assert first.exit_code == 0, first.output
        assert "met at" in first.stdout
        assert again.stdout.strip() == "nothing expires soon"
        assert due_then == [assessment]
        made = assessment.reports.get()
        assert made.results.filter(verdict="met").exists()
        assert made.uploaded_by is None

    def test_what_cannot_be_checked_is_told_with_the_others(
        self, good_folder: Path, tmp_path: Path
    ) -> None:
        assessments.assessment(project=register.project(slug="good"))
        assessments.assessment(project=register.project(slug="absent"))
        assessments.assessment(project=register.project(slug="empty"))
        (tmp_path / "good").symlink_to(good_folder)
        (tmp_path / "empty.git").mkdir()

        done = run("recheck", str(tmp_path))

        assert done.exit_code == 1
        assert "met at" in done.stdout
        assert "there is no clone absent" in done.stdout
        assert len(done.stdout.splitlines()) >= 4
        assert set(MachineReport.objects.values_list("assessment__project__slug", flat=True)) == {
            "good"
        }
