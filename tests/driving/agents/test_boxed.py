"""An agent in the box of `concours.box`, put before its command line."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import concours
from concours.box import WRITABLE, Limits, Mount, Order, prefix
from concours.driving.agents import AgentFailed, Control, process
from concours.driving.agents import zygote as zygotes
from concours.driving.agents.spec import AgentSpec
from tests.boxes import needs_box
from tests.driving.agents.running import drive
from tests.factories.agents import agent, limits

PACKAGE = Path(concours.__file__).parent
AGENT = """
import os

class Boxed:
    def sensors(self):
        print(os.path.exists({bait!r}), os.getuid())
        return []

    def run_step(self, input_data, timestamp):
        return None
"""


HELD = Control(throttle=0.25)


@dataclass
class Forking:
    """Makes agents of one box, and what they are forked from."""

    make: Callable[..., process.AgentProcess]
    zygote: zygotes.Zygote


def _boxed(folder: Path, bait: str = "") -> process.AgentProcess:
    """An agent that tells whether it sees the bait, in a box with less than its own limits."""
    folder.mkdir()
    (folder / "agent.py").write_text(AGENT.format(bait=bait))
    parts = [PACKAGE / "__init__.py", PACKAGE / "driving", *PACKAGE.glob("jit*.py"), folder]
    mounts = [Mount(source=one, target=str(one)) for one in parts]
    # What the box has set is not raised again.
    words = prefix(Order(argv=[], mounts=mounts, limits=Limits(cpu_seconds=60)))
    return process.AgentProcess(AgentSpec(path=folder / "agent.py", wrapper=words))


def _processes_with(word: str) -> list[str]:
    """Command lines on this machine in which a word occurs."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.append(one.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return [line for line in found if word in line]


@needs_box
@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.3, 1.0])
def test_what_was_launched_and_never_started_is_gone_at_the_end(
    tmp_path: Path, seconds: float
) -> None:
    name = f"entry-{secrets.token_hex(8)}"
    with _boxed(tmp_path / name) as agent:
        agent.launch()
        time.sleep(seconds)
        seen = _processes_with(name)

    assert seen
    assert _processes_with(name) == []


@needs_box
def test_an_agent_that_was_launched_before_answers_as_one_that_was_not(tmp_path: Path) -> None:
    with _boxed(tmp_path / "entry") as agent:
        agent.launch()
        agent.launch()  # does nothing more
        sensors = agent.start()

    assert sensors == []


@needs_box
def test_an_agent_is_asked_through_the_box(tmp_path: Path) -> None:
    bait = tmp_path / "scenario.xosc"
    bait.write_text("secret")

    with _boxed(tmp_path / "entry", str(bait)) as agent:
        sensors = agent.start()
        log = agent.log
        agent.close()

    assert sensors == []
    assert log.split()[0] == "False"
    assert agent.usage.isolation["files"].startswith("landlock")
    assert agent.usage.isolation["processes"].startswith("missing")  # the box has made them
    assert agent.usage.cpu_seconds > 0.0


HOSTILE = """
    import contextlib
    from pathlib import Path
    print("tries")
    for one in range(2, 60):
        if one != os.getpid():
            with contextlib.suppress(OSError):
                {act}
"""
ACTS = {
    "stopped": "os.kill(one, signal.SIGSTOP)",
    "killed": "os.kill(one, signal.SIGKILL)",
    "starved": "__import__('resource').prlimit(one, __import__('resource').RLIMIT_NOFILE, (0, 0))",
    "written": "Path(f'/proc/{one}/mem').open('r+b').write(b'x'); print('OPENED')",
    "read": "print('READ', Path(f'/proc/{one}/environ').read_bytes()[:20])",
}


@pytest.fixture
def boxed_zygote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Forking]:
    """Makes agents that are forked in one box, of files in one folder."""
    monkeypatch.setattr(zygotes, "ANSWER_SECONDS", 3.0)
    folder = tmp_path / "entry"
    folder.mkdir()
    parts = [PACKAGE / "__init__.py", PACKAGE / "driving", *PACKAGE.glob("jit*.py"), folder]
    mounts = [Mount(source=one, target=str(one)) for one in parts]
    words = tuple(prefix(Order(argv=[], mounts=mounts, limits=Limits(cpu_seconds=60))))
    with zygotes.Zygote(wrapper=words, rooms=WRITABLE) as zygote:

        def make(*, wrapper: tuple[str, ...] = words, **parts: str) -> process.AgentProcess:
            place = folder / secrets.token_hex(4)
            place.mkdir()
            spec = AgentSpec(path=agent(place, **parts), wrapper=wrapper)
            return process.AgentProcess(spec, limits(processes=4), zygote=zygote)

        yield Forking(make=make, zygote=zygote)


@needs_box
def test_agents_of_a_box_are_forked_in_it(boxed_zygote: Forking) -> None:
    looks = "print(os.getpid(), os.getcwd()); return {'throttle': 0.25}"
    seen = []
    for _ in range(3):
        with boxed_zygote.make(step=looks) as one:
            assert drive(one, 2) == [HELD] * 2
        seen.append((boxed_zygote.zygote.pid, one.usage.isolation["files"].split()[0], one.log))

    assert len({number for number, _, _ in seen}) == 1
    assert boxed_zygote.zygote.pid is not None
    assert {files for _, files, _ in seen} <= {"landlock", "missing:"}
    assert all("/scratch/" in log for _, _, log in seen)


@needs_box
def test_what_one_leaves_in_the_box_the_next_one_does_not_find(boxed_zygote: Forking) -> None:
    leave = "open('left', 'w').write('bait'); os.mkdir('deep'); return {'throttle': 0.25}"
    find = """
        found = [name for room in ('/scratch', '/tmp', '/dev/shm') for name in listed(room)]
        print('found', sorted(found), os.listdir('.'))
        return {'throttle': 0.25}
    """
    top = """
        import os
        def listed(room):
            try:
                return [n for n in os.listdir(room) if room + '/' + n != os.getcwd()]
            except OSError:
                return []
    """
    with boxed_zygote.make(step=leave) as one:
        drive(one)
    number = boxed_zygote.zygote.pid
    with boxed_zygote.make(step=find, top=top) as one:
        drive(one)

    assert "found [] []" in one.log
    assert boxed_zygote.zygote.pid == number is not None


@needs_box
def test_a_box_with_much_left_in_it_is_given_up(boxed_zygote: Forking) -> None:
    litter = "[open(f'left{i}', 'w').close() for i in range(1500)]; return {'throttle': 0.25}"
    with boxed_zygote.make(step=litter) as one:
        drive(one)
    after = boxed_zygote.zygote.pid

    with boxed_zygote.make() as one:
        assert drive(one) == [HELD]

    assert after is None


@needs_box
@pytest.mark.parametrize("act", ACTS)
def test_whatever_one_does_to_its_box_the_next_one_runs(boxed_zygote: Forking, act: str) -> None:
    with boxed_zygote.make() as one:
        drive(one)
    hostile = boxed_zygote.make(step=HOSTILE.format(act=ACTS[act]))
    with hostile, contextlib.suppress(AgentFailed):
        drive(hostile)

    with boxed_zygote.make() as one:
        assert drive(one, 3) == [HELD] * 3

    assert "tries" in hostile.log
    assert "OPENED" not in hostile.log
    assert "READ" not in hostile.log


@needs_box
def test_the_zygote_in_the_box_can_be_looked_into_by_none_of_its_user(
    boxed_zygote: Forking,
) -> None:
    with boxed_zygote.make() as one:
        drive(one)
        words = [str(zygotes.MAIN).encode(), WRITABLE[0].encode()]
        folders = [path for path in _ours() if all(
            word in (path / "cmdline").read_bytes().split(b"\0") for word in words
        )]  # fmt: skip
        users = {path: _user_of(path) for path in folders}
        inside = [path for path in folders if users[path] == max(users.values())]

        assert inside
        for path in inside:  # proc(5): an opaque process's files are root's
            assert (path / "environ").stat().st_uid == 0 != users[path]


def _ours() -> list[Path]:
    """The folders of this process's descendants: others' boxes may be about to begin."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    found = {os.getpid()}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return [Path("/proc", str(one)) for one in found - {os.getpid()}]


def _user_of(folder: Path) -> int:
    """The user whose process it is, as its status tells."""
    lines = (folder / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Uid:"))


@needs_box
def test_an_agent_of_another_box_is_not_forked_in_this_one(boxed_zygote: Forking) -> None:
    with boxed_zygote.make(wrapper=("/usr/bin/env", "WRAPPED=yes")) as one:
        assert drive(one) == [HELD]

    assert boxed_zygote.zygote.pid is None


@needs_box
def test_time_begins_again_with_each_agent(boxed_zygote: Forking) -> None:
    busy = """
        import time
        until = time.process_time() + 0.7
        while time.process_time() < until:
            pass
        return {'throttle': 0.25}
    """
    words = boxed_zygote.zygote.wrapper
    order = json.loads(words[-2])
    order["limits"]["cpu_seconds"] = 2
    short = (*words[:-2], json.dumps(order), words[-1])
    with zygotes.Zygote(wrapper=short, rooms=WRITABLE) as zygote:
        numbers = []
        for _ in range(5):
            with boxed_zygote.make(wrapper=short, step=busy) as made:
                made.zygote = zygote
                assert drive(made) == [HELD]
            numbers.append(zygote.pid)

    assert len(set(numbers)) == 1
    assert None not in numbers
