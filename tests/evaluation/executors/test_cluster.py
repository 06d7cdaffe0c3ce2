"""Several Ray nodes on one machine: the same results, and nothing is lost with a node."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from concours.evaluation import CaseState, combine, load, orders, prepare, run_case
from concours.evaluation.executors.choosing import executor_from_settings
from tests.factories.evaluators import write_archive, write_evaluator

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


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A head that runs nothing, and two nodes of one processor each."""
    from ray.cluster_utils import Cluster

    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    made = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 0, "object_store_memory": MEMORY, "include_dashboard": False},
    )
    for _ in range(2):
        made.add_node(num_cpus=1, object_store_memory=MEMORY)
    monkeypatch.setenv("RAY_ADDRESS", made.address)
    yield made
    ray.shutdown()
    made.shutdown()


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
        cluster.remove_node(list(cluster.worker_nodes)[0], allow_graceful=False)
        assert not all(future.done() for future in futures)
        cluster.add_node(num_cpus=1, object_store_memory=MEMORY)
        there = [future.result(timeout=180) for future in futures]

    assert [one.state for one in there] == [CaseState.SCORED] * len(wanted)
    assert [one.digest for one in there] == [one.digest for one in here]
    total = combine(evaluator, "practice", there)
    assert total == combine(evaluator, "practice", here)
