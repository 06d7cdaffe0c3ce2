"""Tries to meet others in memory that is shared, in queues, in keyrings, in control groups."""

from __future__ import annotations

import ctypes
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pyseccomp
import pytest

from concours.box import cgroups
from tests.boxes import needs_box

from .trying import inside, outside

pytestmark = needs_box
libc = ctypes.CDLL(None, use_errno=True)


def _number(name: str) -> int:
    found: int = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
    return found


@pytest.fixture
def segment() -> Iterator[int]:
    """The key of shared memory that everybody may read."""
    key = secrets.randbits(30)
    made = libc.shmget(key, 4096, 0o1666)
    assert made >= 0
    yield key
    libc.shmctl(made, 0, None)


def test_shared_memory_by_its_key(segment: int) -> None:
    code = f"attempt(lambda: call({_number('shmget')}, {segment}, 0, 0o444) >= 0)"

    assert outside(code) == "GOT True"
    assert inside(code) == "ENOENT"


def test_shared_memory_by_its_number(segment: int) -> None:
    code = "print([line.split()[0] for line in open('/proc/sysvipc/shm')][1:])"

    assert str(segment) in outside(code)
    assert inside(code) == "[]"


def test_shared_memory_by_its_name(secret: str) -> None:
    bait = Path("/dev/shm", f"concours-{secrets.token_hex(8)}")  # noqa: S108
    bait.write_text(secret)
    bait.chmod(0o666)
    code = f"attempt(lambda: open({str(bait)!r}).read())"

    assert outside(code) == f"GOT {secret}"
    assert inside(code) == "ENOENT"
    bait.unlink()


def test_a_message_queue() -> None:
    name = f"concours-{secrets.token_hex(8)}"
    code = f"""
    name = ctypes.create_string_buffer({name.encode()!r})
    where = ctypes.addressof(name)
"""
    make = (
        f"{code}    attempt(lambda: call({_number('mq_open')}, where, {os.O_CREAT}, 0o666, 0) > 0)"
    )
    find = f"{code}    attempt(lambda: call({_number('mq_open')}, where, {os.O_RDONLY}, 0, 0) > 0)"

    assert outside(make) == "GOT True"
    assert outside(find) == "GOT True"
    assert inside(find) == "ENOENT"
    outside(f"{code}    call({_number('mq_unlink')}, where)")


def test_a_key_in_a_keyring() -> None:
    name = f"concours:{secrets.token_hex(8)}"
    code = f"""
    text, at = ctypes.create_string_buffer, ctypes.addressof
    kind, name, value = text(b"user"), text({name.encode()!r}), text(b"secret")
    make, find = {_number("add_key")}, {_number("request_key")}
    attempt(lambda: call(make, at(kind), at(name), at(value), 6, -3) > 0)
    attempt(lambda: call(find, at(kind), at(name), 0, -3) > 0)
    """

    assert outside(code).splitlines() == ["GOT True", "GOT True"]
    assert inside(code).splitlines() == ["EPERM", "EPERM"]
    assert inside("attempt(lambda: open('/proc/keys').read())") == "EACCES"


def test_a_file_in_tmp_of_the_machine(secret: str) -> None:
    bait = Path("/tmp", f"concours-{secrets.token_hex(8)}")  # noqa: S108
    bait.write_text(secret)
    bait.chmod(0o666)
    code = f"attempt(lambda: open({str(bait)!r}).read())"

    assert outside(code) == f"GOT {secret}"
    assert inside(code) == "ENOENT"
    bait.unlink()


def test_nothing_stays_from_one_run_to_the_next() -> None:
    write = """
    for folder in ('/scratch', '/tmp', '/dev/shm'):
        open(folder + '/left', 'w').write('for the next')
    print('left')
    """
    read = "print([os.path.exists(f'{one}/left') for one in ('/scratch', '/tmp', '/dev/shm')])"

    assert inside(write) == "left"
    assert inside(read) == "[False, False, False]"


def test_control_groups_are_out_of_reach() -> None:
    code = """
    attempt(lambda: os.listdir('/sys/fs/cgroup'))
    words = [ctypes.create_string_buffer(one) for one in (b"none", b"/tmp", b"cgroup")]
    attempt(lambda: call(NUMBER, *map(ctypes.addressof, words), 0, 0))
    """.replace("NUMBER", str(_number("mount")))

    assert outside(code).splitlines()[0].startswith("GOT")
    assert inside(code).splitlines() == ["ENOENT", "EPERM"]


def test_the_box_does_not_tell_where_its_group_is() -> None:
    code = "print([line.split(':')[2].strip() for line in open('/proc/self/cgroup')])"

    told = inside(code)

    if cgroups.place().version:
        assert cgroups.PREFIX not in told
