"""What `concours criteria check` costs, and how it grows: clones made by `git fast-import`.

python benchmarks/criteria_check.py [--commits 1000 10000 40000] [--runs 3]

Each clone has a file of 40 lines for every four commits, twenty authors, and a signed tag for
every hundredth commit. A run is the command as a process of its own, from its start to its end,
with the graduation rows of the Open Atom-like set. Prints the median of wall seconds and the
largest resident memory of command and git.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table
from tests.criteria.conftest import good_files
from tests.factories.clones import PGP, CloneMaker, run_git

LINE = "value = sum(number for number in range({0}))  # what is counted here is {0}\n"


def write_clone(folder: Path, commits: int) -> Path:
    maker = CloneMaker().commit(dict(good_files()), signed_off=True)
    for number in range(1, commits):
        author = number % 20
        body = "# SPDX-License-Identifier: MulanPSL-2.0\n" + LINE.format(number) * 40
        maker.commit(
            {f"src/part{number % (commits // 4) // 50}/f{number % (commits // 4)}.py": body},
            message=f"Change {number}\n\nWhat it does is told here, in a line or two.",
            author=f"Author {author}",
            email=f"author{author}@concours.dev",
            at=1_500_000_000 + number * 3_600,
            signed_off=True,
        )
        if number % 100 == 0:
            maker.tag(f"v1.{number // 100}.0", signature=PGP, at=1_500_000_000 + number * 3_600)
    clone = maker.make(folder)
    run_git("gc", "-q", folder=clone)
    return clone


def run(clone: Path) -> tuple[float, dict[str, int]]:
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "concours", "criteria", "check", str(clone),
         "--stage", "graduated", "--json"],
        capture_output=True, check=False,
    )  # fmt: skip
    wall = time.perf_counter() - started
    assert done.returncode in (0, 1), done.stderr.decode()
    return wall, json.loads(done.stdout)["repository"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", type=int, nargs="+", default=[1_000, 10_000, 40_000])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    table = Table("commits", "files", "tags", "wall s", "peak MiB")
    for commits in options.commits:
        with tempfile.TemporaryDirectory() as name:
            clone = write_clone(Path(name) / "clone", commits)
            runs = [run(clone) for _ in range(options.runs)]
            facts = runs[0][1]
            assert facts["commits"] == commits, facts
            # The largest child of this process so far: the clones grow, and so does it.
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            wall = statistics.median(wall for wall, _ in runs)
            table.add_row(
                f"{commits:,}", f"{facts['files']:,}", f"{facts['tags']:,}", f"{wall:.1f}",
                f"{peak:.0f}",
            )  # fmt: skip
    Console().print(table)


if __name__ == "__main__":
    main()
