"""Workers that are killed, stopped and closed: nothing is lost and nothing hangs."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from concours.evaluation import CaseOrder, CaseState, LocalExecutor, executor_from_settings
from concours.evaluation.running import run_case

Make = Callable[..., list[CaseOrder]]
pytestmark = pytest.mark.usefixtures("boxed")

WAITS = """\
import os, time
from pathlib import Path
numbers = Path(os.environ["CONCOURS_INPUT"], "numbers.txt").read_text().split()
print("begun", flush=True)
time.sleep(SECONDS)
Path(os.environ["CONCOURS_OUTPUT"], "sum.txt").write_text(str(sum(map(int, numbers))))
"""


def waits(seconds: float) -> str:
    return WAITS.replace("SECONDS", str(seconds))


def processes() -> dict[int, tuple[int, bytes]]:
    """Number -> parent and command line of all that runs on this machine."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                parent = int((entry / "stat").read_bytes().rpartition(b")")[2].split()[1])
                found[int(entry.name)] = parent, (entry / "cmdline").read_bytes()
    return found


def workers() -> list[int]:
    """The processes of executors below this one."""
    return [
        number
        for number, (parent, command) in processes().items()
        if parent == os.getpid() and b"spawn_main" in command
    ]


def _is_below_here(number: int, running: dict[int, tuple[int, bytes]]) -> bool:
    while number in running and number != os.getpid():
        number = running[number][0]
    return number == os.getpid()


def boxes() -> list[int]:
    """Programs of these tests that still run, those that lost their parent included."""
    running = processes()
    return [
        number
        for number, (parent, command) in running.items()
        if b"/main.py" in command and (parent == 1 or _is_below_here(parent, running))
    ]


def test_the_same_as_without_and_in_any_number(ordered: Make) -> None:
    wanted = ordered()
    with LocalExecutor(2) as executor:
        futures = [executor.submit(order) for order in wanted]
        results = [future.result(timeout=300) for future in futures]
    assert [one.case for one in results] == ["one", "three", "two"]
    assert [one.digest for one in results] == [run_case(order).digest for order in wanted]


def test_a_worker_that_is_killed_does_its_case_again(ordered: Make) -> None:
    order = ordered(waits(1.0))[0]
    begun = threading.Event()
    with LocalExecutor(1) as executor:
        future = executor.submit(order, watch=lambda _: begun.set())
        assert begun.wait(120)
        (worker,) = workers()
        os.kill(worker, signal.SIGKILL)
        result = future.result(timeout=300)
        assert workers() != [worker]
    assert result.state is CaseState.SCORED
    assert result.digest == run_case(order).digest


def test_a_case_over_which_every_worker_dies_is_given_up(ordered: Make) -> None:
    order, other, _ = ordered(waits(3.0))
    killed: list[int] = []

    def kill(_: bytes) -> None:
        (worker,) = workers()
        killed.append(worker)
        os.kill(worker, signal.SIGKILL)

    with LocalExecutor(1) as executor:
        result = executor.submit(order, watch=kill).result(timeout=300)
        assert (result.state, result.code) == (CaseState.FAULTED, "worker-died")
        assert len(set(killed)) == 3
        after = executor.submit(other).result(timeout=300)
    assert after.state is CaseState.SCORED


def test_a_case_can_be_stopped_and_leaves_no_process(ordered: Make) -> None:
    stop = threading.Event()
    order = ordered(waits(600.0))[0]
    with LocalExecutor(1) as executor:
        begun = time.monotonic()
        result = executor.submit(order, stop=stop, watch=lambda _: stop.set()).result(timeout=300)
    assert (result.state, result.code) == (CaseState.FAULTED, "stopped")
    assert time.monotonic() - begun < 110
    assert boxes() == []


def test_closing_ends_what_runs_and_what_waits(ordered: Make) -> None:
    orders = ordered(waits(600.0))
    begun = threading.Event()
    executor = LocalExecutor(1)
    futures = [executor.submit(order, watch=lambda _: begun.set()) for order in orders]
    assert begun.wait(120)
    executor.close()
    assert [future.result(timeout=1).code for future in futures] == ["stopped"] * 3
    assert workers() == []
    assert boxes() == []
    with pytest.raises(RuntimeError, match="closed"):
        executor.submit(orders[0])


def test_one_setting_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    with executor_from_settings(1) as executor:
        assert isinstance(executor, LocalExecutor)
    with pytest.raises(ValueError, match="at least one"):
        LocalExecutor(0)
