"""A box in front of another command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from concours.box import BadOrder, Limits, Mount, Order, prefix
from tests.boxes import needs_box

pytestmark = needs_box


def _start(code: str, *, limits: Limits | None = None, **more: Any) -> subprocess.Popen[bytes]:
    words = prefix(Order(argv=[], limits=limits or Limits()))
    return subprocess.Popen(
        [*words, sys.executable, "-I", "-S", "-c", code], stdout=subprocess.PIPE, **more
    )


def test_the_exit_code_and_the_output_come_through() -> None:
    process = _start("print('out'); raise SystemExit(9)")

    assert process.communicate() == (b"out\n", None)
    assert process.returncode == 9


def test_descriptors_that_are_handed_down_are_kept() -> None:
    reader, writer = os.pipe()
    kept, not_kept = writer, os.open("/dev/null", os.O_RDONLY)
    code = f"import os; os.write({kept}, b'heard'); print(os.listdir('/proc/self/fd'))"

    process = _start(code, pass_fds=[kept])
    told = process.communicate()[0].decode()
    os.close(writer)

    assert os.read(reader, 100) == b"heard"
    assert f"'{not_kept}'" not in told
    os.close(reader)
    os.close(not_kept)


def test_the_folder_it_is_started_in_becomes_its_scratch(tmp_path: Path) -> None:
    code = "import os; print(os.getcwd()); open('file', 'w').write('x')"

    process = _start(code, cwd=tmp_path)

    assert process.communicate()[0].decode().strip() == str(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_files_is_not_seen(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")

    process = _start(
        f"import os; print(os.getcwd(), os.path.exists({str(tmp_path)!r}))", cwd=tmp_path
    )

    assert process.communicate()[0] == b"/scratch False\n"


def test_only_known_names_of_the_environment_pass() -> None:
    given = {"HOME": "/scratch/home", "OMP_NUM_THREADS": "1", "TOKEN": "secret"}

    process = _start("import os; print(sorted(os.environ))", env=given)

    told = process.communicate()[0].decode()
    assert told.strip() == str(sorted(["HOME", "LANG", "OMP_NUM_THREADS", "PATH", "PWD", "TMPDIR"]))


def test_the_signal_to_end_reaches_the_program() -> None:
    code = """
import os, signal, time
signal.signal(signal.SIGTERM, lambda *_: (os.write(1, b'ended in order\\n'), os._exit(3)))
os.write(1, b'ready\\n')
time.sleep(60)
"""
    process = _start(code)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"

    process.terminate()

    assert process.communicate(timeout=10)[0] == b"ended in order\n"
    assert process.returncode == 3


def test_all_in_the_box_ends_with_the_launcher() -> None:
    reader, writer = os.pipe()
    code = "import os, time; os.fork(); print(1, flush=True); time.sleep(60)"
    process = _start(code, pass_fds=[writer])
    os.close(writer)
    assert process.stdout is not None
    process.stdout.readline()

    process.send_signal(signal.SIGKILL)

    # The pipe is at its end once nobody holds it any more.
    began = time.monotonic()
    assert os.read(reader, 1) == b""
    assert time.monotonic() - began < 30.0
    process.communicate()
    os.close(reader)


def test_wall_time_is_kept() -> None:
    began = time.monotonic()

    process = _start("import time; time.sleep(60)", limits=Limits(wall_seconds=0.5))

    assert process.wait(timeout=20) != 0
    assert time.monotonic() - began < 30.0


def test_a_box_that_cannot_be_made_is_told_from_the_program(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    words = prefix(Order(argv=[], mounts=[Mount(source=gone, target="/in")]))
    gone.rmdir()

    done = subprocess.run([*words, "true"], capture_output=True, check=False)

    assert done.returncode == 125
    assert b"it is not there" in done.stderr


def test_what_cannot_be_had_in_front_of_a_command_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadOrder):
        prefix(Order(argv=[], image=tmp_path / "image.tar"))
