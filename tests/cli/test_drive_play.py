"""`concours drive play` and `sweep` as people run them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from concours.cli.main import app
from tests.factories import scenarios as make
from tests.factories.worlds import ahead, car, straight

SWEPT = """<OpenSCENARIO><FileHeader revMajor="1" revMinor="3" date="" description="" author=""/>
<ParameterValueDistribution><ScenarioFile filepath="scenario.xosc"/><Deterministic>
<DeterministicSingleParameterDistribution parameterName="v"><DistributionSet>{values}
</DistributionSet></DeterministicSingleParameterDistribution></Deterministic>
</ParameterValueDistribution></OpenSCENARIO>"""
PARAMETER = '<ParameterDeclaration name="v" parameterType="double" value="10"/>'


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["drive", *map(str, arguments)])
    return result.exit_code, result.output


def written(folder: Path, *stories: str, v: object = 10, stop: float | None = 2.0) -> Path:
    """A car on a straight road, and another one 60 m ahead that stands."""
    (folder / "map.xodr").write_bytes(straight())
    text = make.scenario(
        *stories,
        init=ahead("Ego", 20, v) + ahead("Other", 80, 0),  # type: ignore[arg-type]
        entities=car("Ego") + car("Other"),
        parameters=PARAMETER if v == "$v" else "",
        network='<LogicFile filepath="map.xodr"/>',
        stop=make.at(stop, "Stop") if stop is not None else "",
        minor=3,
    )
    return make.write(folder, text)


def test_a_run_leaves_its_trace_events_and_page(tmp_path: Path) -> None:
    file = written(tmp_path)
    trace, events, view = (tmp_path / "out" / name for name in ("t.csv", "e.csv", "v.html"))

    code, output = run("play", file, "--trace", trace, "--events", events, "--view", view)

    assert code == 0
    assert "the storyboard ended" in output
    rows = list(csv.DictReader(trace.open()))
    ego = [row for row in rows if row["name"] == "Ego"]
    assert float(ego[-1]["x"]) == pytest.approx(20 + 10 * float(ego[-1]["time"]), abs=1e-3)
    assert [row["road"] for row in ego[:1]] == ["1"]
    assert "stopTransition" in events.read_text()
    assert "<canvas" in view.read_text()


def test_a_collision_and_triggers_that_never_fire_are_said(tmp_path: Path) -> None:
    never = make.simple(make.event("late", make.speed(1), start=make.at(1000)))
    file = written(tmp_path, never, v=20, stop=None)

    code, output = run("play", file, "--end", 4)

    assert code == 1  # the storyboard had not ended
    words = " ".join(output.split())
    assert "collision of Ego and Other" in words
    assert "late never fired" in words


def test_a_run_in_figures(tmp_path: Path) -> None:
    code, output = run("play", written(tmp_path), "--json")

    figures = json.loads(output)
    assert code == 0
    assert (figures["end"], figures["seconds"]) == ("storyboard", pytest.approx(2.01, abs=0.02))
    assert figures["notes"] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--trace", "t.txt"), "writes .csv or .parquet"),
        (("--like", "nobody"), "one of esmini, standard"),
        (("--step", "-1"), "step"),
        (("-p", "v"), "NAME=VALUE"),
        (("-p", "w=1"), "declares no parameter w"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    tmp_path: Path, arguments: tuple[str, str], words: str
) -> None:
    code, output = run("play", written(tmp_path), *arguments)

    assert code == 2
    assert words in " ".join(output.split())


def test_a_map_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = written(tmp_path)
    (tmp_path / "map.xodr").unlink()

    code, output = run("play", file)

    assert code == 2
    assert "scenario.xosc" in output
    assert "map.xodr" in output


def test_all_variations_are_played_in_processes(tmp_path: Path) -> None:
    written(tmp_path, v="$v")
    values = "".join(f'<Element value="{v}"/>' for v in (5, 10, 40))
    file = make.write(tmp_path, SWEPT.format(values=values), "sweep.xosc")
    out = tmp_path / "runs.csv"

    code, output = run("sweep", file, "--out", out, "-j", 2)

    assert code == 0
    rows = list(csv.DictReader(out.open()))
    assert [(row["run"], row["v"], row["end"]) for row in rows] == [
        ("0", "5", "storyboard"), ("1", "10", "storyboard"), ("2", "40", "storyboard")
    ]  # fmt: skip
    assert [row["collisions"] for row in rows] == ["0", "0", "1"]
    assert "runs" in output


def test_a_sweep_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    written(tmp_path, v="$v")
    values = "".join(f'<Element value="{v}"/>' for v in (5, 10, 40))
    file = make.write(tmp_path, SWEPT.format(values=values), "sweep.xosc")
    plot = tmp_path / "out" / "sweep.svg"

    code, output = run("sweep", file, "--plot", plot, "--json", "-j", 1)

    assert code == 0
    near = [row["closest"] for row in json.loads(output)]
    # 60 m apart at first, boxes of 4 m; two seconds at 5, at 10 m/s
    assert near == [pytest.approx(46, abs=0.2), pytest.approx(36, abs=0.2), 0.0]
    text = plot.read_text(encoding="utf-8")
    assert "3 ended by storyboard" in text
    assert "1 with a collision" in text
    assert ">v</text>" in text
    assert run("sweep", file, "--plot", tmp_path / "p.png")[0] == 2


def test_a_variation_that_cannot_be_played_is_a_row(tmp_path: Path) -> None:
    written(tmp_path, v="$v")
    file = make.write(
        tmp_path, SWEPT.format(values='<Element value="5"/><Element value="fast"/>'), "sweep.xosc"
    )

    code, output = run("sweep", file, "--json", "-j", 1)

    assert code == 1
    rows = json.loads(output)
    assert [row["end"] for row in rows] == ["storyboard", "error"]
    assert "fast" in rows[1]["error"]
