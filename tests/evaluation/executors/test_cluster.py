"""Several Ray nodes on one machine: the same results, and nothing is lost with a node."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from concours.cli.paths import shipped_seasons
from concours.driving.results import unpack
from concours.evaluation import CaseState, combine, load, orders, prepare, run_case
from concours.evaluation.executors.choosing import executor_from_settings
from tests.factories.evaluators import write_agent, write_archive, write_evaluator

ray = pytest.importorskip("ray", reason="evaluation on a cluster needs the extra `ray`")
pytestmark = pytest.mark.slow

SLOW = """\
import os, time
from pathlib import Path
numbers = Path(os.environ["CONCOURS_INPUT"], "numbers.txt").read_text().split()
time.sleep(2.0)
Path(os.environ["CONCOURS_OUTPUT"], "sum.txt").write_text(str(sum(map(int, numbers))))
"""
CASES = {f"case-{number}": f"{number} 10 20" for number in range(6)}
MEMORY = 100 * 2**20


ATTEMPTS = 3
"""Ray gives a node 30 s to start, which a busy machine does not always keep."""


def started() -> Any:
    """A head that runs nothing, and two nodes of one processor each."""
    from ray.cluster_utils import Cluster

    for attempt in range(ATTEMPTS):
        made = Cluster()
        try:
            made.add_node(num_cpus=0, object_store_memory=MEMORY, include_dashboard=False)
            for _ in range(2):
                made.add_node(num_cpus=1, object_store_memory=MEMORY)
        except Exception:
            made.shutdown()
            if attempt + 1 == ATTEMPTS:
                raise
        else:
            return made
    raise AssertionError


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    made = started()
    monkeypatch.setenv("RAY_ADDRESS", made.address)
    yield made
    ray.shutdown()
    made.shutdown()
    monkeypatch.undo()


def test_a_node_killed_in_mid_run_loses_nothing(cluster: Any, boxed: None, tmp_path: Path) -> None:
    evaluator = load(write_evaluator(tmp_path / "adding", cases=CASES))
    archive = write_archive(tmp_path / "entry.zip", {"main.py": SLOW})
    prepared = prepare(evaluator, archive, tmp_path / "prepared")
    wanted = list(orders(evaluator, prepared.root, "practice"))
    here = [run_case(order) for order in wanted]

    with executor_from_settings() as executor:
        assert type(executor).__name__ == "RayExecutor"
        futures = [executor.submit(order) for order in wanted]
        while not any(future.done() for future in futures):
            time.sleep(0.1)
        cluster.remove_node(next(iter(cluster.worker_nodes)), allow_graceful=False)
        assert not all(future.done() for future in futures)
        cluster.add_node(num_cpus=1, object_store_memory=MEMORY)
        there = [future.result(timeout=180) for future in futures]

    assert [one.state for one in there] == [CaseState.SCORED] * len(wanted)
    assert [one.digest for one in there] == [one.digest for one in here]
    total = combine(evaluator, "practice", there)
    assert total == combine(evaluator, "practice", here)


def test_a_drive_sends_its_bundle_and_replay_home(
    cluster: Any, boxed: None, tmp_path: Path
) -> None:
    evaluator = load(shipped_seasons() / "open-atom-2022" / "evaluators" / "driving")
    prepared = prepare(evaluator, write_agent(tmp_path / "agent", "still"), tmp_path / "prepared")
    order = next(
        orders(evaluator, prepared.root, "practice", cases=["train01"], artefacts=tmp_path / "kept")
    )
    here = run_case(replace(order, artefacts=tmp_path / "here"))
    with executor_from_settings() as executor:
        there = executor.submit(order).result(timeout=180)

    assert there.state is CaseState.SCORED, there.reason
    assert there.digest == here.digest
    assert there.artefacts == order.artefacts
    kept = unpack((tmp_path / "kept/train01/result.zip").read_bytes())
    assert kept.manifest["runs"][0]["trace"] == here.details["trace"]
    assert (tmp_path / "kept/train01/replay.html").stat().st_size > 100_000


def test_a_case_on_the_cluster_can_be_stopped(cluster: Any, boxed: None, tmp_path: Path) -> None:
    evaluator = load(write_evaluator(tmp_path / "adding"))
    archive = write_archive(tmp_path / "entry.zip", {"main.py": SLOW.replace("2.0", "600.0")})
    prepared = prepare(evaluator, archive, tmp_path / "prepared")
    stop = threading.Event()
    with executor_from_settings() as executor:
        future = executor.submit(next(orders(evaluator, prepared.root, "practice")), stop=stop)
        time.sleep(3.0)
        stop.set()
        result = future.result(timeout=180)
    assert (result.state, result.code) == (CaseState.FAULTED, "stopped")


def test_a_cluster_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    with pytest.raises(ConnectionError, match="no cluster answers"):
        executor_from_settings()
