"""`concours drive`: maps checked, listed and drawn."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from concours.cli.drive import app
from tests.driving.roads.maps import bridge, fork, hilly
from tests.factories.driving import road, xodr


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CONCOURS_CACHE", str(tmp_path / "cache"))
    maps = tmp_path / "maps"
    (maps / "more").mkdir(parents=True)
    (maps / "fork.xodr").write_bytes(fork())
    (maps / "more" / "hilly.xodr").write_bytes(hilly())
    return maps


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(one) for one in arguments], env={"COLUMNS": "200"})
    return done.exit_code, done.output


def test_check_tells_what_is_used_and_what_is_not(folder: Path) -> None:
    (folder / "fork.xodr").write_bytes(fork().replace(b"</road>", b"<surface/></road>", 1))

    code, output = run("check", folder)

    assert code == 0
    assert "5 roads" in output or "5, 0.35 km" in output
    assert "surfaces (CRG)" in output
    assert "hilly.xodr" in output


def test_check_fails_for_errors_and_names_the_line(folder: Path) -> None:
    wrong = xodr(road(length=-1)).replace(b"<road", b"\n\n<road")
    (folder / "wrong.xodr").write_bytes(wrong)

    code, output = run("check", folder / "wrong.xodr")
    as_json = json.loads(run("check", "--json", folder / "wrong.xodr")[1])

    assert code == 1
    assert "-1 m long" in output
    assert as_json[0]["used"] is None
    assert [(one["line"], one["severity"]) for one in as_json[0]["findings"]] == [(3, "error")]


def test_strict_counts_warnings(folder: Path) -> None:
    (folder / "fork.xodr").write_bytes(xodr(road(), header=""))

    assert run("check", folder / "fork.xodr")[0] == 0
    assert run("check", "--strict", folder / "fork.xodr")[0] == 1


def test_files_that_are_not_there_are_named(folder: Path) -> None:
    code, output = run("check", folder / "nothing.xodr")

    assert code == 2
    assert "nothing.xodr: No such file" in output
    assert run("maps", folder.parent / "cache")[0] == 2


def test_maps_are_listed(folder: Path) -> None:
    code, output = run("maps", folder)
    facts = json.loads(run("maps", "--json", folder)[1])

    assert code == 0
    assert [line.split()[0] for line in output.splitlines()[1:]] == ["fork", "hilly"]
    assert facts[0]["roads"] == 5
    assert facts[0]["length"] == pytest.approx(351.41592653589793)
    assert facts[0]["lights"] == 1
    assert facts[1]["lane_types"]["biking"] == pytest.approx(100.0)


def test_a_map_is_drawn(folder: Path) -> None:
    picture = folder / "out" / "m.svg"
    (folder / "bridge.xodr").write_bytes(bridge())

    code, output = run("maps", folder / "bridge.xodr", "--picture", picture)

    root = etree.parse(picture).getroot()
    areas = root.findall(".//{*}path[@class='driving']")
    assert code == 0
    assert str(picture) in output.replace("\n", "")
    assert len(areas) == 2  # two storeys, the bridge after what is under it
    assert "M0.00 0.00" in (areas[0].get("d") or "")
    assert run("maps", folder, "--picture", picture)[0] == 2


def test_a_file_that_is_no_map_does_not_hide_the_others(folder: Path) -> None:
    (folder / "broken.xodr").write_bytes(b"<OpenDRIVE>")

    code, output = run("maps", folder)

    assert code == 1
    assert "broken.xodr:1: not well-formed" in output
    assert "hilly" in output


def test_without_the_extra_one_line_tells_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("concours.cli.drive.shared.find_spec", lambda name: None)

    code, output = run("check", folder)

    assert code == 2
    assert "pip install 'concours[driving]'" in output
