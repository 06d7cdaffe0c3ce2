"""What a box shows of this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from concours.box import BadOrder, Mount, Order, run, view

from .asking import needs_box


def test_seasons_that_lie_in_the_package_are_covered(tmp_path: Path) -> None:
    package = tmp_path / "lib" / "concours"
    (package / "seasons").mkdir(parents=True)

    installed = view.root(prefix=str(tmp_path), base=str(tmp_path), package=str(package))
    elsewhere = view.root(prefix="/usr", base="/usr", package=str(package))

    assert ("--size", "4096", "--tmpfs", str(package / "seasons")) in installed
    assert installed.index(("--ro-bind", str(tmp_path), str(tmp_path))) < len(installed) - 2
    assert not any(str(package) in part[-1] for part in elsewhere)


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
