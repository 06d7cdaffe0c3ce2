"""Results are computed again from their logs; what was changed is told."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from concours.driving.agents import AgentSpec, InProcessAgent
from concours.driving.baselines import baseline
from concours.driving.closedloop.loop import Drive, End, Setting, drive
from concours.driving.results import (
    BadBundle,
    Bundle,
    Driven,
    bundle_of,
    driven_of,
    judge,
    pack,
    sources_of,
    unpack,
    verify,
)
from concours.driving.scenarios import load
from tests.driving.closedloop.test_asking import late, reach, stop
from tests.factories import scenarios as s
from tests.factories.moves import element, on_lane
from tests.factories.worlds import ahead, car, straight

SETTING = Setting(seed=5)


def write(folder: Path) -> Path:
    """A scenario and its map in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "road.xodr").write_bytes(straight(300))
    text = s.scenario(
        init=ahead("Ego", 20, 0) + ahead("Other", 250, 0),
        entities=car("Ego") + car("Other"),
        stop=stop(reach(on_lane("1", -1, 80)), late(30)),
        network=element("LogicFile", filepath="road.xodr"),
        minor=3,
    )
    return s.write(folder, text, "short.xosc")


def driven(folder: Path, agent: str = "follow", name: str = "short") -> Driven:
    scenario = load(write(folder))
    made = drive(scenario, InProcessAgent(AgentSpec(path=baseline(agent))), setting=SETTING)
    return Driven(
        name=name, drive=made, setting=SETTING, sources=sources_of(scenario),
        scores=judge(made.run),
    )  # fmt: skip


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("driven")
    made = [driven(folder), driven(folder, "still", "stood")]
    return unpack(pack(bundle_of(made, agent={"name": "follow"})))


def test_a_result_holds(result: Bundle) -> None:
    told: list[str] = []

    found = verify(result, watch=told.append)

    assert found == []
    assert told == ["short", "stood"]
    assert [run["end"] for run in result.manifest["runs"]] == [End.ARRIVED, End.LATE]
    assert result.manifest["runs"][0]["scores"]["concours"]["value"] > 50
    assert result.manifest["runs"][1]["scores"]["concours"]["value"] == 0


def changed(result: Bundle, *path: Any, value: Any) -> Bundle:
    manifest: Any = copy.deepcopy(dict(result.manifest))
    inside = manifest
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    return Bundle(manifest=manifest, controls=result.controls, files=result.files)


@pytest.mark.parametrize(
    ("path", "value", "what"),
    [
        (("runs", 0, "trace"), "0" * 64, ["trace"]),
        (("runs", 0, "frames"), 3, ["frames"]),
        (("runs", 0, "end"), "time limit", ["end"]),
        (("runs", 0, "seconds"), 3.0, ["seconds"]),
        (("runs", 0, "task", "time_limit"), 99.0, ["task"]),
        (("runs", 0, "task", "mileage"), 9.0, ["task"]),
        (("runs", 0, "scores", "concours", "value"), 100.0, ["score concours"]),
        (("runs", 1, "scores", "carsmos-2023", "value"), 61.0, ["score carsmos-2023"]),
        (("runs", 0, "setting", "vehicle_digest"), "0" * 64, ["vehicle"]),
        (("totals", "concours", "mean"), 99.0, ["totals"]),
        (("engine", "version"), "concours.driving/0", ["engine"]),
    ],
)
def test_what_was_changed_is_told(
    result: Bundle, path: tuple[Any, ...], value: Any, what: list[str]
) -> None:
    found = verify(changed(result, *path, value=value))

    assert [each.what for each in found] == what


MADE_UP: list[tuple[tuple[Any, ...], Any]] = [
    (("agent",), None),
    (("runs",), {}),
    (("runs",), [1]),
    (("totals",), []),
    (("totals", "concours"), {"mean": "many"}),
    (("runs", 0, "name"), 7),
    (("runs", 0, "name"), "stood"),
    (("runs", 0, "name"), "nobody"),
    (("runs", 0, "sources"), "here"),
    (("runs", 0, "sources", "map"), 7),
    (("runs", 0, "sources", "file"), "x" * 5000),
    (("runs", 0, "sources", "file"), "."),
    (("runs", 0, "sources", "catalogs"), {"../../x\0": "0"}),
    (("runs", 0, "setting"), {}),
    (("runs", 0, "setting", "seed"), "five"),
    (("runs", 0, "setting", "vehicle"), []),
    (("runs", 0, "setting", "vehicle"), {"wings": 2}),
    (("runs", 0, "setting", "vehicle", "ratios"), []),
    (("runs", 0, "setting", "vehicle", "torque"), [1, 2]),
    (("runs", 0, "setting", "vehicle", "mass"), "heavy"),
    (("runs", 0, "setting", "ego"), "Nobody"),
    (("runs", 0, "setting", "conventions"), {"odd": True}),
    (("runs", 0, "setting", "conventions"), 3),
    (("runs", 0, "end"), "glory"),
    (("runs", 0, "told"), {}),
    (("runs", 0, "scores"), {"concours": 100}),
]


@pytest.mark.parametrize(("path", "value"), MADE_UP)
@pytest.mark.parametrize("ask", [verify, driven_of])
def test_what_is_made_up_is_told_in_words(
    result: Bundle, ask: Callable[[Bundle], list[Any]], path: tuple[Any, ...], value: Any
) -> None:
    with pytest.raises(BadBundle):
        ask(changed(result, *path, value=value))


def test_rows_that_nobody_drove_are_told(result: Bundle) -> None:
    controls = {name: log.copy() for name, log in result.controls.items()}
    controls["short"] = np.vstack([controls["short"], controls["short"][-1:]])

    found = verify(Bundle(manifest=result.manifest, controls=controls, files=result.files))

    assert [each.what for each in found] == ["controls"]


def test_a_fault_that_was_left_out_is_told(tmp_path: Path) -> None:
    file = tmp_path / "agent.py"
    file.write_text(
        "class Agent:\n"
        "    sensors = list\n"
        "    def run_step(self, data, time):\n"
        "        return {'throttle': 0.7} if time < 3.0 else None\n"
    )
    scenario = load(write(tmp_path))
    made = drive(scenario, InProcessAgent(AgentSpec(path=file)), setting=SETTING)
    one = Driven(
        name="short", drive=made, setting=SETTING, sources=sources_of(scenario),
        scores=judge(replace(made.run, fault="")),
    )  # fmt: skip
    bundle = bundle_of([one], agent={})
    entry = bundle.manifest["runs"][0]

    honest = verify(bundle_of([replace(one, scores=judge(made.run))], agent={}))
    entry["fault"] = ""
    plain = [each.what for each in verify(bundle)]
    entry["end"] = "time limit"
    hidden = [each.what for each in verify(bundle)]

    assert honest == []
    assert plain == ["fault"]
    assert hidden == ["end", "fault"]


def test_another_control_leads_elsewhere(result: Bundle) -> None:
    controls = {name: log.copy() for name, log in result.controls.items()}
    controls["short"][40, 1] += 1e-9
    other = Bundle(manifest=result.manifest, controls=controls, files=result.files)

    found = verify(other)

    assert found[0].what == "trace"


def test_a_heavier_vehicle_leads_elsewhere(result: Bundle) -> None:
    mass = result.manifest["runs"][0]["setting"]["vehicle"]["mass"]

    found = verify(changed(result, "runs", 0, "setting", "vehicle", "mass", value=mass + 1))

    assert {"trace", "vehicle"} <= {each.what for each in found}


def test_sealed_results_need_the_files(tmp_path: Path) -> None:
    made = [driven(tmp_path)]
    sealed = unpack(pack(bundle_of(made, agent={"name": "follow"}, sealed=True)))

    assert sealed.files == {}
    with pytest.raises(BadBundle, match="give the folder"):
        verify(sealed)
    assert verify(sealed, folders=[tmp_path]) == []


def test_a_scenario_that_was_changed_is_not_the_one(tmp_path: Path) -> None:
    made = [driven(tmp_path)]
    sealed = unpack(pack(bundle_of(made, agent={}, sealed=True)))
    path = tmp_path / "short.xosc"
    path.write_text(path.read_text().replace("30", "31"))

    with pytest.raises(BadBundle, match="give the folder"):
        verify(sealed, folders=[tmp_path])


@pytest.mark.parametrize("name", ["../" * 40 + "x.xosc", "/etc/x.xosc", "a\0b"])
def test_files_stay_inside(result: Bundle, name: str) -> None:
    with pytest.raises(BadBundle):
        verify(changed(result, "runs", 0, "sources", "file", value=name))


def test_two_runs_of_one_name_are_refused(tmp_path: Path) -> None:
    one = driven(tmp_path)

    with pytest.raises(ValueError, match="one name"):
        bundle_of([one, one], agent={})


def test_runs_are_the_same_in_any_process(tmp_path: Path) -> None:
    def digest(made: Drive) -> bytes:
        return np.ascontiguousarray(made.run.trace.values).tobytes()

    one, two = driven(tmp_path / "a").drive, driven(tmp_path / "b").drive

    assert digest(one) == digest(two)
    assert one.run.controls.tobytes() == two.run.controls.tobytes()
