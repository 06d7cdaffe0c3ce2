"""Forked from one process, agents stay strangers to each other; see also test_isolation.py."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from concours.driving.agents import AgentFailed, AgentProcess, AgentSpec, Control, Zygote
from tests.driving.agents.running import drive
from tests.factories.agents import agent, limits

HELD, DONE = Control(throttle=0.25), Control(throttle=1.0)
SPOIL = """
    import builtins, json, numpy, random
    from concours.driving.agents import control, wire
    builtins.left_behind = numpy.left_behind = "here"
    os.environ["LEFT_BEHIND"] = "here"
    sys.modules["left_behind"] = sys
    sys.path.insert(0, "/left_behind")
    numpy.set_printoptions(precision=2)
    wire.control_frame = control.read_control = json.dumps = None.__class__
    random.seed(1), numpy.random.seed(1)
    self.kept = bytearray(200 * 2**20)
    os.chdir("/")
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
"""
LOOK = """
    import builtins, numpy, random
    marks = [hasattr(builtins, "left_behind"), hasattr(numpy, "left_behind"),
             "LEFT_BEHIND" in os.environ, "left_behind" in sys.modules, "/left_behind" in sys.path,
             numpy.get_printoptions()["precision"] == 2, os.getcwd() == "/",
             signal.getsignal(signal.SIGUSR1) == signal.SIG_IGN]
    print("marks", marks.count(True))
    return {"throttle": 0.25}
"""
OPEN = """
    import stat
    kinds = []
    for number in range(256):
        with contextlib.suppress(OSError):
            kinds.append((number, stat.S_IFMT(os.fstat(number).st_mode)))
    print(len(kinds), sorted(kind for number, kind in kinds))
    return {"throttle": 0.25}
"""


def forked(file: Path, zygote: Zygote, **changed: object) -> AgentProcess:
    return AgentProcess(AgentSpec(path=file), limits(**changed), zygote=zygote)


def test_what_one_agent_changes_the_next_one_does_not_meet(tmp_path: Path, zygote: Zygote) -> None:
    spoiling = agent(tmp_path, step="return {'throttle': 0.25}", setup=SPOIL)
    with forked(spoiling, zygote) as process, pytest.raises(AgentFailed):
        drive(process)  # it has spoilt the engine's code in its own process too

    with forked(agent(tmp_path, step=LOOK), zygote) as process:
        assert drive(process) == [HELD]

    assert "marks 0" in process.log
    assert process.usage.peak_bytes < 2**30


@pytest.mark.parametrize(
    "end",
    [
        "os._exit(3)",
        "os.kill(os.getpid(), signal.SIGKILL)",
        "bytearray(64 * 2**30)",
        "os.fork() or time.sleep(100)",
        "os.fork() or os._exit(0)",
        "[os.kill(one, 9) for one in range(2, 100_000) if one != os.getpid()]",
    ],
)
def test_however_one_agent_ends_the_next_one_runs(tmp_path: Path, zygote: Zygote, end: str) -> None:
    ending = forked(agent(tmp_path, step=end), zygote, step_seconds=2.0, processes=4)
    with ending as process, pytest.raises(AgentFailed):
        drive(process)
    before = zygote_number(zygote)

    with forked(agent(tmp_path), zygote) as process:
        assert drive(process, 3) == [HELD] * 3

    assert zygote_number(zygote) == before
    assert children(before) == []


def test_several_at_once_do_not_meet(tmp_path: Path, zygote: Zygote) -> None:
    one, two = (folder_of(tmp_path, name) for name in ("one", "two"))
    reach = """
        try:
            return {'throttle': len(open(%r).read())}
        except OSError:
            return {'throttle': 0.0}
    """
    with (
        forked(agent(one, step=reach % str(two / "agent" / "agent.py")), zygote) as first,
        forked(agent(two, step=reach % str(one / "agent" / "agent.py")), zygote) as second,
    ):
        first.start()
        second.start()
        answers = [process.step(frame=0, timestamp=0.0, readings={}) for process in (first, second)]

    if first.usage.isolation["files"].startswith("missing"):
        pytest.skip("this machine does not keep files apart")
    assert [answer.throttle for answer in answers if isinstance(answer, Control)] == [0.0, 0.0]


def test_an_agent_has_open_what_a_fresh_one_has(tmp_path: Path, zygote: Zygote) -> None:
    file = agent(tmp_path, step=OPEN, top="import contextlib")
    with forked(file, zygote) as process:
        drive(process)
    with AgentProcess(AgentSpec(path=file), limits()) as fresh:
        drive(fresh)

    assert process.log == fresh.log
    assert process.log.startswith("6 ")  # three, the stream, the memory twice


def test_the_zygote_holds_nothing_of_the_engine(
    tmp_path: Path, zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "open sesame")
    secret = tmp_path / "scenario.xosc"
    secret.write_text("the hidden scenario")
    with secret.open() as kept, Zygote() as made:
        os.set_inheritable(kept.fileno(), True)  # noqa: FBT003
        with forked(agent(tmp_path), made) as process:
            drive(process)
        root = Path("/proc", str(zygote_number(made)))
        environment = (root / "environ").read_bytes()
        opened = [str(one.readlink()) for one in (root / "fd").iterdir()]

    assert b"open sesame" not in environment
    assert str(secret) not in opened
    assert sum(one.startswith("socket:") for one in opened) == 1


def test_with_a_wrapper_the_process_is_fresh(tmp_path: Path, zygote: Zygote) -> None:
    file = agent(tmp_path, step="print(os.environ['WRAPPED'], 'numba' in sys.modules)")
    wrapper = ("/usr/bin/env", "WRAPPED=yes")

    with (
        AgentProcess(AgentSpec(path=file, wrapper=wrapper), limits(), zygote=zygote) as process,
        pytest.raises(AgentFailed),
    ):
        drive(process)

    assert "yes False" in process.log


def test_neighbours_of_the_agent_come_before_what_the_zygote_brought(
    tmp_path: Path, zygote: Zygote
) -> None:
    step = "import timeit, numba; print(timeit.OWN, numba.OWN); return {'throttle': 0.25}"
    file = agent(tmp_path, step=step)
    (file.parent / "timeit.py").write_text("OWN = 'my time'")
    (file.parent / "numba").mkdir()
    (file.parent / "numba" / "__init__.py").write_text("OWN = 'my numba'")

    with forked(file, zygote) as process:
        assert drive(process) == [HELD]

    assert "my time my numba" in process.log


def test_random_numbers_differ_as_in_fresh_processes(tmp_path: Path, zygote: Zygote) -> None:
    step = "import random, numpy; print(random.random(), numpy.random.rand()); return {'brake': 1}"
    seen = set()
    for _ in range(2):
        with forked(agent(tmp_path, step=step), zygote) as process:
            drive(process)
        seen |= set(process.log.split())

    assert len(seen) == 4


def test_new_kernels_are_compiled_into_the_agents_own_folder(
    tmp_path: Path, zygote: Zygote
) -> None:
    top = """
        import numba, numpy
        from concours.driving.roads.kernels.curve import piece_at

        @numba.njit(cache=True)
        def half(x):
            return 0.5 * x
    """
    step = """
        was = len(piece_at.signatures)
        piece_at(numpy.zeros((3, 16))[::2], 0, 1.0)  # as nobody calls it: with gaps between rows
        own = all(each.stats.cache_path.startswith(os.getcwd()) for each in (half, piece_at))
        return {"throttle": half(own), "steer": len(piece_at.signatures) - was}
    """
    with forked(agent(tmp_path, step=step, top=top), zygote) as process:
        answers = drive(process)

    assert answers == [Control(throttle=0.5, steer=1.0)]


def test_a_zygote_that_was_killed_is_started_again(tmp_path: Path) -> None:
    with Zygote() as made:
        with forked(agent(tmp_path), made) as process:
            process.start()
            os.kill(zygote_number(made), signal.SIGKILL)
            with pytest.raises(AgentFailed):
                for frame in range(100):
                    process.step(frame=frame, timestamp=0.0, readings={})
                    time.sleep(0.05)
        with forked(agent(tmp_path), made) as process:
            assert drive(process) == [HELD]


def test_closing_it_leaves_nothing(tmp_path: Path) -> None:
    with Zygote() as made:
        with forked(agent(tmp_path), made) as process:
            drive(process)
        number = zygote_number(made)
    made.close()

    assert not Path("/proc", str(number)).exists()


def test_agents_forked_and_fresh_answer_alike(tmp_path: Path, zygote: Zygote) -> None:
    step = """
        import numpy
        seen = numpy.sin(numpy.arange(100.0) + input_data["speed"][1]["speed"]).sum()
        words = sum(hash(word) % 1000 for word in {"left", "right", str(timestamp)})
        return {"throttle": abs(float(seen)) % 1.0, "steer": words / 3000}
    """
    file = agent(tmp_path, step=step)
    with forked(file, zygote) as process:
        one = drive(process, 20)
    with AgentProcess(AgentSpec(path=file), limits()) as fresh:
        two = drive(fresh, 20)

    assert one == two
    assert len(set(one)) > 5


def zygote_number(zygote: Zygote) -> int:
    assert zygote.pid is not None
    return zygote.pid


def children(number: int) -> list[str]:
    """Numbers of a process's children, dead ones too."""
    return Path(f"/proc/{number}/task/{number}/children").read_text().split()


def folder_of(place: Path, name: str) -> Path:
    folder = place / name
    folder.mkdir()
    return folder
