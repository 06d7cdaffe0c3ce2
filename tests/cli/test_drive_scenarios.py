"""`concours drive` as people run it."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from concours.cli.main import app
from tests.factories import scenarios as make


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["drive", *map(str, arguments)])
    return result.exit_code, result.output


def test_a_scenario_that_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "map.xodr").write_text("<OpenDRIVE/>")
    event = make.event("e", make.speed(1), start=make.at(1))
    text = make.scenario(make.simple(event), network='<LogicFile filepath="map.xodr"/>')
    code, output = run("check", make.write(tmp_path, text))
    assert code == 0
    assert "a scenario that can be used" in " ".join(output.split())
    assert "SpeedAction" in output
    assert "no stop trigger" in output


def test_a_scenario_that_cannot_be_used_is_told_by_the_exit_code(tmp_path: Path) -> None:
    good = make.write(tmp_path, make.scenario(), "good.xosc")
    bad = make.write(tmp_path, make.scenario(entities=" "), "bad.xosc")
    code, output = run("check", good, bad, "--no-table")
    assert code == 1
    assert "there are no entities" in output


def test_a_value_for_a_parameter_can_be_given(tmp_path: Path) -> None:
    constraint = """<ConstraintGroup><ValueConstraint rule="lessThan" value="5"/>
      </ConstraintGroup>"""
    parameters = make.declaration("v", "1", constraints=constraint)
    path = make.write(tmp_path, make.scenario(parameters=parameters))
    assert run("check", path, "-p", "v=4")[0] == 0
    assert run("check", path, "-p", "v=6")[0] == 1
    assert run("check", path, "-p", "v")[0] == 2


def test_as_json(tmp_path: Path) -> None:
    path = make.write(tmp_path, make.scenario(make.simple(make.event("e", make.speed(1)))))
    code, output = run("check", path, "--json")
    (report,) = json.loads(output)
    assert code == 0
    assert (report["kind"], report["playable"]) == ("scenario", True)
    assert {finding["code"] for finding in report["findings"]} == {
        "never-placed",
        "no-map",
        "no-stop",
    }
    assert {
        "group": "action",
        "element": "SpeedAction",
        "count": 1,
        "by": "handed to the world",
    } in (report["uses"])


def test_strictly_a_warning_counts(tmp_path: Path) -> None:
    path = make.write(tmp_path, make.scenario())  # names no map
    assert run("check", path)[0] == 0
    assert run("check", path, "--strict")[0] == 1
