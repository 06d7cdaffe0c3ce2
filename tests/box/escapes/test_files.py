"""Tries to read and write what belongs to others."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from concours.box import BadOrder, Mount
from tests.boxes import needs_box

from .trying import inside, outside

pytestmark = needs_box
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="the bait needs root")


def test_a_file_that_everybody_may_read(secret: str, secret_file: Path) -> None:
    code = f"attempt(lambda: open({str(secret_file)!r}).read())"

    assert outside(code) == f"GOT {secret}"
    assert inside(code) == "ENOENT"


@pytest.mark.parametrize(
    "way", ["self/root", "1/root", "thread-self/root", "1/cwd/..", "self/cwd/.."]
)
def test_the_way_through_proc(way: str, secret: str, secret_file: Path) -> None:
    code = f"attempt(lambda: open('/proc/{way}' + {str(secret_file)!r}).read())"
    direct = f"attempt(lambda: open('/proc/self/root' + {str(secret_file)!r}).read())"

    assert outside(direct) == f"GOT {secret}"
    assert inside(code) in {"ENOENT", "EACCES"}


def test_the_neighbour_of_what_is_mounted(tmp_path: Path, secret: str) -> None:
    for name in ("mine", "theirs"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "entry.py").write_text(f"{name} {secret}")
    order = {"mounts": [Mount(source=tmp_path / "mine", target="/submissions/mine")]}
    code = """
    attempt(lambda: open('entry.py').read())
    attempt(lambda: open('../theirs/entry.py').read())
    attempt(lambda: os.listdir('..'))
    """

    told = inside(f"os.chdir('/submissions/mine')\n{_flat(code)}", order=order)

    assert outside(f"os.chdir({str(tmp_path / 'mine')!r})\n{_flat(code)}").splitlines()[:2] == [
        f"GOT mine {secret}",
        f"GOT theirs {secret}",
    ]
    assert told.splitlines() == [f"GOT mine {secret}", "ENOENT", "GOT ['mine']"]


def test_a_link_in_what_is_mounted(tmp_path: Path, secret: str, secret_file: Path) -> None:
    (tmp_path / "link").symlink_to(secret_file)
    code = "attempt(lambda: open({!r}).read())"

    assert outside(code.format(str(tmp_path / "link"))) == f"GOT {secret}"
    order = {"mounts": [Mount(source=tmp_path, target="/in")]}
    for mode in (0o700, 0o755):
        tmp_path.chmod(mode)
        assert inside(code.format("/in/link"), order=order) == "ENOENT"


def test_a_link_in_the_place_of_what_is_mounted(tmp_path: Path, secret_file: Path) -> None:
    (tmp_path / "entry").symlink_to(secret_file)

    with pytest.raises(BadOrder, match="it is a link"):
        inside("", order={"mounts": [Mount(source=tmp_path / "entry", target="/in")]})


def test_writing_into_what_is_mounted(tmp_path: Path) -> None:
    (tmp_path / "case").write_text("as given")
    tmp_path.chmod(0o777)
    (tmp_path / "case").chmod(0o666)
    code = "attempt(lambda: open({!r}, 'a').write(''))\nattempt(lambda: os.mkdir({!r}))"

    told = inside(
        code.format("/in/case", "/in/new"),
        order={"mounts": [Mount(source=tmp_path, target="/in")]},
    )

    assert outside(code.format(str(tmp_path / "case"), str(tmp_path / "new"))).count("GOT") == 2
    assert told.splitlines() == ["EROFS", "EROFS"]


@pytest.mark.parametrize("path", ["/new", "/usr/bin/new", "/etc/passwd", "/dev/new", "/proc/new"])
def test_writing_to_the_root(path: str) -> None:
    code = f"attempt(lambda: os.close(os.open({path!r}, os.O_WRONLY | os.O_CREAT)))"

    assert inside(code) in {"EROFS", "ENOENT", "EACCES"}
    assert inside(code.replace(path, "/scratch/new")) == "GOT None"


def test_a_link_from_scratch_to_the_system() -> None:
    code = """
    open('/tmp/mine', 'w').close()
    attempt(lambda: os.link('/tmp/mine', '/tmp/again'))
    attempt(lambda: os.link('/usr/bin/env', '/scratch/env'))
    """

    assert inside(code).splitlines() == ["GOT None", "EXDEV"]


@as_root
def test_the_passwords_of_the_machine() -> None:
    code = "attempt(lambda: bool(open('/etc/shadow').read()))"

    assert outside(code) == "GOT True"
    assert inside(code) == "ENOENT"


@pytest.mark.parametrize(
    "folder", ["/home", "/var", "/run", "/boot", "/srv", "/opt", "/mnt", "/sys"]
)
def test_folders_of_the_machine_are_not_there(folder: str) -> None:
    code = f"attempt(lambda: os.listdir({folder!r}))"

    if Path(folder).is_dir():
        assert outside(code).startswith("GOT")
    assert inside(code) == "ENOENT"


@pytest.mark.parametrize(
    "path",
    [
        "/proc/sys/kernel/core_pattern",
        "/proc/sys/kernel/modprobe",
        "/proc/sys/vm/overcommit_memory",
        "/proc/sysrq-trigger",
    ],
)
def test_switches_of_the_kernel(path: str) -> None:
    code = f"attempt(lambda: os.close(os.open({path!r}, os.O_WRONLY)))"

    if os.geteuid() == 0 and Path(path).exists():
        assert outside(code) == "GOT None"
    assert inside(code) in {"EROFS", "EACCES", "ENOENT"}


@pytest.mark.parametrize("name", "mem kmsg vda sda fuse kvm net/tun".split())
def test_devices_of_the_machine(name: str) -> None:
    path = f"/dev/{name}"
    code = f"attempt(lambda: os.close(os.open({path!r}, os.O_RDONLY)))"

    if Path(path).exists() and os.geteuid() == 0:
        assert outside(code) != "ENOENT"
    assert inside(code) == "ENOENT"


@as_root
def test_making_a_device() -> None:
    code = "attempt(lambda: os.mknod({!r}, 0o20666, os.makedev(1, 1)))"
    bait = Path("/var/tmp", f"concours-bait-{os.getpid()}")  # noqa: S108

    assert outside(code.format(str(bait))) == "GOT None"
    bait.unlink()
    assert inside(code.format("/scratch/mem")) == "EPERM"


@as_root
def test_a_program_that_makes_its_user_root(tmp_path: Path) -> None:
    copy = tmp_path / "id"
    shutil.copy("/usr/bin/id", copy)
    copy.chmod(0o4755)
    tmp_path.chmod(0o755)
    code = """
    import subprocess
    ask = lambda path, **more: subprocess.run([path, '-u'], capture_output=True, **more).stdout
    attempt(lambda: ask({!r}, user={}).decode().strip())
    """
    tries = "attempt(lambda: ask({!r}, env={{'LD_PRELOAD': '/scratch/x.so'}}).decode().strip())"

    told = inside(
        _flat(code.format("/in/id", None)) + "\n" + tries.format("/in/id"),
        order={"mounts": [Mount(source=tmp_path, target="/in")]},
    )
    control = _as_other(copy)

    assert control == "0"
    assert len(told.splitlines()) == 2
    assert all(line.startswith("GOT ") and line != "GOT 0" for line in told.splitlines())


def _as_other(program: Path) -> str:
    """What it prints for a user who is not root, where the folders on the way let him."""
    place = Path("/var/tmp", f"concours-bait-{os.getpid()}-id")  # noqa: S108
    shutil.copy(program, place)
    place.chmod(0o4755)
    try:
        return outside(
            f"import subprocess\nprint(subprocess.run([{str(place)!r}, '-u'], user=65534,"
            " capture_output=True).stdout.decode().strip())"
        )
    finally:
        place.unlink()


def _flat(code: str) -> str:
    return "\n".join(line.strip() for line in code.strip().splitlines())
