"""Tries to see, stop, watch or outlive other processes."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path

import pytest

from concours.box import Ending, Limits, Order, prefix
from tests.boxes import needs_box

from .trying import ended, inside, outside, program

pytestmark = needs_box
Bystander = subprocess.Popen[bytes]
FEW = Limits(wall_seconds=2, cpu_seconds=6, processes=20)


def _alive(marker: str) -> list[int]:
    """Processes of this machine that have a word in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                if marker in (entry / "cmdline").read_text(errors="replace"):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def test_other_processes_are_not_seen(bystander: Bystander) -> None:
    code = f"print({bystander.pid} in [int(one) for one in os.listdir('/proc') if one.isdecimal()])"
    count = "print(len([one for one in os.listdir('/proc') if one.isdecimal()]))"

    assert outside(code) == "True"
    assert inside(code) == "False"
    assert int(inside(count)) <= 3


def test_what_another_process_was_given(bystander: Bystander, secret: str) -> None:
    code = f"attempt(lambda: open('/proc/{bystander.pid}/environ').read())"
    everybody = """
    for one in os.listdir('/proc'):
        if one.isdecimal():
            try:
                print(open(f'/proc/{one}/environ').read())
            except OSError:
                pass
    """

    assert outside(code) == f"GOT SECRET={secret}\0"
    assert inside(code) == "ENOENT"
    assert secret in outside(everybody)
    assert secret not in inside(everybody)


def test_what_this_process_was_given(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCOURS_SECRET_KEY", secret)
    code = "print(os.environ.get('CONCOURS_SECRET_KEY'), sorted(os.environ))"

    assert secret in outside(code)
    assert inside(code).startswith("None ['HOME', 'LANG', 'PATH', 'PWD', 'TMPDIR']")


@pytest.mark.parametrize("number", [0, 2, 9, 15, 19])
def test_signals_to_others(number: int, bystander: Bystander) -> None:
    code = f"attempt(lambda: os.kill({bystander.pid}, {number}))"

    assert outside(f"attempt(lambda: os.kill({bystander.pid}, 0))") == "GOT None"
    assert inside(code) == "ESRCH"
    assert bystander.poll() is None


def test_signals_to_whoever_started_the_box() -> None:
    code = """
    print(os.getppid())
    attempt(lambda: os.kill(os.getppid(), 9))
    attempt(lambda: os.killpg(0, 0))
    """

    told = inside(code).splitlines()

    # Its parent is the box's own init: for the kernel no process beyond that exists.
    assert told[0] == "1"
    assert told[1] in {"EPERM", "GOT None"}
    assert inside("print('still here')") == "still here"


def test_signals_to_everybody(bystander: Bystander) -> None:
    outcome = ended("os.kill(-1, 9); print('sent')")

    assert bystander.poll() is None
    assert outcome.ending in {Ending.SIGNALLED, Ending.EXITED}


def test_a_group_and_session_of_the_parents() -> None:
    code = f"""
    attempt(lambda: os.setpgid(0, {os.getpgid(0)}))
    attempt(lambda: os.getsid({os.getpid()}))
    """

    told = inside(code).splitlines()

    assert told[0] in {"EPERM", "ESRCH"}
    assert told[1] == "ESRCH"


def test_tracing_another_process(bystander: Bystander) -> None:
    attach = f"""
    libc.ptrace.argtypes = [ctypes.c_long] * 4
    def trace(process):
        if libc.ptrace(16, process, 0, 0) < 0:
            raise OSError(ctypes.get_errno(), "")
        os.waitpid(process, 0x40000000)
        libc.ptrace(17, process, 0, 0)
    attempt(lambda: trace({bystander.pid}))
    child = os.fork()
    if child == 0:
        import time
        time.sleep(60)
    attempt(lambda: trace(child))
    os.kill(child, 9)
    """

    assert outside(attach).splitlines() == ["GOT None", "GOT None"]
    assert inside(attach).splitlines() == ["EPERM", "EPERM"]


def test_the_memory_of_another_process(bystander: Bystander) -> None:
    code = f"attempt(lambda: os.close(os.open('/proc/{bystander.pid}/mem', os.O_RDONLY)))"
    init = "attempt(lambda: os.close(os.open('/proc/1/mem', os.O_RDONLY)))"

    assert outside(code) == "GOT None"
    assert inside(code) == "ENOENT"
    assert inside(init) in {"EACCES", "EPERM", "GOT None"}  # its own box's init at the most


def test_namespaces_of_the_first_process() -> None:
    code = """
    for name in ("user", "pid", "net", "mnt"):
        attempt(lambda: os.readlink(f"/proc/1/ns/{name}"))
        attempt(lambda: os.readlink(f"/proc/self/ns/{name}"))
    """
    ours = {str(Path(f"/proc/self/ns/{name}").readlink()) for name in ("pid", "net", "mnt")}

    told = inside(code)

    assert len(ours) == 3
    assert not any(name in told for name in ours)


def test_a_descriptor_that_was_left_open(left_open: int, secret: str) -> None:
    code = f"attempt(lambda: os.pread({left_open}, 100, 0).decode())"

    assert outside(code, close_fds=False) == f"GOT {secret}"
    assert inside(code) == "EBADF"
    assert inside("print(sorted(map(int, os.listdir('/proc/self/fd'))))") == "[0, 1, 2, 3]"


def test_only_the_descriptors_that_are_named_are_kept(left_open: int, secret: str) -> None:
    reader, writer = os.pipe()
    os.write(writer, b"for the program")
    code = f"print(os.read({reader}, 99).decode())\nattempt(lambda: os.pread({left_open}, 9, 0))"

    told = inside(code, order={"keep_fds": [reader]})

    assert told.splitlines() == ["for the program", "EBADF"]
    os.close(reader)
    os.close(writer)


def test_a_descriptor_of_a_folder_leads_nowhere(tmp_path: Path, secret_file: Path) -> None:
    handle = os.open(tmp_path, os.O_RDONLY)
    os.set_inheritable(handle, True)  # noqa: FBT003
    code = f"attempt(lambda: os.open({str(secret_file)!r}.lstrip('/'), 0, dir_fd={handle}))"

    assert inside(code) == "EBADF"
    os.close(handle)


def test_a_daemon_does_not_outlive_the_box() -> None:
    marker = f"bait-{os.getpid()}-{time.monotonic_ns()}"
    seen: list[int] = []
    code = f"""
    import subprocess, time
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.close(1); os.close(2)
            waits = [sys.executable, '-c', 'import time; time.sleep(300)', {marker!r}]
            os.execv(sys.executable, waits)
        os._exit(0)
    time.sleep(1.5)
    print('left it behind')
    """

    over = threading.Event()

    def look() -> None:
        while not seen and not over.wait(0.05):
            seen.extend(_alive(marker))

    watch = threading.Thread(target=look)
    watch.start()
    told = inside(code.replace(marker, marker[:4] + "' + '" + marker[4:]))
    over.set()
    watch.join()

    assert told == "left it behind"
    assert seen
    assert _alive(marker) == []


@pytest.mark.parametrize(
    "code",
    [
        "import time; time.sleep(300)",
        "import signal, time\nfor n in (1, 2, 15): signal.signal(n, 1)\ntime.sleep(300)",
        "import signal, time; signal.pthread_sigmask(0, range(1, 65)); time.sleep(300)",
        "os.kill(os.getpid(), 19)",
        "os.close(1); os.close(2); import time; time.sleep(300)",
        "child = os.fork()\nif child: os.kill(child, 19); os.wait()\nimport time; time.sleep(300)",
        "import select; select.select([], [], [])",
    ],
    ids="sleeping ignoring blocking stopped silent stopped-child waiting".split(),
)
def test_outstaying(code: str) -> None:
    began = time.monotonic()

    outcome = ended(code, limits=Limits(wall_seconds=0.7))

    assert outcome.ending is Ending.WALL_TIME
    assert time.monotonic() - began < 30.0


FORK_BOMB = """
while True:
    try:
        os.fork()
    except OSError:
        pass
"""
THREAD_BOMB = """
import threading, time
made = 0
while True:
    try:
        threading.Thread(target=time.sleep, args=(300,), daemon=True).start()
        made += 1
    except (RuntimeError, MemoryError):
        print(made, flush=True)
        time.sleep(300)
"""
EXEC_BOMB = """
for _ in range(200):
    if os.fork() == 0:
        os.execv('/usr/bin/sleep', ['sleep', '300'])
"""


def test_a_fork_bomb(bystander: Bystander) -> None:
    marker = f"bait-{os.getpid()}-{time.monotonic_ns()}"

    outcome = ended(f"# {marker}\n{FORK_BOMB}", limits=FEW)

    assert outcome.ending in {Ending.WALL_TIME, Ending.CPU_TIME}
    assert bystander.poll() is None
    assert _alive(marker) == []


def test_a_thread_bomb() -> None:
    outcome = ended(THREAD_BOMB, limits=FEW)

    assert outcome.ending is Ending.WALL_TIME
    assert 10 <= int(outcome.stdout) <= 21


def test_a_bomb_of_new_programs() -> None:
    outcome = ended(EXEC_BOMB, limits=FEW)

    assert outcome.ending is Ending.EXITED
    assert outcome.exit_code == 1
    assert b"BlockingIOError" in outcome.stderr


def test_a_core_dump(tmp_path: Path) -> None:
    outcome = ended("os.abort()", collect=tmp_path)

    assert outcome.ending is Ending.SIGNALLED
    assert "SIGABRT" in outcome.reason
    assert list(tmp_path.iterdir()) == []


def test_raising_its_own_limits() -> None:
    code = """
    import resource
    for name in ("NOFILE", "NPROC", "FSIZE", "CPU"):
        what = getattr(resource, "RLIMIT_" + name)
        hard = resource.getrlimit(what)[1]
        try:
            resource.setrlimit(what, (hard + 1, hard + 1))
        except ValueError as error:
            print("refused")
    attempt(lambda: os.nice(-5))
    attempt(lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)))
    """

    told = inside(code).splitlines()

    assert told == ["refused"] * 4 + ["EPERM", "EPERM"]


def test_gaining_rights() -> None:
    code = """
    attempt(lambda: os.setuid(0))
    attempt(lambda: os.setresuid(0, 0, 0))
    attempt(lambda: os.setgroups([0]))
    attempt(lambda: libc.prctl(38, 0, 0, 0, 0) and call(-1))
    print(open('/proc/self/status').read().split('NoNewPrivs:')[1].split()[0])
    """

    told = inside(code).splitlines()

    assert told[:2] == ["EINVAL", "EINVAL"] or told[:2] == ["EPERM", "EPERM"]
    assert told[2] in {"EPERM", "EINVAL"}
    assert told[-1] == "1"


def test_a_prefix_hands_down_nothing_by_accident(left_open: int, secret: str) -> None:
    code = (
        f"attempt(lambda: os.pread({left_open}, 100, 0).decode())\nprint(os.environ.get('SECRET'))"
    )
    words = prefix(Order(argv=[]))

    done = subprocess.run(
        [*words, *program(code)], capture_output=True, text=True, env={"SECRET": secret}, check=True
    )

    assert done.stdout.splitlines() == ["EBADF", "None"]
