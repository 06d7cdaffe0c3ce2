from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from concours.cli.paths import shipped_seasons
from concours.evaluation import load
from concours.evaluation.executors import packing
from concours.evaluation.executors.packing import evaluator_parcel, folder_parcel, unpacked
from tests.factories.evaluators import write_evaluator


@pytest.mark.parametrize("name", ["driving", "cell-placement"])
def test_an_evaluator_arrives_as_it_was(name: str, tmp_path: Path) -> None:
    evaluator = load(shipped_seasons() / "open-atom-2022" / "evaluators" / name)
    there = load(unpacked(evaluator_parcel(evaluator), below=tmp_path))
    assert there.digest == evaluator.digest
    assert there.cases("practice") == evaluator.cases("practice")


def test_the_same_files_are_the_same_parcel_and_lie_there_once(tmp_path: Path) -> None:
    folder = write_evaluator(tmp_path / "adding")
    copy = shutil.copytree(folder, tmp_path / "copy")
    (folder / "score.py").touch()
    one, two = folder_parcel(folder), folder_parcel(copy)
    assert one == two
    below = tmp_path / "parcels"
    below.mkdir()
    assert unpacked(one, below=below) == unpacked(two, below=below)
    assert [path.name for path in below.iterdir()] == [one.digest]
    (copy / "score.py").write_text("1")
    assert folder_parcel(copy).digest != one.digest


def test_what_nobody_uses_any_more_is_taken_away(tmp_path: Path) -> None:
    folder = write_evaluator(tmp_path / "adding")
    below = tmp_path / "parcels"
    below.mkdir()
    old = unpacked(folder_parcel(folder), below=below)
    (folder / "score.py").write_text("1")
    used = unpacked(folder_parcel(folder), below=below)
    for one in (old, used):
        os.utime(one, (0, 0))
    unpacked(folder_parcel(folder), below=below)  # used again
    (folder / "score.py").write_text("2")
    new = unpacked(folder_parcel(folder), below=below)
    assert {path.name for path in below.iterdir()} == {used.name, new.name}


def test_programs_stay_programs(tmp_path: Path) -> None:
    folder = tmp_path / "entry"
    folder.mkdir()
    (folder / "run").write_text("#!/bin/sh\n")
    (folder / "run").chmod(0o755)
    there = unpacked(folder_parcel(folder), below=tmp_path)
    assert (there / "run").stat().st_mode & 0o777 == 0o755


def test_a_parcel_that_climbs_is_refused(tmp_path: Path) -> None:
    import io
    import tarfile

    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../escaped"), io.BytesIO())
    folder = tmp_path / "entry"
    folder.mkdir()
    (folder / "a").touch()
    parcel = replace(folder_parcel(folder), content=out.getvalue(), digest="d")
    below = tmp_path / "parcels"
    below.mkdir()
    with pytest.raises(OSError, match="no plain file within it"):
        unpacked(parcel, below=below)
    assert not (tmp_path / "escaped").exists()


def test_parcels_lie_where_nobody_else_can_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing.tempfile, "gettempdir", lambda: str(tmp_path))
    folder = tmp_path / "entry"
    folder.mkdir()
    (folder / "a").write_text("a")
    there = unpacked(folder_parcel(folder))
    base = there.parent
    assert base.stat().st_mode & 0o777 == 0o700
    base.chmod(0o777)
    with pytest.raises(PermissionError, match="belongs to somebody else"):
        unpacked(folder_parcel(folder))
