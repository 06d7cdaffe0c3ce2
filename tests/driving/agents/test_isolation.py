"""What an agent must not reach: files, the network, other processes, the stream itself.

Each attempt answers with throttle 1 where it succeeds. That the attempts are real is shown by the
same agents in the engine's own process, where they do succeed.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from concours.driving.agents import (
    AgentProcess,
    AgentSpec,
    Control,
    FailureKind,
    InProcessAgent,
)
from tests.driving.agents.running import drive, fail, process_of, run
from tests.factories.agents import agent, limits

pytestmark = pytest.mark.usefixtures("either_way")

SECRET = "<OpenSCENARIO>the hidden scenario</OpenSCENARIO>"
HELD, DONE = Control(throttle=0.25), Control(throttle=1.0)


def attempt(work: str) -> str:
    """A step that tries something."""
    lines = "\n".join(f"        {line}" for line in work.strip().splitlines())
    return f"""
    try:
{lines}
        print(done)
        return {{"throttle": 1.0}}
    except OSError as error:
        return {{"throttle": 0.25}}
    """


def needs(process: AgentProcess, layer: str) -> None:
    """Skip on a machine without a layer."""
    if (what := process.usage.isolation[layer]).startswith("missing"):
        pytest.skip(f"this machine has no layer {layer!r}: {what}")


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """A file beside the agent's folder."""
    file = tmp_path / "scenario.xosc"
    file.write_text(SECRET)
    return file


@pytest.mark.parametrize(
    "way",
    ["{path}", "/proc/self/root{path}", "/proc/self/cwd/../../../../../../..{path}"],
)
def test_no_file_outside_can_be_read(tmp_path: Path, scenario: Path, way: str) -> None:
    file = agent(tmp_path, step=attempt(f"done = open({way.format(path=scenario)!r}).read()"))

    answers, process = run(file)
    with InProcessAgent(AgentSpec(path=file)) as trusted:
        bare = trusted.start() and trusted.step(frame=0, timestamp=0.0, readings={})

    needs(process, "files")
    assert answers == [HELD]
    assert SECRET not in process.log
    assert way != "{path}" or bare == DONE


def test_a_link_in_its_own_folder_leads_nowhere(tmp_path: Path, scenario: Path) -> None:
    file = agent(tmp_path, step=attempt("done = open(__file__ + '.link').read()"))
    Path(f"{file}.link").symlink_to(scenario)

    answers, process = run(file)

    needs(process, "files")
    assert answers == [HELD]
    assert SECRET not in process.log


def test_its_own_folder_can_be_read_not_written(tmp_path: Path) -> None:
    (tmp_path / "agent").mkdir()
    (tmp_path / "agent" / "weights.txt").write_text("0.5")
    step = """
        folder = os.path.dirname(__file__)
        read = float(open(folder + "/weights.txt").read())
        try:
            open(folder + "/weights.txt", "w").write("1")
        except OSError:
            return {"throttle": read}
    """

    answers, process = run(agent(tmp_path, step=step))

    needs(process, "files")
    assert answers == [Control(throttle=0.5)]
    assert (tmp_path / "agent" / "weights.txt").read_text() == "0.5"


def test_it_may_write_into_a_scratch_folder_that_goes_with_it(tmp_path: Path) -> None:
    step = """
        open("notes.txt", "w").write("0.75")
        print(os.getcwd())
        return {"throttle": float(open("notes.txt").read())}
    """

    answers, process = run(agent(tmp_path, step=step))

    assert answers == [Control(throttle=0.75)]
    assert not Path(process.log.strip()).exists()


def test_scratch_files_are_bounded(tmp_path: Path) -> None:
    step = attempt("""
for i in range(64):
    open(str(i), "wb").write(bytes(1_000_000))
done = "wrote 64 MB"
""")

    answers, process = run(agent(tmp_path, step=step), scratch_bytes=8_000_000)

    needs(process, "scratch")
    assert answers == [HELD]


def test_scratch_files_are_counted(tmp_path: Path) -> None:
    step = attempt("""
for i in range(70_000):
    os.mknod(str(i))
done = "made 70,000 empty files"
""")

    answers, process = run(agent(tmp_path, step=step))

    needs(process, "scratch")
    assert answers == [HELD]


@pytest.mark.parametrize(
    "memory",
    [
        "done = os.memfd_create('more')",
        "import ctypes; c = ctypes.CDLL(None, use_errno=True)\n"
        "done = c.syscall(447, 0)\nif done < 0: raise OSError(ctypes.get_errno())",
        "import ctypes; c = ctypes.CDLL(None, use_errno=True)\n"
        "done = c.shmget(0, 1 << 20, 0o1600)\nif done < 0: raise OSError(ctypes.get_errno())",
        "import ctypes; c = ctypes.CDLL(None, use_errno=True)\n"
        "done = c.msgget(0, 0o1600)\nif done < 0: raise OSError(ctypes.get_errno())",
    ],
)
def test_there_is_no_memory_past_the_limit(tmp_path: Path, memory: str) -> None:
    answers, process = run(agent(tmp_path, step=attempt(memory)))

    needs(process, "calls")
    assert answers == [HELD]


@pytest.fixture
def server() -> Iterator[int]:
    """A port that somebody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.mark.parametrize(
    "work",
    [
        "done = socket.create_connection(('127.0.0.1', {port}), 2)",
        "done = socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "done = socket.create_server(('127.0.0.1', 0))",
    ],
)
def test_no_network(tmp_path: Path, server: int, work: str) -> None:
    file = agent(tmp_path, step=attempt(work.format(port=server)))

    answers, process = run(file)
    with InProcessAgent(AgentSpec(path=file)) as trusted:
        bare = trusted.start() and trusted.step(frame=0, timestamp=0.0, readings={})

    needs(process, "calls")
    assert (answers, bare) == ([HELD], DONE)


def test_no_other_process_can_be_signalled(tmp_path: Path) -> None:
    work = f"os.kill({os.getpid()}, 0); done = os.kill(os.getppid(), 0)"
    file = agent(tmp_path, step=attempt(work))

    answers, process = run(file)
    with InProcessAgent(AgentSpec(path=file)) as trusted:
        bare = trusted.start() and trusted.step(frame=0, timestamp=0.0, readings={})

    if "missing" in process.usage.isolation["processes"]:
        needs(process, "signals")
    assert (answers, bare) == ([HELD], DONE)


def test_no_process_can_be_started_but_threads_can(tmp_path: Path) -> None:
    step = attempt("done = os.fork()")
    setup = "t = threading.Thread(target=print, args=['in a thread']); t.start(); t.join()"

    answers, process = run(agent(tmp_path, setup=setup, step=step))

    needs(process, "calls")
    assert answers == [HELD]
    assert "in a thread" in process.log


def alive(mark: str) -> bool:
    """Whether any process has a text in its command line."""
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdecimal() and mark in (folder / "cmdline").read_text():
                return True
        except OSError:
            continue
    return False


DAEMON = """
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv("/bin/sleep", ["sleep", "{seconds}"])
        os._exit(0)
    time.sleep(1)
    return {{"throttle": 0.25}}
"""


FILTERED = """
import os, sys
from concours.driving.agents import lockdown, syscalls
lockdown.drop_privileges()
syscalls.filter_calls(forks=True)
os.execv(sys.argv[1], sys.argv[1:])
"""
WITHOUT = {
    "as it is": (),
    "without privileges": ("setpriv", "--bounding-set", "-all", "--inh-caps", "-all"),
    "without namespaces": (sys.executable, "-c", FILTERED),
}
"""Wrappers that take from the agent's keeper what it would shut the agent in with."""


@pytest.mark.parametrize("wrapper", WITHOUT.values(), ids=list(WITHOUT))
def test_a_daemon_does_not_outlive_its_agent(tmp_path: Path, wrapper: tuple[str, ...]) -> None:
    if wrapper and shutil.which(wrapper[0]) is None:
        pytest.skip(f"there is no {wrapper[0]}")
    mark = f"98765.{os.getpid()}"
    file = agent(tmp_path, step=DAEMON.format(seconds=mark))

    with process_of(AgentSpec(path=file, wrapper=wrapper), limits(processes=8)) as process:
        process.start()
        answer = process.step(frame=0, timestamp=0.0, readings={})
        during = alive(mark)
        process.close()

    assert answer == HELD
    assert during
    assert not alive(mark)
    if wrapper == WITHOUT["without namespaces"]:
        assert process.usage.isolation["processes"].startswith("missing")


@pytest.mark.parametrize("wrapper", list(WITHOUT.values())[1:], ids=list(WITHOUT)[1:])
def test_with_fewer_layers_files_and_signals_are_still_out_of_reach(
    tmp_path: Path, scenario: Path, wrapper: tuple[str, ...]
) -> None:
    if shutil.which(wrapper[0]) is None:
        pytest.skip(f"there is no {wrapper[0]}")
    setup = f"""
        for work in (lambda: open({str(scenario)!r}).read(), lambda: os.kill({os.getpid()}, 0),
                     lambda: os.kill(os.getppid() or {os.getpid()}, 0)):
            try:
                print("reached", work())
            except OSError as error:
                print(error)
    """
    spec = AgentSpec(path=agent(tmp_path, setup=setup), wrapper=wrapper)

    with process_of(spec, limits()) as process:
        answers = drive(process)

    needs(process, "files")
    needs(process, "signals")
    assert answers == [HELD]
    assert process.log.count("\n") == 3
    assert "reached" not in process.log


def test_more_processes_than_allowed_end_the_run(tmp_path: Path) -> None:
    step = """
        for i in range(12):
            if os.fork() == 0:
                time.sleep(100)
        time.sleep(100)
    """

    failed = fail(agent(tmp_path, step=step), processes=4, within=60.0)

    assert failed.kind is FailureKind.KILLED


@pytest.mark.parametrize(
    "work",
    [
        "os.write(fd, b'rubbish ' * 100)",
        "os.write(fd, b'CTRL' + (10 ** 6).to_bytes(4, 'little') + bytes(8))",
        "os.write(fd, b'CTRL' + (54).to_bytes(4, 'little') + bytes(8) + b'\\xff' * 54)",
        "os.write(fd, b'SENS' + (2).to_bytes(4, 'little') + bytes(8) + b'[]')",
        "os.write(fd, b'FAIL' + (2000).to_bytes(4, 'little') + bytes(8) + b'[' * 2000)",
    ],
)
def test_garbage_in_the_stream(tmp_path: Path, work: str) -> None:
    step = f"""
        for fd in range(3, 256):
            try:
                {work}
            except OSError:
                pass
        time.sleep(100)
    """

    failed = fail(agent(tmp_path, step=step), within=30.0)

    assert failed.kind is FailureKind.PROTOCOL


def test_a_stream_that_is_closed(tmp_path: Path) -> None:
    step = "os.closerange(3, 256)\nreturn {'throttle': 0.5}"

    failed = fail(agent(tmp_path, step=step), first_step_seconds=5.0, within=30.0)

    assert failed.kind in (FailureKind.EXITED, FailureKind.HUNG)


def test_answers_given_ahead_are_refused(tmp_path: Path) -> None:
    step = """
        head = b"CTRL" + (50).to_bytes(4, "little") + bytes(8)
        for fd in range(3, 256):
            try:
                socket.socket(fileno=os.dup(fd)).sendall((head + bytes(50)) * 3)
            except OSError:
                pass
        return {"throttle": 0.5}
    """

    failed = fail(agent(tmp_path, step=step), 3, within=30.0)

    assert failed.kind is FailureKind.PROTOCOL
    assert "in the place of 1" in failed.reason


def test_the_environment_holds_nothing_of_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "open sesame")

    _, process = run(agent(tmp_path, step="print(dict(os.environ), sys.argv); return {'brake': 1}"))

    assert "PYTHONHASHSEED" in process.log
    assert "open sesame" not in process.log
    assert "agent.py" not in process.log


def handles() -> int:
    """How many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def test_nothing_is_left_open_or_running(tmp_path: Path) -> None:
    file = agent(tmp_path)
    run(file)
    before = handles()

    for _ in range(3):
        run(file)
    fail(agent(tmp_path, step="os._exit(1)"))

    assert handles() == before


def test_a_wrapper_goes_before_the_command_line(tmp_path: Path) -> None:
    with process_of(
        AgentSpec(path=agent(tmp_path), wrapper=("/usr/bin/env", "WRAPPED=1")), limits()
    ) as process:
        assert drive(process) == [HELD]


def test_the_same_agent_answers_the_same_twice(tmp_path: Path) -> None:
    step = """
        seen = sum(hash(word) % 1000 for word in {"left", "right", str(timestamp)})
        return {"throttle": seen / 3000, "steer": input_data["speed"][1]["speed"] / 7}
    """
    file = agent(tmp_path, step=step)

    first, _ = run(file, 20)
    second, _ = run(file, 20)

    assert first == second
    assert len(set(first)) > 5


def test_waiting_is_by_the_clock_of_the_engine(tmp_path: Path) -> None:
    step = "while True: os.write(1, b'y' * 60000)"
    start = time.monotonic()

    failed = fail(agent(tmp_path, step=step), first_step_seconds=1.0)

    assert failed.kind is FailureKind.HUNG
    assert time.monotonic() - start < 30.0
    assert len(failed.log) < 2 * 65_536 + 100
