"""Packages for an entry: only allowed names, only wheels, and no code of theirs runs outside."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from concours.box import Limits, Mount, Order, run, wheels
from tests.boxes import needs_box

ALLOWED = ("Good.Package", "helper", "bait")


def _wheel(folder: Path, name: str, requires: str = "") -> Path:
    """A wheel with one module of its name."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    about = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", f"NAME = {name!r}\n")
        needs = f"Requires-Dist: {requires}\n" * bool(requires)
        archive.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needs}"
        )
        archive.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{about}/RECORD", f"{name}.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n")
    return path


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A folder of packages, one of them with a bait: its setup.py touches a file."""
    folder = tmp_path / "index"
    folder.mkdir()
    _wheel(folder, "good_package", requires="helper")
    _wheel(folder, "helper")
    _wheel(folder, "sly", requires="forbidden")
    _wheel(folder, "forbidden")
    text = f"open({str(tmp_path / 'touched')!r}, 'w')\nfrom setuptools import setup\nsetup()\n"
    with tarfile.open(folder / "bait-1.0.tar.gz", "w:gz") as archive:
        for name, data in {
            "setup.py": text,
            "PKG-INFO": "Metadata-Version: 2.1\nName: bait\nVersion: 1.0\n",
        }.items():
            member = tarfile.TarInfo(f"bait-1.0/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data.encode()))
    return folder


def _fetch(text: str, index: Path, *, allowed: tuple[str, ...] = ALLOWED) -> list[str]:
    into = index.parent / "wheels"
    into.mkdir()
    source = wheels.Source(links=(str(index),), allowed=allowed)
    return [one.name for one in wheels.fetch(wheels.requirements(text, allowed), into, source)]


def test_wheels_come_with_what_they_need(index: Path) -> None:
    found = _fetch("good-package==1.0  # the one", index)

    assert found == ["good_package-1.0-py3-none-any.whl", "helper-1.0-py3-none-any.whl"]


@needs_box
def test_they_are_installed_in_the_box_and_used_in_the_next(index: Path) -> None:
    _fetch("good-package", index)
    packages = index.parent / "packages"
    packages.mkdir()

    done = run(
        wheels.install(["good-package"], index.parent / "wheels", Limits(wall_seconds=60)),
        collect=packages,
    )
    used = run(
        Order(
            argv=[sys.executable, "-c", "import good_package, helper; print(helper.NAME)"],
            environment={"PYTHONPATH": "/entry"},
            mounts=[Mount(source=packages / "packages", target="/entry")],
        )
    )

    assert done.completed, done.stderr
    assert used.stdout == b"helper\n"


def test_hashes_are_kept_to(index: Path) -> None:
    digest = hashlib.sha256((index / "helper-1.0-py3-none-any.whl").read_bytes()).hexdigest()

    assert _fetch(f"helper==1.0 --hash=sha256:{digest}", index)
    (index.parent / "wheels").rename(index.parent / "first")
    with pytest.raises(wheels.BadRequirements, match=r"(?i)hash"):
        _fetch(f"helper==1.0 \\\n  --hash=sha256:{'0' * 64}", index)


def test_an_sdist_is_refused_and_its_code_not_run(index: Path) -> None:
    touched = index.parent / "touched"

    with pytest.raises(wheels.BadRequirements, match="bait"):
        _fetch("bait", index)

    assert not touched.exists()


def test_the_bait_is_real(index: Path) -> None:
    pytest.importorskip("setuptools")
    pip = [sys.executable, "-m", "pip", "download", "--no-build-isolation", "--no-index", "-q"]

    subprocess.run([*pip, "--find-links", index, "-d", index.parent / "x", "bait"], check=False)

    assert (index.parent / "touched").exists()


def test_dependencies_must_be_allowed_too(index: Path) -> None:
    with pytest.raises(wheels.BadRequirements, match=r"forbidden-1\.0"):
        _fetch("sly", index, allowed=("sly",))


@pytest.mark.parametrize(
    "line",
    [
        "forbidden",
        "-e .",
        "--index-url https://example.org/simple",
        "--extra-index-url=https://example.org",
        "-r other.txt",
        "git+https://example.org/x.git",
        "helper @ https://example.org/helper-1.0-py3-none-any.whl",
        "./helper-1.0-py3-none-any.whl",
        "/etc/passwd",
        "helper==1.0 --global-option=x",
        "helper; python_version < '4'",
        "helper==1.0 --hash=md5:00",
        "$(touch x)",
    ],
)
def test_what_is_no_allowed_name_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(wheels.BadRequirements, match=r"^line 2: "):
        wheels.requirements(f"helper\n{line}", ALLOWED)


def test_names_are_compared_as_indexes_do() -> None:
    text = "GOOD_package[fast, more] >= 1.0, != 1.1\n\n# nothing\nhelper~=1.0"

    assert wheels.requirements(text, ALLOWED) == [*text.splitlines()[:1], "helper~=1.0"]


def test_too_long_a_list_is_refused() -> None:
    with pytest.raises(wheels.BadRequirements, match="200"):
        wheels.requirements("helper\n" * 201, ALLOWED)
