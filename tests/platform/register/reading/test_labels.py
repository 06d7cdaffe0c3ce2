from __future__ import annotations

from pathlib import Path

import pytest

from concours.platform.register.reading import SourceFile, Step, load_files, read_labels

KITE = """\
name: Kite
description: Flies.
description_zh: 会飞。
type: Project
data:
  platforms:
    - name: GitHub
      type: Code Hosting
      repos:
        - id: 1
          name: acme/kite
"""
INDEX = """\
name: A foundation
type: Foundation
data:
  labels:
    - ':companies/acme/kite'
    - sail
"""


def test_a_label_gives_a_project_at_the_stage_the_caller_names():
    reading = read_labels([SourceFile("kite.yml", KITE.encode())], stage="incubating")

    (kite,) = reading.projects
    assert (kite.slug, kite.summary, kite.summary_zh) == ("kite", "Flies.", "会飞。")
    assert kite.homepage == "https://github.com/acme/kite"
    assert kite.steps == (Step(stage="incubating", on=None),)


def test_a_folder_is_read_with_its_index(tmp_path: Path):
    (tmp_path / "companies/acme").mkdir(parents=True)
    (tmp_path / "companies/acme/kite.yml").write_text(KITE)
    (tmp_path / "index.yml").write_text(INDEX)
    (tmp_path / "notes.txt").write_text("nothing")
    (tmp_path / "link.yml").symlink_to("/etc/hostname")

    reading = read_labels(load_files([tmp_path]))

    assert [one.name for one in reading.projects] == ["Kite"]
    (missing,) = reading.unread
    assert (missing.text, missing.line) == ("sail", 6)
    assert missing.reason == "the index names it, and there is no file of it"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- a", "is no label"),
        ("", "is no label"),
        ("name: X\ntype: Company", "its type is 'Company'"),
        ("name: ''\ntype: Project", "has no name"),
        ("a: *b", "has an alias"),
    ],
)
def test_what_is_no_label_is_told_and_the_others_are_read(text, reason):
    files = [SourceFile("bad.yml", text.encode()), SourceFile("kite.yml", KITE.encode())]
    reading = read_labels(files)
    assert [one.name for one in reading.projects] == ["Kite"]
    assert reason in reading.unread[0].reason


def test_an_unknown_stage_is_the_callers_fault():
    with pytest.raises(ValueError, match="famous"):
        read_labels([], stage="famous")


def test_a_file_over_the_limit_is_not_read_whole(tmp_path: Path):
    with (tmp_path / "large.yml").open("wb") as file:
        file.truncate(16 * 2**20 + 1)
    (large,) = load_files([tmp_path / "large.yml"])
    assert large.content is None
