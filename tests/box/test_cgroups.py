"""Control groups of both versions, on the kernel's own hierarchies."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from concours.box import cgroups
from concours.box.cgroups import Group, Place

UNIFIED = next(
    (one for one in (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))
     if (one / "cgroup.subtree_control").exists()),
    None,
)  # fmt: skip
SPIN = "setsid sh -c 'while :; do :; done' & echo ready; wait"


@pytest.fixture
def anew() -> Iterator[None]:
    """`place` looks again, now and afterwards."""
    cgroups.place.cache_clear()
    yield
    cgroups.place.cache_clear()


def _joined(group: Group) -> subprocess.Popen[bytes]:
    """A process in the group, with a child that has gone its own way."""
    process = subprocess.Popen(
        [*group.joining(), "/bin/sh", "-c", SPIN], stdout=subprocess.PIPE, env={}
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


@pytest.mark.skipif(not cgroups.place().version, reason="no control groups on this machine")
def test_all_that_is_in_a_group_ends_with_it() -> None:
    group = Group(cgroups.place(), memory=2**28, processes=20)
    process = _joined(group)
    folders = list(group._folders.values())
    assert all(len((one / "cgroup.procs").read_text().split()) >= 2 for one in folders)

    group.remove()

    assert process.wait() == -9
    assert not any(one.exists() for one in folders)


@pytest.mark.skipif(
    UNIFIED is None or not os.access(UNIFIED, os.W_OK), reason="version 2 cannot be written here"
)
def test_version_2_counts_and_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    # Where version 1 holds the controllers there is nothing to set limits by; the rest is there.
    write = Group._write
    monkeypatch.setattr(
        Group,
        "_write",
        lambda self, key, name, value, **_: write(self, key, name, value, optional=True),
    )
    assert UNIFIED is not None
    group = Group(Place(2, {"": UNIFIED}), memory=2**28, processes=20)
    (folder,) = group._folders.values()
    process = _joined(group)
    assert folder.name in Path(f"/proc/{process.pid}/cgroup").read_text()

    while group.cpu_seconds() == 0.0:
        os.sched_yield()
    assert not group.killed_for_memory()
    group.remove()

    assert process.wait() == -9
    assert not folder.exists()


@pytest.mark.usefixtures("anew")
@pytest.mark.skipif(not cgroups.place().version, reason="no control groups on this machine")
def test_what_a_killed_process_left_behind_is_removed() -> None:
    parent = next(iter(cgroups.place().parents.values()))
    gone = parent / f"{cgroups.PREFIX}{2**22 + 1}-1-left"
    reused = parent / f"{cgroups.PREFIX}{os.getpid()}-1-left"
    ours = parent / f"{cgroups.PREFIX}{cgroups._owner()}-left"
    for one in (gone, reused, ours):
        one.mkdir()
    cgroups.place.cache_clear()

    cgroups.place()

    assert [one.exists() for one in (gone, reused, ours)] == [False, False, True]
    ours.rmdir()


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize("file", ["", "cgroup.controllers"], ids=["neither", "version 2"])
def test_where_no_group_can_be_made_it_is_said(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if file:
        (tmp_path / file).touch()
    monkeypatch.setattr(cgroups, "ROOT", tmp_path)
    monkeypatch.setenv(cgroups.SETTING, str(tmp_path / "nothing"))

    found = cgroups.place()
    group = Group(found, memory=1, processes=1)

    assert found.version == 0
    assert "for each process, not for all together" in found.told()
    assert not group.limits_memory
    assert group.joining() == []
    assert group.cpu_seconds() is None
    group.remove()


@pytest.mark.usefixtures("anew")
def test_a_folder_elsewhere_is_not_taken_for_a_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "cgroup.controllers").touch()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr(cgroups, "ROOT", tmp_path / "root")
    monkeypatch.setenv(cgroups.SETTING, str(tmp_path / "elsewhere"))

    assert cgroups.place().version == 0
    assert list((tmp_path / "elsewhere").iterdir()) == []
