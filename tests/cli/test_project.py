"""`concours project`, in the tests' own process and database."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from concours.cli.health import spark
from concours.cli.main import app
from concours.platform.incubation.models import HealthReport
from concours.platform.record.models import Event
from concours.platform.register.models import Project
from tests.factories import governance, people, register
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


@pytest.fixture
def kite() -> Project:
    governance.charter("open-atom-like")
    return register.project(
        slug="kite", name="Kite", stage="candidate", donors=["ada"], areas=["storage"],
        licence="MulanPSL-2.0", since=date(2024, 5, 1),
    )  # fmt: skip


def move(*, to: str = "preparation", by: str = "staff@example.org", body: str = "toc") -> Result:
    return concours(
        "move", "kite", "--to", to, "--body", body, "--decision", "minutes 4", "--on", "2024-05-06",
        "--reason", "All is there.", "--by", by,
    )  # fmt: skip


def test_a_project_is_moved_by_hand_in_the_name_of_an_account(kite: Project):
    staff = people.organiser(email="staff@example.org")

    done = move()
    shown = concours("show", "kite")

    assert "Kite: candidate > in preparation on 2024-05-06" in done.stdout, done.stderr
    assert "areas: Storage" in shown.stdout
    assert "donors: Ada L\u00f6we" in shown.stdout
    assert "licence: MulanPSL-2.0" in shown.stdout
    assert "All is there." in shown.stdout
    event = Event.objects.get(verb="project.stage-changed")
    assert (event.actor, event.via) == (f"user:{staff.code}", "cli")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"to": "archived"}, "puts this step to a vote"),
        ({"to": "graduated"}, "knows no step"),
        ({"by": "nobody@example.org"}, "No account has this address"),
        ({"by": "person@example.org"}, "You may not do this"),
        ({"body": "nobody"}, "there is no body nobody"),
    ],
)
def test_a_move_that_is_refused_says_why(kite: Project, options: dict[str, str], told: str):
    people.organiser(email="staff@example.org")
    people.person(email="person@example.org")

    refused = move(**options)

    kite.refresh_from_db()
    assert refused.exit_code == 1
    assert told in refused.stderr
    assert kite.stage == "candidate"


def test_the_list_is_filtered_by_donor_and_words(kite: Project):
    register.project(slug="sail", donors=["acme"])
    assert "1 of 1 projects" in concours("list", "--donor", "ada").stdout
    assert "sail" in concours("list", "--text", "acme works").stdout


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


def test_a_clone_in_a_folder_of_any_name_is_told_in_print(tmp_path: Path) -> None:
    clone = CloneMaker().commit({"a.txt": "a"}).make(tmp_path / os.fsdecode(b"kite\xff\x1b[31m"))
    missing = tmp_path / "none\x1b[31m[/x]"

    for command in (["project", "health"], ["criteria", "check"]):
        told = CliRunner().invoke(app, [*command, str(clone)])
        as_json = CliRunner().invoke(app, [*command, str(clone), "--json"])
        refused = CliRunner().invoke(app, [*command, str(missing)])

        assert "\x1b" not in told.output + as_json.output + refused.output, command
        assert json.loads(as_json.stdout)["repository"]["name"] == "kite\\xff\\x1b[31m"
        assert "There is no such folder" in refused.output
