"""Evaluation on a Ray cluster: one worker node against two, on one machine.

python benchmarks/evaluation_ray.py [--agent careful] [--rounds 2] [--runs 3]

Each node has one processor; the head has none. Prints wall seconds for the 28 practice scenarios,
`rounds` times over (2: 56 cases), and how many times quicker two nodes are. Both give the same
digests. Numbers say little on a machine that others use too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from tests.factories.evaluators import write_agent

from concours.evaluation import Evaluator, Prepared, load, orders, prepare
from concours.evaluation.executors.cluster import RayExecutor

EVALUATOR = Path(__file__).parents[1] / "seasons" / "open-atom-2022" / "evaluators" / "driving"
MEMORY = 100 * 2**20


def cluster_of(nodes: int) -> Any:
    """A head that runs nothing, and nodes of one processor each."""
    from ray.cluster_utils import Cluster

    made = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 0, "object_store_memory": MEMORY, "include_dashboard": False},
    )
    for _ in range(nodes):
        made.add_node(num_cpus=1, object_store_memory=MEMORY)
    return made


def timed(
    evaluator: Evaluator, prepared: Prepared, nodes: int, rounds: int, runs: int, cases: int
) -> tuple[list[float], list[str]]:
    """Seconds of each run, once all workers are warm, and the digests of its cases."""
    cluster = cluster_of(nodes)
    seconds: list[float] = []
    digests: list[str] = []
    try:
        with RayExecutor(cluster.address) as executor:
            wanted = list(orders(evaluator, prepared.root, "practice"))[:cases] * rounds
            for future in [executor.submit(order) for order in wanted[: 2 * nodes]]:
                future.result()  # imports, compiles, opens the maps
            for _ in range(runs):
                begun = time.perf_counter()
                results = [f.result() for f in [executor.submit(order) for order in wanted]]
                seconds.append(time.perf_counter() - begun)
                assert all(result.state == "scored" for result in results)
                digests = [result.digest for result in results]
    finally:
        cluster.shutdown()
    return seconds, digests


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agent", default="careful")
    parser.add_argument("--cases", type=int, default=28)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    evaluator = load(EVALUATOR)
    table = Table("nodes", "s", "times quicker", title=f"{asked.cases * asked.rounds} scenarios")
    with tempfile.TemporaryDirectory() as name:
        agent = write_agent(Path(name, "agent"), asked.agent)
        prepared = prepare(evaluator, agent, Path(name, "prepared"))
        found = {
            nodes: timed(evaluator, prepared, nodes, asked.rounds, asked.runs, asked.cases)
            for nodes in (1, 2)
        }
    assert found[1][1] == found[2][1]
    base = statistics.median(found[1][0])
    for nodes, (seconds, _) in found.items():
        median = statistics.median(seconds)
        table.add_row(str(nodes), f"{median:.1f}", f"{base / median:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
