"""What a box shows of this machine."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from concours.box import BadOrder, Mount, Order, run, view
from tests.boxes import needs_box


def test_seasons_that_lie_in_the_package_are_covered(tmp_path: Path) -> None:
    package = tmp_path / "lib" / "concours"
    (package / "seasons").mkdir(parents=True)

    installed = view.interpreter(prefix=str(tmp_path), base=str(tmp_path), package=str(package))
    elsewhere = view.interpreter(prefix="/usr", base="/usr", package=str(package))

    assert installed == (
        ("--ro-bind", str(tmp_path), str(tmp_path)),
        ("--size", "4096", "--tmpfs", str(package / "seasons")),
        ("--remount-ro", str(package / "seasons")),
    )
    assert elsewhere == ()


@needs_box
def test_an_interpreter_below_tmp_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder, "inner", "bin").mkdir(parents=True)
        Path(folder, "inner", "bin", "tool").write_text("#!/bin/sh\necho works")
        Path(folder, "inner", "bin", "tool").chmod(0o755)
        Path(folder, "other").write_text("secret")
        shown = view.interpreter(prefix=f"{folder}/inner", base="/usr", package="/nonexistent")
        monkeypatch.setattr(view, "interpreter", lambda: shown)

        outcome = run(Order(argv=["sh", "-c", f"{folder}/inner/bin/tool; ls {folder}"]))

    assert outcome.stdout == b"works\ninner\n"


@needs_box
@pytest.mark.parametrize("target", ["relative", "/a/../../etc"])
def test_targets_are_whole_paths(target: str, tmp_path: Path) -> None:
    with pytest.raises(BadOrder, match="whole path"):
        run(Order(argv=["true"], mounts=[Mount(source=tmp_path, target=target)]))


@needs_box
def test_mounts_may_lie_in_folders_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("1")
    mounts = [
        Mount(source=tmp_path / "one", target="/deep/in/the/box/one"),
        Mount(source=tmp_path, target="/scratch/given"),
    ]

    outcome = run(Order(argv=["cat", "/deep/in/the/box/one", "given/one"], mounts=mounts))

    assert outcome.stdout == b"11"
