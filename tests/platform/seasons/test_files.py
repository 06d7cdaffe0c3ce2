from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from concours.platform.seasons.check import check_folder, read_folder

TRACK = "tracks/carsmos-driving-algorithm.toml"


def faults(folder: Path) -> list[str]:
    return [str(fault) for fault in check_folder(folder)]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("../../outside.md", "leads outside the folder"),
        ("/etc/passwd", "leads outside the folder"),
        ("link.md", "leads outside the folder"),
        ("loop.md", "is a link that leads nowhere"),
        ("..", "is not a plain file"),
        ("pipe.md", "is not a plain file"),
        ("latin.md", "is not UTF-8 at byte 3"),
        ("large.md", "is larger than"),
        ("long.md", "at most 100000 are allowed"),
        ("nul.md", "holds a zero byte"),
    ],
)
def test_rules_are_read_from_plain_files_of_the_folder_alone(copy, change, tmp_path, name, problem):
    (tmp_path / "outside.md").write_text("secret")
    tracks = copy / "tracks"
    (tracks / "link.md").symlink_to(tmp_path / "outside.md")
    (tracks / "loop.md").symlink_to(tracks / "loop.md")
    os.mkfifo(tracks / "pipe.md")
    (tracks / "latin.md").write_bytes(b"caf\xe9")
    (tracks / "large.md").write_bytes(b"x" * (1024 * 1024 + 1))
    (tracks / "long.md").write_bytes(b"x" * 100_001)
    (tracks / "nul.md").write_bytes(b"a\0b")

    change(TRACK, '"carsmos-driving-algorithm.rules.en.md"', f'"{name}"')

    found = faults(copy)
    assert len(found) == 1, found
    assert found[0].startswith(f"{TRACK}: rules: ")
    assert problem in found[0]
    assert "secret" not in found[0]


def test_a_link_within_the_folder_may_be_used(copy, change):
    (copy / "tracks/link.md").symlink_to(copy / "tracks/carsmos-driving-algorithm.rules.en.md")
    change(TRACK, '"carsmos-driving-algorithm.rules.en.md"', '"link.md"')
    assert faults(copy) == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a = " + b"[" * 5_000, "is not TOML"),
        (b"a = " + b"9" * 5_000, "is not TOML"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"", "is missing"),
        (b"slug = 1\n" * 200_000, "is larger than"),
    ],
)
def test_a_hostile_season_file_is_a_fault_not_a_crash(copy, content, problem):
    (copy / "season.toml").write_bytes(content)
    assert any(problem in line for line in faults(copy))


def test_marks_and_line_ends_of_other_systems_are_read(copy):
    for path in copy.rglob("*.toml"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    for path in copy.rglob("*.md"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert faults(copy) == []
    assert "\r" not in read_folder(copy).tracks[0].rules


def test_what_is_no_folder_says_so(tmp_path):
    assert "is no folder" in faults(tmp_path / "nothing")[0]
    assert "there is no file season.toml" in faults(tmp_path)[0]


def test_a_season_may_have_no_register_and_no_rubrics(copy):
    shutil.rmtree(copy / "register")
    assert faults(copy) == []
    shutil.rmtree(copy / "rubrics")
    assert len([line for line in faults(copy) if "there is no rubric" in line]) == 8
