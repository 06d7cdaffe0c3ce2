"""Making and checking backups, in this process."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured

from concours.platform.backups import checking, making, manifest
from concours.platform.backups.faults import BackupFault
from concours.platform.profiles.domain import key_in_use
from concours.platform.record.models import Event
from tests.factories import competitions as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def entry(spring: datetime, tmp_path: Path) -> Any:
    """An entry with one submission."""
    made = make.entry(in_track=make.track())
    make.submission(of=made, folder=tmp_path)
    return made


def bytes_below(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file())


def test_a_backup_holds_database_and_archives(entry: Any, tmp_path: Path) -> None:
    made = making.make(folder=tmp_path / "kept")

    told = checking.check(made.folder, digest=made.digest)

    submission = entry.submissions.get()
    assert told.record_count == Event.objects.count()
    assert told.record_head == Event.objects.latest("seq").digest
    assert {one.sha256 for one in told.files} == {submission.digest}
    assert (made.folder / f"files/{submission.file.name}").read_bytes() == submission.file.read()
    assert (made.folder.stat().st_mode & 0o077, told.gone) == (0, ())


def test_unchanged_files_are_shared_and_others_copied(entry: Any, tmp_path: Path) -> None:
    first = making.make(folder=tmp_path / "kept")
    make.submission(of=entry, folder=tmp_path, files={"other.py": b"1"})

    second = making.make(folder=tmp_path / "kept")

    old, new = (one.manifest.files for one in (first, second))
    assert (len(old), len(new)) == (1, 2)
    inodes = [(one.folder / old[0].path).stat().st_ino for one in (first, second)]
    assert inodes[0] == inodes[1]
    assert second.shared == old[0].size
    checking.check(second.folder)


def test_a_file_that_changed_is_copied_anew(entry: Any, tmp_path: Path) -> None:
    making.make(folder=tmp_path / "kept")
    path = Path(entry.submissions.get().file.path)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(1, 1))

    second = making.make(folder=tmp_path / "kept")

    assert second.shared == 0
    checking.check(second.folder)


def test_secrets_are_held_on_request_only(entry: Any, tmp_path: Path) -> None:
    key = configured.CONFIG.secret_key.encode()
    sealed = Path(configured.EVALUATIONS_DIR) / "sealed/season/track/judge"
    sealed.parent.mkdir(parents=True)
    sealed.write_bytes(b"bait-of-the-sealed-split")
    signing = key_in_use()[0].multikey.encode()

    without = making.make(folder=tmp_path / "kept")
    held = bytes_below(without.folder)
    with_secrets = making.make(folder=tmp_path / "kept", secrets=True)
    all_held = bytes_below(with_secrets.folder)

    assert (key in held, b"bait-of-the-sealed-split" in held) == (False, False)
    assert (signing in held, signing in all_held) == (False, True)
    assert (key in all_held, b"bait-of-the-sealed-split" in all_held) == (True, True)
    assert (without.manifest.secrets, with_secrets.manifest.secrets) == (False, True)


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


@pytest.mark.parametrize("harm", [_flip, _cut, Path.unlink])
@pytest.mark.parametrize("what", ["database", "file"])
def test_what_was_done_to_a_backup_is_seen(
    harm: Callable[[Path], None], what: str, entry: Any, tmp_path: Path
) -> None:
    made = making.make(folder=tmp_path / "kept")
    one = made.manifest.database if what == "database" else made.manifest.files[0]
    harm(made.folder / one.path)

    with pytest.raises(BackupFault, match=Path(one.path).name):
        checking.check(made.folder)


def test_a_stranger_in_the_backup_is_seen(entry: Any, tmp_path: Path) -> None:
    made = making.make(folder=tmp_path / "kept")
    (made.folder / "files/more").write_bytes(b"")

    with pytest.raises(BackupFault, match="files/more"):
        checking.check(made.folder)


def test_a_rewritten_manifest_is_seen_by_the_noted_digest(entry: Any, tmp_path: Path) -> None:
    made = making.make(folder=tmp_path / "kept")
    path = made.folder / manifest.NAME
    path.write_text(path.read_text().replace(made.manifest.record_head, "0" * 64))

    checking.check(made.folder)
    with pytest.raises(BackupFault, match="another digest"):
        checking.check(made.folder, digest=made.digest)


@pytest.mark.parametrize("path", ["../out", "/etc/passwd", "files/../../out", ""])
def test_a_manifest_cannot_name_what_is_outside(path: str, entry: Any, tmp_path: Path) -> None:
    made = making.make(folder=tmp_path / "kept")
    told = json.loads((made.folder / manifest.NAME).read_text())
    told["files"][0]["path"] = path
    (made.folder / manifest.NAME).write_text(json.dumps(told))

    with pytest.raises(BackupFault, match="cannot be read"):
        manifest.read(made.folder)


def test_the_newest_up_to_a_moment_is_found_and_old_ones_go(entry: Any, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    made = [making.make(folder=folder) for _ in range(3)]
    between = made[1].manifest.moment

    assert making.latest(folder, at=between) == made[1].folder
    assert making.latest(folder, at=datetime(2020, 1, 1, tzinfo=UTC)) is None
    assert making.thin_out(folder=folder, keep=2) == [made[0].folder]
    assert making.kept_in(folder) == [made[1].folder, made[2].folder]
    checking.check(made[2].folder)


def test_a_full_disk_leaves_no_half_backup(entry: Any, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(small)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        with pytest.raises(BackupFault):
            making.make(folder=small)
        left = [one.name for one in small.iterdir()]
    finally:
        subprocess.run(["umount", str(small)], check=True)
    assert left == [".lock"]


def test_two_at_once_are_refused(entry: Any, tmp_path: Path) -> None:
    with making.alone_in(tmp_path), pytest.raises(BackupFault, match="another backup"):
        making.make(folder=tmp_path)
