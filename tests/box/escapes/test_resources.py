"""Tries to use up the machine, or to hold up whoever cleans up."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from concours.box import Ending, Limits, cgroups
from tests.boxes import needs_box

from .trying import ended, inside

pytestmark = needs_box
MIB = 2**20
SMALL = Limits(memory=64 * MIB, scratch_bytes=4 * MIB, file_bytes=2 * MIB, wall_seconds=20)


def test_a_memory_bomb() -> None:
    outcome = ended("kept = []\nwhile True: kept.append(bytearray(1 << 20))", limits=SMALL)

    if cgroups.place().version:
        assert outcome.ending is Ending.MEMORY
        assert outcome.usage.peak_bytes < 256 * MIB
    else:
        assert b"MemoryError" in outcome.stderr


@pytest.mark.skipif(not cgroups.place().version, reason="no control groups on this machine")
def test_a_memory_bomb_of_many_small_processes() -> None:
    code = """
    for _ in range(30):
        if os.fork() == 0:
            kept = bytearray(24 << 20)
            kept[::4096] = b'x' * len(kept[::4096])
            import time; time.sleep(300)
    import time; time.sleep(3); print("all there")
    """

    outcome = ended(code, limits=SMALL)

    assert outcome.usage.peak_bytes < 256 * MIB
    assert outcome.ending is Ending.MEMORY or b"all there" in outcome.stdout


@pytest.mark.parametrize("stream", [1, 2])
def test_an_output_bomb(stream: int) -> None:
    code = f"while True: os.write({stream}, bytes(65536))"

    outcome = ended(code, limits=Limits(output_bytes=100_000, wall_seconds=20))

    assert outcome.ending is Ending.OUTPUT
    assert len(outcome.stdout) + len(outcome.stderr) == 100_000


def test_an_output_bomb_of_children() -> None:
    code = """
    for _ in range(8): os.fork()
    while True: os.write(1, b"x")
    """

    outcome = ended(code, limits=Limits(output_bytes=1000, wall_seconds=20))

    assert outcome.ending is Ending.OUTPUT
    assert len(outcome.stdout) == 1000


@pytest.mark.parametrize("folder", ["/scratch", "/tmp", "/dev/shm"])  # noqa: S108
def test_filling_the_disk(folder: str) -> None:
    code = f"""
    written = 0
    try:
        for number in range(1000):
            written += os.write(os.open(f"{folder}/{{number}}", 65), bytes(1 << 20))
    except OSError as error:
        print(errno.errorcode[error.errno], written)
    """

    limits = Limits(scratch_bytes=64 * MIB, open_files=2000)
    told, written = inside(code, limits=limits).split()

    assert told == "ENOSPC"
    assert int(written) <= 64 * MIB


@pytest.mark.parametrize("folder", ["/", "/dev", "/etc", "/usr", "/proc/self"])
def test_filling_what_is_not_its_own(folder: str) -> None:
    code = f"attempt(lambda: os.write(os.open('{folder}/new', 65), b'x'))"

    assert inside(code) in {"EROFS", "ENOENT", "EACCES"}


def test_a_file_of_a_size_that_it_has_not() -> None:
    code = """
    import signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    handle = os.open("sparse", os.O_CREAT | os.O_RDWR)
    attempt(lambda: os.ftruncate(handle, 1 << 40))
    attempt(lambda: os.pwrite(handle, b"x", 1 << 40))
    attempt(lambda: os.ftruncate(handle, 1 << 20))
    """

    assert inside(code, limits=SMALL).splitlines() == ["EFBIG", "EFBIG", "GOT None"]


def test_more_files_than_there_are_inodes(tmp_path: Path) -> None:
    code = """
    number = 0
    while True:
        os.close(os.open(str(number), os.O_CREAT))
        number += 1
    """
    began = time.monotonic()

    outcome = ended(
        code,
        limits=Limits(memory=32 * MIB, scratch_bytes=MIB, wall_seconds=4, cpu_seconds=8),
        collect=tmp_path,
    )

    assert outcome.ending is not Ending.EXITED or outcome.exit_code != 0
    assert "more than 1000 entries" in outcome.reason
    assert list(tmp_path.iterdir()) == []
    assert time.monotonic() - began < 40.0


def test_a_tree_without_end(tmp_path: Path) -> None:
    code = """
    for _ in range(3000):
        os.mkdir("d")
        os.chdir("d")
    open("deep", "w").close()
    """
    began = time.monotonic()

    outcome = ended(code, collect=tmp_path)

    assert "(too deep)" in outcome.reason
    assert not list(tmp_path.rglob("deep"))
    assert time.monotonic() - began < 30.0


def test_folders_that_nobody_may_open(tmp_path: Path) -> None:
    code = """
    os.mkdir("shut"); open("shut/file", "w").write("x"); open("plain", "w").write("y")
    os.chmod("shut/file", 0); os.chmod("shut", 0)
    print("shut")
    """

    outcome = ended(code, collect=tmp_path)

    # Root opens them; anybody else is told that they were not taken. Neither is held up.
    assert outcome.stdout == b"shut\n"
    taken = {one.name for one in tmp_path.rglob("*")}
    assert taken == {"shut", "file", "plain"} or "not taken" in outcome.reason


def test_pipes_full_of_memory() -> None:
    code = """
    import fcntl
    kept = []
    try:
        while True:
            kept.append(os.pipe())
            os.set_blocking(kept[-1][1], False)
            try:
                while True: os.write(kept[-1][1], bytes(65536))
            except BlockingIOError:
                pass
    except OSError as error:
        print(errno.errorcode[error.errno], len(kept))
    """

    told, count = inside(code).split()

    assert told == "EMFILE"
    assert int(count) < 130


def test_locked_memory() -> None:
    assert inside("attempt(lambda: libc.mlockall(3) and call(-1))") != "GOT 0"


def test_deleting_its_own_scratch(tmp_path: Path) -> None:
    code = """
    attempt(lambda: os.rmdir("/scratch"))
    attempt(lambda: os.rename("/scratch", "/tmp/scratch"))
    """

    outcome = ended(code, collect=tmp_path)

    assert outcome.stdout.split()[0] in {b"EBUSY", b"EROFS"}
    assert outcome.completed


def test_after_all_that_no_box_is_left() -> None:
    groups = [one for parent in cgroups.place().parents.values() for one in parent.iterdir()]

    assert [one for one in groups if one.name.startswith(f"{cgroups.PREFIX}{os.getpid()}-")] == []
