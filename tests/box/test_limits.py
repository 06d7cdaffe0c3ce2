"""Each limit is kept for all that a program starts, and the breach of it is named."""

from __future__ import annotations

import pytest

from concours.box import Ending, Limits, Order, cgroups, run
from tests.boxes import needs_box

from .asking import python

pytestmark = needs_box
MIB = 2**20

SPIN = "while True: pass"
SPIN_IN_TURNS = f"""
import os
while os.fork():
    os.wait()
{SPIN}
"""
HOARD = "kept = [bytearray(1 << 20) for _ in range(4000)]"


@pytest.mark.parametrize("code", [SPIN, SPIN_IN_TURNS], ids=["itself", "children in turns"])
def test_cpu_time(code: str) -> None:
    outcome = run(python(code, limits=Limits(cpu_seconds=1, wall_seconds=30)))

    assert outcome.ending is Ending.CPU_TIME
    assert 0.8 <= outcome.usage.cpu_seconds < 4.0


def test_memory() -> None:
    limits = Limits(memory=100 * MIB, scratch_bytes=MIB, wall_seconds=30)

    outcome = run(python(HOARD, limits=limits))

    if cgroups.place().version:
        assert outcome.ending is Ending.MEMORY
        assert 100 * MIB <= outcome.usage.peak_bytes <= 256 * MIB
    else:
        assert (outcome.ending, b"MemoryError" in outcome.stderr) == (Ending.EXITED, True)


def test_memory_within_its_limit_is_no_fault() -> None:
    code = "kept = [bytearray(1 << 20) for _ in range(60)]; print(len(kept))"

    outcome = run(python(code, limits=Limits(memory=100 * MIB, scratch_bytes=MIB)))

    assert outcome.stdout == b"60\n"


@pytest.mark.parametrize(
    ("bytes_written", "ending"), [(MIB, Ending.EXITED), (MIB + 4096, Ending.DISK)]
)
def test_disk(bytes_written: int, ending: Ending) -> None:
    code = f"with open('big', 'wb') as file: file.write(bytes({bytes_written}))"

    outcome = run(python(code, limits=Limits(scratch_bytes=MIB)))

    assert outcome.ending is ending
    assert outcome.usage.written_bytes == MIB


def test_the_size_of_one_file() -> None:
    limits = Limits(scratch_bytes=8 * MIB, file_bytes=MIB)

    outcome = run(Order(argv=["dd", "if=/dev/zero", "of=big", "bs=65536"], limits=limits))

    assert outcome.ending is Ending.DISK
    assert outcome.usage.written_bytes == MIB


def test_open_files() -> None:
    code = "kept = [open('/dev/null') for _ in range(100)]"

    outcome = run(python(code, limits=Limits(open_files=50)))

    assert b"Too many open files" in outcome.stderr


def test_processes() -> None:
    code = """
import os, time
made = 0
try:
    for _ in range(100):
        if os.fork() == 0:
            time.sleep(60)
        made += 1
except OSError as error:
    print(made, error.errno)
"""
    outcome = run(python(code, limits=Limits(processes=10)))

    made, errno = map(int, outcome.stdout.split())
    assert 8 <= made <= 11
    assert errno == 11


def test_no_box_leaves_a_control_group_behind() -> None:
    run(python("print(1)"))

    left = [one for parent in cgroups.place().parents.values() for one in parent.glob("concours-*")]

    assert [one for one in left if cgroups._owner() in one.name] == []
