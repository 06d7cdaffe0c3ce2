"""A program in the box: how its end is told, and what it is given."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import pytest

from concours.box import BadOrder, Ending, Limits, Mount, Order, run
from tests.boxes import needs_box

from .asking import python

pytestmark = needs_box


def test_a_program_that_does_its_work() -> None:
    outcome = run(Order(argv=["echo", "done"]))

    assert (outcome.ending, outcome.exit_code) == (Ending.EXITED, 0)
    assert (outcome.stdout, outcome.stderr) == (b"done\n", b"")
    assert outcome.completed


def test_both_streams_are_kept_apart() -> None:
    outcome = run(Order(argv=["sh", "-c", "echo out; echo err >&2; exit 7"]))

    assert (outcome.stdout, outcome.stderr) == (b"out\n", b"err\n")
    assert (outcome.ending, outcome.exit_code) == (Ending.EXITED, 7)
    assert not outcome.completed


def test_a_program_that_is_not_there_is_the_orders_fault() -> None:
    outcome = run(Order(argv=["no-such-program"]))

    assert (outcome.ending, outcome.exit_code) == (Ending.EXITED, 127)


def test_a_signal_is_named() -> None:
    outcome = run(Order(argv=["sh", "-c", "kill -SEGV $$"]))

    assert (outcome.ending, outcome.exit_code) == (Ending.SIGNALLED, None)
    assert "SIGSEGV" in outcome.reason


def test_more_wall_time_than_allowed() -> None:
    began = time.monotonic()

    outcome = run(Order(argv=["sleep", "60"], limits=Limits(wall_seconds=0.5)))

    assert outcome.ending is Ending.WALL_TIME
    assert time.monotonic() - began < 30.0


def test_a_run_is_stopped_on_demand() -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()

    outcome = run(Order(argv=["sleep", "60"]), stop=stop)

    assert outcome.ending is Ending.STOPPED
    assert outcome.usage.wall_seconds < 30.0


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_output_is_taken_up_to_its_limit_and_no_further(stream: str) -> None:
    code = f"import sys\nwhile True: sys.{stream}.write('x' * 1000)"

    outcome = run(python(code, limits=Limits(output_bytes=12_345)))

    assert outcome.ending is Ending.OUTPUT
    assert len(getattr(outcome, stream)) == 12_345


def test_output_of_just_the_limit_is_no_fault() -> None:
    outcome = run(python("print('x' * 99)", limits=Limits(output_bytes=100)))

    assert outcome.completed
    assert len(outcome.stdout) == 100


def test_the_output_is_watched_as_it_comes() -> None:
    heard: list[tuple[float, bytes]] = []
    code = "import time; print(1, flush=True); time.sleep(0.5); print(2, flush=True)"

    run(python(code), watch=lambda data: heard.append((time.monotonic(), data)))

    assert [data for _, data in heard] == [b"1\n", b"2\n"]
    assert heard[1][0] - heard[0][0] > 0.3


def test_input_comes_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "input").write_bytes(b"3 4")

    outcome = run(Order(argv=["cat"], stdin=tmp_path / "input"))

    assert outcome.stdout == b"3 4"


def test_input_that_is_not_there_is_the_callers_fault(tmp_path: Path) -> None:
    with pytest.raises(BadOrder, match="input"):
        run(Order(argv=["cat"], stdin=tmp_path / "input"))


def test_a_mount_can_be_read_and_not_written(tmp_path: Path) -> None:
    (tmp_path / "given.txt").write_text("given")
    mounts = [Mount(source=tmp_path, target="/data/in")]

    read = run(Order(argv=["cat", "/data/in/given.txt"], mounts=mounts))
    written = run(Order(argv=["sh", "-c", "echo x > /data/in/given.txt"], mounts=mounts))

    assert read.stdout == b"given"
    assert not written.completed
    assert (tmp_path / "given.txt").read_text() == "given"


def test_a_private_folder_can_be_mounted(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "given.txt").write_text("given")

    outcome = run(
        Order(argv=["cat", "/in/given.txt"], mounts=[Mount(source=tmp_path, target="/in")])
    )

    assert outcome.stdout == b"given"


def test_a_mount_of_nothing_is_the_callers_fault(tmp_path: Path) -> None:
    with pytest.raises(BadOrder, match="not there"):
        run(Order(argv=["true"], mounts=[Mount(source=tmp_path / "no", target="/in")]))


def test_this_interpreter_and_its_packages_are_there() -> None:
    outcome = run(Order(argv=[sys.executable, "-c", "import numpy; print(numpy.arange(3).sum())"]))

    assert outcome.stdout == b"3\n"


def test_the_environment_is_what_the_order_says() -> None:
    outcome = run(Order(argv=["env"], environment={"NAME": "value"}))

    assert set(outcome.stdout.decode().split()) == {
        "PATH=/usr/local/bin:/usr/bin:/bin",
        "LANG=C.UTF-8",
        "HOME=/scratch",
        "TMPDIR=/tmp",
        "PWD=/scratch",
        "NAME=value",
    }
