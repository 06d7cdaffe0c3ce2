"""Bad maps and scenarios without end, to see that the driving engine refuses or plays each.

    python scripts/fuzz_driving.py --minutes 10
    python scripts/fuzz_driving.py --seed 3 --case 1234 --keep broken/    that case again, kept

Case n of a seed is always the same. What raises, dies, or takes longer than --limit seconds is
printed with its number; exit 1 where there is any. Cases run in a child process with bounded
memory, which is started again after a death.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.driving.fuzzing.cases import Case, attempt, case_of
from tests.driving.fuzzing.choice import Choice
from tests.driving.fuzzing.sources import given, own

BROKEN = "broken"


@dataclass
class Tally:
    """What came out so far."""

    counts: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, 0)
    broken: dict[str, int] = field(default_factory=dict)
    """The first case of each kind of breakage."""


def make(sources: list[Case], seed: int, number: int) -> Case:
    """Case `number` of a seed."""
    return case_of(Choice(seed, -1 - number).of(sources), seed, number)


def work(pipe: Connection, sources: list[Case], seed: int, memory: int) -> None:
    """Play the cases whose numbers come in; say what became of each."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    while True:
        number = pipe.recv()
        begun = time.process_time()
        try:
            with tempfile.TemporaryDirectory() as folder:
                told = attempt(make(sources, seed, number), Path(folder)), ""
        except Exception as error:
            lines = traceback.extract_tb(error.__traceback__)
            where = f"{Path(lines[-1].filename).name}:{lines[-1].lineno}"
            kind = f"{type(error).__name__} at {where}"
            told = BROKEN, kind + "\n" + traceback.format_exc(limit=-4)
        pipe.send((*told, time.process_time() - begun))


class Worker:
    """The child process."""

    def __init__(self, options: argparse.Namespace, sources: list[Case]) -> None:
        self._arguments = (sources, options.seed, options.memory << 20)
        self._limit = options.limit
        self._context = multiprocessing.get_context("fork")
        self._start()

    def _start(self) -> None:
        self._pipe, other = self._context.Pipe()
        self._process = self._context.Process(target=work, args=(other, *self._arguments))
        self._process.start()
        other.close()

    def ask(self, number: int) -> tuple[str, str, float]:
        """What became of a case, more about it, and the CPU seconds it took."""
        self._pipe.send(number)
        try:
            if self._pipe.poll(self._limit):
                outcome, more, took = self._pipe.recv()
                return str(outcome), str(more), float(took)
            kind = f"took longer than {self._limit:g} s"
        except EOFError:
            kind = "died"
        self.stop()
        self._start()
        return BROKEN, kind, self._limit

    def stop(self) -> None:
        """End the child process."""
        self._process.kill()
        self._process.join()


def fuzz(options: argparse.Namespace, sources: list[Case]) -> Tally:
    """Cases from --case on until the time is over."""
    tally, worker, number = Tally(), Worker(options, sources), options.first
    end, said = time.monotonic() + 60 * options.minutes, 0.0
    while time.monotonic() < end:
        outcome, more, took = worker.ask(number)
        tally.counts[outcome] += 1
        tally.slowest = max(tally.slowest, (took, number))
        if outcome == BROKEN:
            _note(tally, make(sources, options.seed, number), number, more, options.keep)
        if time.monotonic() - said > 1:
            said = time.monotonic()
            print(f"\r{_line(tally)}, {end - said:.0f} s left ", end="", file=sys.stderr)
        number += 1
    worker.stop()
    print(file=sys.stderr)
    return tally


def _note(tally: Tally, case: Case, number: int, more: str, keep: Path | None) -> None:
    """Print the first of each kind; keep its files."""
    kind = more.splitlines()[0]
    if kind in tally.broken:
        return
    tally.broken[kind] = number
    print(f"\ncase {number}, from {case.name}: {more}", flush=True)
    if keep is not None:
        _keep(case, keep / str(number))


def _keep(case: Case, folder: Path) -> None:
    files = {"xosc/scenario.xosc": case.scenario, **case.catalogs}
    if case.map is not None:
        files["map.xodr"] = case.map
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def _line(tally: Tally) -> str:
    counts = ", ".join(f"{tally.counts[name]} {name}" for name in ("played", "refused", BROKEN))
    took, number = tally.slowest
    return f"{tally.counts.total()} cases: {counts}; slowest {took:.1f} s ({number})"


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--case", type=int, help="this case only, in this process")
    parser.add_argument("--files", type=Path, help="a folder of files to mutate too")
    parser.add_argument("--keep", type=Path, help="a folder for the files of what broke")
    parser.add_argument("--limit", type=float, default=60, help="seconds a case may take")
    parser.add_argument("--memory", type=int, default=6000, help="MiB that the child may map")
    options = parser.parse_args()
    sources = own() + (given(options.files) if options.files else [])
    if options.case is not None:
        case = make(sources, options.seed, options.case)
        if options.keep is not None:
            _keep(case, options.keep / str(options.case))
        with tempfile.TemporaryDirectory() as folder:
            print(case.name, attempt(case, Path(folder)))
        return 0
    with tempfile.TemporaryDirectory() as folder:  # compiles what is not compiled yet
        for number, case in enumerate(sources[:20]):
            attempt(case, Path(folder) / str(number))
    tally = fuzz(options, sources)
    print(_line(tally))
    return 1 if tally.broken else 0


if __name__ == "__main__":
    sys.exit(main())
