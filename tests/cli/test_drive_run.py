"""`concours drive run`, `verify`, `score`, `report`, `new-agent`, `compose` as people run them."""

from __future__ import annotations

import json
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from concours.cli.drive.run import drivable
from concours.cli.main import app
from concours.driving.baselines import NAMES
from concours.driving.results import Bundle, pack
from concours.driving.results.bundle import FORMAT
from tests.driving.results.test_verifying import write

SEED = "a seed that nobody guesses, for tests"
RAISES = """
class Agent:
    def sensors(self):
        return []

    def run_step(self, input_data, timestamp):
        raise ValueError("no idea where to go")
"""
SPY = """
from pathlib import Path

class Agent:
    def sensors(self):
        return []

    def run_step(self, input_data, timestamp):
        Path({path!r}).read_text()
        return {{"throttle": 1.0}}
"""


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["drive", *map(str, arguments)])
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result of `follow` over one short scenario."""
    folder = tmp_path_factory.mktemp("result")
    out = folder / "out" / "follow.zip"
    code, output = run("run", "follow", write(folder), "--out", out, "-j", 1)
    assert code == 0, output
    assert "short" in output
    assert "arrived" in output
    return out


def test_a_result_is_written_and_holds(result: Path) -> None:
    code, output = run("verify", result)

    assert (code, "holds: 1 drives" in output) == (0, True)
    assert "driven with carla-lincoln-mkz, track objects, seed 0" in output


@pytest.mark.parametrize("command", ["score", "verify", "report"])
def test_a_result_that_somebody_made_up_is_told(tmp_path: Path, command: str) -> None:
    made = tmp_path / "made.zip"
    made.write_bytes(pack(Bundle(manifest={"format": FORMAT, "runs": []}, controls={})))

    code, output = run(command, made)

    assert (code, "the manifest does not say 'agent'" in output) == (2, True)


def test_what_an_agent_says_does_not_end_the_batch(tmp_path: Path) -> None:
    agent = tmp_path / "agent.py"
    agent.write_text(RAISES.replace('"no idea where to go"', "chr(0xd800) + chr(27) + '[/x]'"))
    one, two = write(tmp_path / "a"), write(tmp_path / "b")
    outs = ("--out", tmp_path / "out.zip", "--report", tmp_path / "out.html")

    code, output = run("run", agent, one, two, *outs, "-j", 1)

    assert code == 1, output
    assert output.count("ValueError") == 2
    assert "\x1b[/x]" not in (tmp_path / "out.html").read_text()


@pytest.mark.parametrize("option", ["--out", "--report"])
def test_what_cannot_be_written_is_told_before_the_drive(tmp_path: Path, option: str) -> None:
    agent = tmp_path / "agent.py"
    agent.write_text(RAISES)

    code, output = run("run", agent, write(tmp_path / "a"), option, tmp_path, "-j", 1)

    assert code == 2
    assert "Is a directory" in output
    assert "driving" not in output


def test_a_worker_that_was_killed_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), drivable():
        raise BrokenProcessPool

    assert "fewer with --workers" in capsys.readouterr().err


def test_a_bad_scenario_is_told_before_the_others_are_driven(tmp_path: Path) -> None:
    (tmp_path / "bad.xosc").write_text("<no")

    code, output = run("run", "still", write(tmp_path / "a"), tmp_path / "bad.xosc", "-j", 1)

    assert code == 2
    assert "bad.xosc" in output
    assert "driving" not in output


def test_a_changed_result_is_told(result: Path, tmp_path: Path) -> None:
    data = bytearray(result.read_bytes())
    data[data.index(b"throttle") + 20] ^= 1
    changed = tmp_path / "changed.zip"
    changed.write_bytes(bytes(data))

    code, output = run("verify", changed)

    assert code == 2
    assert "changed" in output or "cannot be unpacked" in output


@pytest.mark.slow
def test_runs_are_the_same_for_any_number_of_workers(tmp_path: Path) -> None:
    one, two = write(tmp_path / "a"), write(tmp_path / "b")
    outs = [tmp_path / f"{workers}.zip" for workers in (1, 2)]

    for workers, out in zip((1, 2), outs, strict=True):
        code, output = run("run", "follow", one, two, "--out", out, "-j", workers, "--seed", 3)
        assert code == 0, output

    first, second = (told(out) for out in outs)
    assert first == second
    assert [record["name"] for record in first] == ["short", "short-2"]


def told(out: Path) -> list[dict[str, object]]:
    """The records of a result, without what is not computed."""
    from concours.driving.results import unpack

    runs = unpack(out.read_bytes()).manifest["runs"]
    return [{key: value for key, value in record.items() if key != "told"} for record in runs]


def test_an_agent_that_raises_is_a_failure_with_its_reason(tmp_path: Path) -> None:
    agent = tmp_path / "agent.py"
    agent.write_text(RAISES)
    out, page = tmp_path / "out.zip", tmp_path / "report.html"

    code, output = run("run", agent, write(tmp_path / "s"), "--out", out, "--report", page, "-j", 1)

    assert code == 1
    assert "agent failed" in output
    assert "no idea where to go" in output
    assert "no idea where to go" in page.read_text()
    assert run("verify", out)[0] == 0


def test_an_agent_cannot_read_the_scenario(tmp_path: Path) -> None:
    scenario = write(tmp_path / "secret")
    folder = tmp_path / "agent"
    folder.mkdir()
    agent = folder / "agent.py"
    agent.write_text(SPY.format(path=str(scenario)))

    code, output = run("run", agent, scenario, "--json", "-j", 1)

    assert code == 1
    record = json.loads(output)["runs"][0]
    assert record["fault_kind"] == "raised"
    assert "short.xosc" in record["fault"]
    assert "Permission" in record["fault"] or "No such file" in record["fault"]
    assert record["scores"]["concours"]["value"] == 0


def test_scores_and_a_comparison(result: Path, tmp_path: Path) -> None:
    still = tmp_path / "still.zip"
    run("run", "still", result.parents[1], "--out", still, "-j", 1)

    code, output = run("score", result, "--against", still, "--preset", "carsmos-2023", "--json")

    assert code == 0
    found = json.loads(output)
    assert found["comparison"]["scenarios"] == 1
    assert found["comparison"]["difference"] > 50
    assert "carla-2.1" in run("score", result)[1]


def test_a_page_is_made_from_the_logs(result: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"

    code, output = run("report", result, "--out", page)

    assert code == 0, output
    assert "short" in page.read_text()


@pytest.mark.parametrize("like", NAMES)
def test_a_new_agent_drives_at_once(tmp_path: Path, like: str) -> None:
    folder = tmp_path / "mine"

    assert run("new-agent", folder, "--like", like)[0] == 0
    code, output = run("run", folder / "agent.py", write(tmp_path / "s"), "-j", 1)

    assert code == 0, output
    assert run("new-agent", folder)[0] == 2


def test_a_new_agent_is_like_one_that_there_is(tmp_path: Path) -> None:
    code, output = run("new-agent", tmp_path / "mine", "--like", "careless")

    assert code == 2
    assert "still, follow, careful" in output
    assert not (tmp_path / "mine").exists()


def test_sealed_scenarios_come_from_the_seed(tmp_path: Path) -> None:
    seed = tmp_path / "seed"
    seed.write_text(SEED)
    folders = [tmp_path / "one", tmp_path / "two"]

    for folder in folders:
        code, output = run("compose", folder, "--seed-file", seed, "--count", 2)
        assert code == 0, output

    found = [
        {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.x*"))}
        for folder in folders
    ]
    assert found[0] == found[1]
    assert {"scenarios/sealed01.xosc", "scenarios/sealed02.xosc"} <= set(found[0])
    assert run("check", folders[0] / "scenarios")[0] == 0


def test_a_short_seed_is_refused(tmp_path: Path) -> None:
    seed = tmp_path / "seed"
    seed.write_text("1234")

    code, output = run("compose", tmp_path / "out", "--seed-file", seed)

    assert (code, "16 characters" in output) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "nobody"), "there is no agent"),
        (("run", "still", "--track", "psychic"), "--track is one of"),
        (("run", "still", "--preset", "golf"), "--preset is one of"),
        (("run", "still", "/nowhere"), "No such file"),
        (("verify", "/nowhere.zip"), "No such file"),
    ],
)
def test_mistakes_are_one_line(arguments: tuple[str, ...], words: str) -> None:
    code, output = run(*arguments)

    assert code == 2
    assert words in output
    assert "Traceback" not in output
