"""`concours demo` as a whole process, at growing numbers of teams: seconds, memory, correlation."""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time

from rich.console import Console
from rich.table import Table


def run(teams: int) -> tuple[float, int, list[str]]:
    """(seconds, peak bytes so far of any child, Spearman of each track) of one run."""
    with tempfile.TemporaryDirectory(prefix="concours-bench-") as data:
        started = time.perf_counter()
        output = subprocess.run(
            [sys.executable, "-m", "concours", "demo", "--teams", str(teams)],
            env={**os.environ, "CONCOURS_DATA": data, "COLUMNS": "160"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        taken = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    rows = [line for line in output.splitlines() if "│" in line and "%" in line]
    return taken, peak, [re.findall(r"0\.\d{3}", row)[0] for row in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teams", type=int, nargs="*", default=[40, 200, 2_000])
    options = parser.parse_args()
    table = Table(title="concours demo on SQLite, schema made anew each time")
    for heading in ("teams", "seconds", "peak MiB", "Spearman with the truth, a track"):
        table.add_column(heading, justify="right")
    for teams in options.teams:
        taken, peak, found = run(teams)
        table.add_row(f"{teams:,}", f"{taken:.1f}", f"{peak / (1 << 20):.0f}", ", ".join(found))
    Console().print(table)


if __name__ == "__main__":
    main()
