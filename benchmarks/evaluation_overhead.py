"""What the box and the executor cost: the practice scenarios with and without them.

python benchmarks/evaluation_overhead.py [--agent careful] [--cases 28] [--workers 1] [--runs 3]

Prints wall seconds of (1) `concours drive run`'s own way, (2) evaluation in boxes, (3) the same
with a bundle and a replay kept of each scenario; one after another in each round, the median of
the rounds. Traces are compared: all three are the same drives.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table
from tests.factories.evaluators import write_agent

from concours.driving.agents import AgentSpec
from concours.driving.closedloop.loop import Setting
from concours.driving.results import trace_digest
from concours.driving.results.batch import Job, drive_all
from concours.evaluation import Evaluator, LocalExecutor, Prepared, load, orders, prepare

EVALUATOR = Path(__file__).parents[1] / "seasons" / "open-atom-2022" / "evaluators" / "driving"


def driven(evaluator: Evaluator, agent: Path, cases: list[str], workers: int) -> list[str]:
    """The traces, as `concours drive run` makes them."""
    files = evaluator.splits["practice"].files
    jobs = [
        Job(
            name=case,
            scenario=files[case],
            agent=AgentSpec(path=agent / "agent.py"),
            setting=Setting(track=evaluator.driving.track),
        )
        for case in cases
    ]
    return [trace_digest(one.drive.run.trace) for one in drive_all(jobs, workers=workers)]


def evaluated(
    evaluator: Evaluator,
    prepared: Prepared,
    cases: list[str],
    executor: LocalExecutor,
    kept: Path | None,
) -> list[str]:
    """The traces of the same cases in boxes."""
    wanted = orders(evaluator, prepared.root, "practice", cases=cases, artefacts=kept)
    futures = [executor.submit(order) for order in wanted]
    results = [future.result() for future in futures]
    assert all(result.state == "scored" for result in results), results
    return [result.details["trace"] for result in results]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agent", default="careful")
    parser.add_argument("--cases", type=int, default=28)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    evaluator = load(EVALUATOR)
    cases = evaluator.cases("practice")[: asked.cases]
    times: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name, LocalExecutor(asked.workers) as executor:
        agent = write_agent(Path(name, "agent"), asked.agent)
        prepared = prepare(evaluator, agent, Path(name, "prepared"))
        ways = {
            "concours drive run": lambda: driven(evaluator, agent, cases, asked.workers),
            "in boxes": lambda: evaluated(evaluator, prepared, cases, executor, None),
            "in boxes, bundles and replays kept": lambda: evaluated(
                evaluator, prepared, cases, executor, Path(name, "kept")
            ),
        }
        wanted = [way() for way in ways.values()]  # compiles, imports, and opens the maps
        assert wanted[0] == wanted[1] == wanted[2]
        for _ in range(asked.runs):
            for told, way in ways.items():
                begun = time.perf_counter()
                assert way() == wanted[0]
                times.setdefault(told, []).append(time.perf_counter() - begun)
    table = Table(
        "way", "s", "to the first",
        title=f"{len(cases)} scenarios, {asked.agent}, {asked.workers} workers",
    )  # fmt: skip
    base = statistics.median(times["concours drive run"])
    for told, each in times.items():
        found = statistics.median(each)
        table.add_row(told, f"{found:.1f}", f"{found / base:.3f}")
    Console().print(table)


if __name__ == "__main__":
    main()
