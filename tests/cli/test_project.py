"""`concours project`, in the tests' own process and database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from concours.cli.health import spark
from concours.cli.main import app
from concours.platform.incubation.models import HealthReport
from concours.platform.record.models import Event
from concours.platform.register.models import Project
from tests.factories import register
from tests.factories.clones import CloneMaker

pytestmark = pytest.mark.django_db

PODLINGS = "kite,2010-01-02,2012-03-04\nsail,2011-13-02,2012-03-04\nlock,2010-01-02,2012-03-04\n"


@pytest.fixture
def podlings(tmp_path: Path) -> Path:
    path = tmp_path / "podlings_graduated.txt"
    path.write_text(PODLINGS)
    return path


def concours(*arguments: str | Path) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, ["project", *map(str, arguments)])


def test_a_register_is_tried_taken_in_once_listed_and_shown(podlings: Path):
    tried = concours("import", "--format", "podlings", "--dry-run", podlings)
    assert (Project.objects.count(), Event.objects.count()) == (0, 0)

    taken = concours("import", "--format", "podlings", podlings)
    again = concours("import", "--format", "podlings", podlings)
    listed = concours("list", "--register", "apache", "--year", "2010")
    shown = concours("show", "apache-kite")

    assert "2 to add" in tried.stdout, tried.stderr
    assert "'2011-13-02' is no date" in tried.stderr
    assert "2 projects read, 1 rows not, 0 passed over: 2 added, 0 corrected" in taken.stdout
    assert "0 added, 0 corrected, 2 as they were" in again.stdout
    assert "apache-lock" in listed.stdout
    assert "2 of 2 projects" in listed.stdout
    assert "2012-03-04" in shown.stdout
    assert set(Event.objects.values_list("via", flat=True)) == {"cli"}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["import", "--format", "landscape", "bomb.yml"], 1, "has an alias"),
        (["import", "--format", "labels", "nowhere.yml"], 2, "No such file"),
        (["import", "--format", "labels", "--stage", "famous", "bomb.yml"], 2, "--stage: one of"),
        (["import", "--format", "podlings", "--register", "X Y", "p_retired.txt"], 1, "20 small"),
        (["show", "nothing"], 1, "there is no project nothing"),
    ],
)
def test_what_cannot_be_done_is_told(tmp_path: Path, monkeypatch, arguments, code, told):
    monkeypatch.chdir(tmp_path)
    Path("bomb.yml").write_text("a: &a [x]\nlandscape: [*a, *a]\n")
    Path("p_retired.txt").write_text("kite,2010-01-02,2012-03-04")

    done = concours(*arguments)

    assert (done.exit_code, told in done.stderr) == (code, True)
    assert not Project.objects.exists()


def test_health_of_a_clone_is_shown_written_and_handed_in(tmp_path: Path):
    clone = CloneMaker().commit({"a": "1"}).commit({"a": "2"}).make(tmp_path / "kite")
    register.project(slug="kite")
    moment = ["--at", "2023-12-01"]

    shown = concours("health", clone, *moment)
    written = concours("health", clone, *moment, "--json")
    again = concours("health", clone, *moment, "--json", "--attach", "kite")
    unknown = concours("health", clone, *moment, "--attach", "none")

    assert "authors in a year" in shown.stdout
    assert "▁" not in shown.stdout
    assert "█" in shown.stdout
    assert json.loads(written.stdout)["figures"]["commits"] == 2
    assert again.stdout == written.stdout
    assert HealthReport.objects.get().digest == json.loads(written.stdout)["digest"]
    assert (again.exit_code, unknown.exit_code) == (0, 1)
    assert concours("health", tmp_path).exit_code != 0


def test_bars_are_by_the_share_of_the_largest():
    assert spark([0, 1, 4, 8]) == " ▂▅█"
    assert spark([]) == ""
