"""A drive in a box is the drive outside of it, bit for bit; the agent sees nothing more."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from concours.cli.drive import app
from concours.cli.paths import shipped_seasons
from concours.driving.results import sha256, unpack
from concours.driving.results.verifying import verify
from concours.evaluation import (
    BadSubmission,
    CaseOrder,
    CaseState,
    Evaluator,
    boxing,
    combine,
    load,
    orders,
    prepare,
    run_case,
)
from tests.factories.evaluators import write_agent

SEASON = shipped_seasons() / "open-atom-2022"
CASES = ["train01", "train04"]
SECRET = b"a secret of some length"
pytestmark = pytest.mark.usefixtures("boxed")


@pytest.fixture(scope="module")
def driving() -> Evaluator:
    return load(SEASON / "evaluators" / "driving")


def ordered(evaluator: Evaluator, source: Path, tmp_path: Path) -> list[CaseOrder]:
    prepared = prepare(evaluator, source, tmp_path / "prepared")
    kept = tmp_path / "kept"
    return list(orders(evaluator, prepared.root, "practice", cases=CASES, artefacts=kept))


@pytest.mark.slow
@pytest.mark.parametrize("baseline", ["follow", "careful"])
def test_the_same_as_concours_drive_run(driving: Evaluator, tmp_path: Path, baseline: str) -> None:
    scenarios = [str(SEASON / "driving" / "scenarios" / f"{case}.xosc") for case in CASES]
    told = CliRunner().invoke(app, ["run", baseline, *scenarios, "-j", "1", "--json"])
    wanted = json.loads(told.stdout)["runs"]

    wants = ordered(driving, write_agent(tmp_path / "agent", baseline), tmp_path)
    results = [run_case(order) for order in wants]

    assert [one.state for one in results] == [CaseState.SCORED] * 2
    for one, run in zip(results, wanted, strict=True):
        assert one.details["trace"] == run["trace"]
        assert one.values["score"] == run["scores"]["concours"]["value"]
        assert one.values["carsmos-2023"] == run["scores"]["carsmos-2023"]["value"]
        assert one.artefacts is not None
        bundle = unpack((one.artefacts / "result.zip").read_bytes())
        assert bundle.manifest["runs"][0]["trace"] == run["trace"]
        assert verify(bundle) == []
        page = (one.artefacts / "replay.html").read_text()
        assert one.case in page


NOSY = """\
import os
from pathlib import Path

from carla import VehicleControl
from leaderboard.autoagents.autonomous_agent import AutonomousAgent


class Nosy(AutonomousAgent):
    def setup(self, path):
        found = []
        for top, folders, files in os.walk("/"):
            if top in ("/proc", "/sys", "/dev"):
                folders.clear(), files.clear()
            found += [os.path.join(top, f) for f in files if f.endswith((".xosc", ".xodr"))]
        words = str(dict(os.environ))
        for process in ("self", *map(str, range(1, 99))):
            for name in ("cmdline", "environ"):
                try:
                    words += Path("/proc", process, name).read_bytes().decode("utf-8", "replace")
                except OSError:
                    pass
        print("FOUND", found)
        print("NAMED", "train01" in words, ".xosc" in words, "bait-of" + "-the-parent" in words)
        print("HERE", sorted(os.listdir("/submission")))

    def sensors(self):
        return []

    def run_step(self, input_data, timestamp):
        return VehicleControl(brake=1.0)


def get_entry_point():
    return "Nosy"
"""


def test_the_agent_finds_no_scenario_no_map_and_nobody_else(
    driving: Evaluator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUD_KEY", "bait-of-the-parent")
    (tmp_path / "nosy.py").write_text(NOSY)
    (tmp_path / "another.xosc").write_text("bait beside the submission")
    result = run_case(ordered(driving, tmp_path / "nosy.py", tmp_path)[0])
    assert result.state is CaseState.SCORED, result.log
    lines = dict(line.split(" ", 1) for line in result.log.splitlines() if " " in line)
    assert lines["FOUND"] == "[]"
    assert lines["NAMED"] == "False False False"
    assert lines["HERE"] == "['nosy.py']"


def test_an_agent_that_fails_is_a_scored_failure(driving: Evaluator, tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text("import nowhere_to_be_found\n")
    order = ordered(driving, tmp_path / "agent.py", tmp_path)[0]
    result = run_case(order)
    assert (result.state, result.code) == (CaseState.FAILED, "bad file")
    assert result.reason == "ModuleNotFoundError: No module named 'nowhere_to_be_found'"
    assert result.values == driving.failure
    assert result.layers["box"] == "bubblewrap"


def test_artefacts_that_cannot_be_kept_are_no_verdict(driving: Evaluator, tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text("import nowhere_to_be_found\n")
    (tmp_path / "file").touch()
    order = ordered(driving, tmp_path / "agent.py", tmp_path)[0]
    result = run_case(replace(order, artefacts=tmp_path / "file" / "case"))
    assert (result.state, result.code) == (CaseState.FAULTED, "fault")
    assert "Not a directory" in result.reason


def test_which_file_drives(driving: Evaluator, tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    for name in ("one.py", "two.py"):
        (tmp_path / "two" / name).write_text("")
    with pytest.raises(BadSubmission, match=r"no agent\.py at the top"):
        prepare(driving, tmp_path / "two", tmp_path / "refused")
    (tmp_path / "two" / "agent.py").write_text("")
    assert prepare(driving, tmp_path / "two", tmp_path / "taken").entry == "agent.py"


def test_a_drive_can_be_stopped(driving: Evaluator, tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    order = ordered(driving, write_agent(tmp_path / "agent", "still"), tmp_path)[0]
    result = run_case(order, stop=stop)
    assert (result.state, result.code) == (CaseState.FAULTED, "stopped")


@pytest.mark.slow
def test_a_sealed_drive_tells_its_score_and_keeps_the_scenario(
    driving: Evaluator, tmp_path: Path
) -> None:
    prepared = prepare(driving, write_agent(tmp_path / "agent", "still"), tmp_path / "prepared")
    order = next(orders(driving, prepared.root, "ranking", secret=SECRET, artefacts=tmp_path / "k"))

    result = run_case(order)

    assert result.state is CaseState.SCORED, result.reason
    assert result.log == ""
    assert result.artefacts is not None
    assert [path.name for path in result.artefacts.iterdir()] == ["result.zip"]
    bundle = unpack((result.artefacts / "result.zip").read_bytes())
    assert bundle.manifest["sealed"] is True
    assert bundle.files == {}
    assert run_case(replace(order, artefacts=None)).digest == result.digest
    other = run_case(replace(order, artefacts=None, secret=b"another secret here"))
    assert other.details != result.details


def test_the_total_of_failures_is_what_the_manifest_says(driving: Evaluator) -> None:
    from concours.evaluation import CaseResult

    failed = [
        CaseResult(case=case, state=CaseState.FAILED, values=driving.failure)
        for case in driving.cases("practice")
    ]
    total = combine(driving, "practice", failed)
    assert total.values["score"] == 0.0
    assert total.values["collisions"] == 28.0


def test_an_agents_digest_is_that_of_its_file(driving: Evaluator, tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text("import nowhere_to_be_found\n")
    result = run_case(ordered(driving, tmp_path / "agent.py", tmp_path)[0])
    assert result.artefacts is not None
    manifest = unpack((result.artefacts / "result.zip").read_bytes()).manifest
    assert manifest["agent"]["sha256"] == sha256(b"import nowhere_to_be_found\n")


def test_a_box_that_went_away_is_not_the_agents_fault(
    driving: Evaluator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine had a box, as this process knows; now what makes it ends as it does without."""
    [order, _] = ordered(driving, write_agent(tmp_path / "agent", "still"), tmp_path)
    gone = ["/bin/sh", "-c", "echo box: bwrap is not installed >&2; exit 125", "sh"]
    around = boxing.around_agent
    monkeypatch.setattr(
        boxing, "around_agent", lambda *given: {**around(*given), "wrapper": tuple(gone)}
    )
    monkeypatch.setenv("PATH", "/nonexistent")

    result = run_case(order)

    assert (result.state, result.code) == (CaseState.FAULTED, "box")
    assert "bwrap is not installed" in result.reason
