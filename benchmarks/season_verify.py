"""`concours season verify` of a played season as a whole process: seconds, also of the processor
(which can be read on a busy machine), and memory."""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table


def concours(data: Path, *arguments: str) -> float:
    """Seconds that the command took, with its installation in `data`."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "concours", *arguments],
        env={**os.environ, "CONCOURS_DATA": str(data), "COLUMNS": "160"},
        check=True,
        capture_output=True,
        text=True,
    )
    return time.perf_counter() - started


def processor_s() -> float:
    """Seconds that the processor spent on ended commands."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def run(teams: int, data: Path | None) -> tuple[float, float, float, int, int]:
    """(seconds to export, seconds to verify, of them the processor's, bytes of the record, peak
    bytes of any step).

    `data` is an installation in which the demo was played already with that many teams.
    """
    with tempfile.TemporaryDirectory(prefix="concours-bench-") as made:
        if data is None:
            data = Path(made) / "data"
            subprocess.run(
                [sys.executable, "-m", "concours", "demo", "--teams", str(teams)],
                env={**os.environ, "CONCOURS_DATA": str(data)},
                check=True,
                capture_output=True,
            )
        out = Path(made) / "out"
        exported = concours(data, "season", "export", f"demo-{teams}-1", "--to", str(out))
        before = processor_s()
        verified = concours(Path(made) / "nothing", "season", "verify", str(out))
        busy = processor_s() - before
        size = (out / "record.jsonl").stat().st_size
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return exported, verified, busy, size, peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teams", type=int, nargs="*", default=[200, 2_000])
    parser.add_argument("--data", type=Path, help="an installation with the played season")
    options = parser.parse_args()
    table = Table(title="concours season verify, without a database")
    for heading in (
        "teams",
        "export s",
        "verify s",
        "processor s",
        "record MiB",
        "peak MiB of any step",
    ):
        table.add_column(heading, justify="right")
    for teams in options.teams:
        exported, verified, busy, size, peak = run(teams, options.data)
        table.add_row(
            f"{teams:,}",
            f"{exported:.1f}",
            f"{verified:.1f}",
            f"{busy:.1f}",
            f"{size / (1 << 20):.1f}",
            f"{peak / (1 << 20):.0f}",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
