"""What is taken from /scratch at the end, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from concours.box import BadOrder, Ending, Limits, Order, Outcome, run
from tests.boxes import needs_box

from .asking import python

pytestmark = needs_box


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(one.relative_to(folder)): one.read_bytes()
        for one in folder.rglob("*")
        if one.is_file() and not one.is_symlink()
    }


def _shell(text: str, into: Path, **limits: int) -> Outcome:
    return run(Order(argv=["sh", "-c", text], limits=Limits(**limits)), collect=into)


def test_plain_files_come_out_with_their_folders(tmp_path: Path) -> None:
    outcome = _shell(
        "mkdir -p a/b; echo 1 > a/b/one; echo 2 > two; echo 3 > run; chmod +x run", tmp_path
    )

    assert outcome.completed
    assert outcome.reason == "the program exited with 0"
    assert _files(tmp_path) == {"a/b/one": b"1\n", "two": b"2\n", "run": b"3\n"}
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("two", "run")] == [0o644, 0o755]


def test_what_is_no_plain_file_is_refused_and_named(tmp_path: Path) -> None:
    outcome = _shell("ln -s two one; echo 2 > two; mkfifo three", tmp_path)

    assert _files(tmp_path) == {"two": b"2\n"}
    assert sorted(one.name for one in tmp_path.iterdir()) == ["two"]
    assert outcome.reason.endswith("not taken from its files: 'one' (a link), 'three' (a fifo)")


def test_more_files_than_may_be_taken(tmp_path: Path) -> None:
    outcome = _shell("for d in a b c; do mkdir $d; touch $d/1 $d/2; done", tmp_path, files=4)

    assert sorted(_files(tmp_path)) == ["a/1", "a/2", "b/1", "b/2"]
    assert "'c/1' (more than 4 files)" in outcome.reason


def test_a_folder_with_too_many_entries_is_refused_whole(tmp_path: Path) -> None:
    outcome = _shell("mkdir a b; touch a/1 b/1 b/2 b/3 b/4 b/5", tmp_path, files=4)

    assert sorted(_files(tmp_path)) == ["a/1"]
    assert "'b/' (more than 4 entries)" in outcome.reason


def test_sparse_files_count_with_their_size(tmp_path: Path) -> None:
    text = "for i in 1 2 3; do truncate -s 700K $i; done"

    outcome = _shell(text, tmp_path, scratch_bytes=2**20, file_bytes=2**20)

    assert list(_files(tmp_path)) == ["1"]
    assert "'2' (too large, 716800 bytes)" in outcome.reason


def test_names_that_nobody_can_read_are_refused(tmp_path: Path) -> None:
    code = r"""
import os
for name in (b'good', b'new\nline', b'\xff\xfe', '\u202egnp.exe'.encode()):
    os.close(os.open(name, os.O_CREAT))
"""
    outcome = run(python(code), collect=tmp_path)

    assert list(_files(tmp_path)) == ["good"]
    assert outcome.reason.count("an unprintable name") == 3


def test_what_a_failed_program_wrote_is_taken_too(tmp_path: Path) -> None:
    outcome = run(
        Order(argv=["sh", "-c", "echo 1 > one; sleep 60"], limits=Limits(wall_seconds=0.5)),
        collect=tmp_path,
    )

    assert outcome.ending is Ending.WALL_TIME
    assert _files(tmp_path) == {"one": b"1\n"}


def test_only_an_empty_folder_takes_files(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()

    with pytest.raises(BadOrder, match="no empty folder"):
        run(Order(argv=["true"]), collect=tmp_path)


def test_a_path_that_no_other_file_system_takes_is_the_programs_doing(tmp_path: Path) -> None:
    code = """
import os
for _ in range(20):
    os.mkdir("d" * 250)
    os.chdir("d" * 250)
"""
    outcome = run(python(code), collect=tmp_path)

    assert outcome.ending is Ending.EXITED
    assert "(too long a path)" in outcome.reason
    assert len(outcome.reason) < 300


def test_more_folders_than_may_be_taken(tmp_path: Path) -> None:
    text = "for a in 1 2 3 4; do for b in 1 2 3 4; do mkdir -p $a/$b; done; done"

    outcome = _shell(text, tmp_path, files=6)

    assert sum(1 for _ in tmp_path.rglob("*")) == 6
    assert "(more than 6 folders)" in outcome.reason


def test_countless_things_that_are_refused_are_counted_and_few_are_named(tmp_path: Path) -> None:
    outcome = _shell("for n in $(seq 500); do ln -s x $n; done", tmp_path)

    assert outcome.reason.count("a link") == 5
    assert outcome.reason.endswith("and 495 more")
