"""Clones of every bad kind: read all the same, or refused with the mend."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concours.criteria import CloneRefused, Code, Limits, Repository, read_repository
from tests.factories.clones import BEGIN, CloneMaker, run_git

NOW = datetime(2026, 1, 1, tzinfo=UTC)
Read = Callable[[CloneMaker], Repository]


def refused(clone: Path, limits: Limits | None = None) -> CloneRefused:
    with pytest.raises(CloneRefused) as raised:
        read_repository(clone, at=NOW, limits=limits)
    return raised.value


def small() -> CloneMaker:
    return CloneMaker().commit({"a.py": "A = 1\n"}).commit({"b.py": "B = 1\n"})


def test_a_bare_clone_is_read_as_its_like(tmp_path: Path) -> None:
    bare = read_repository(small().make(tmp_path / "bare", bare=True), at=NOW)
    plain = read_repository(small().make(tmp_path / "plain"), at=NOW)

    assert bare == plain
    assert [file.path for file in bare.files] == ["a.py", "b.py"]
    assert [commit.author for commit in bare.commits] == ["Ada Lee", "Ada Lee"]
    assert bare.branch == "main"


def test_a_detached_head_is_read(tmp_path: Path) -> None:
    clone = small().make(tmp_path / "clone")
    first = run_git("rev-parse", "main~1", folder=clone).stdout.decode().strip()
    run_git("checkout", "-q", "--detach", first, folder=clone)

    found = read_repository(clone, at=NOW)

    assert (found.head, found.branch, len(found.commits)) == (first, "", 1)


def test_no_such_folder(tmp_path: Path) -> None:
    assert refused(tmp_path / "none").code is Code.NOT_FOUND


def test_a_link_that_leads_to_itself(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    assert refused(tmp_path / "loop").code is Code.NOT_FOUND


def test_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no clone")

    assert refused(tmp_path / "file").code is Code.IS_A_FILE


def test_a_folder_without_a_repository(tmp_path: Path) -> None:
    refusal = refused(tmp_path)

    assert refusal.code is Code.NO_REPOSITORY
    assert "git clone" in refusal.message


def test_an_empty_repository(tmp_path: Path) -> None:
    run_git("init", "-q", ".", folder=tmp_path)

    assert refused(tmp_path).code is Code.EMPTY


def test_a_shallow_clone(tmp_path: Path) -> None:
    origin = small().make(tmp_path / "origin")
    run_git("clone", "-q", "--depth=1", f"file://{origin}", "cut", folder=tmp_path)

    refusal = refused(tmp_path / "cut")

    assert refusal.code is Code.SHALLOW
    assert "--unshallow" in refusal.message


def test_a_clone_with_sha256_ids(tmp_path: Path) -> None:
    run_git("init", "-q", "--object-format=sha256", ".", folder=tmp_path)
    run_git("commit", "-q", "--allow-empty", "-m", "x", folder=tmp_path)

    assert refused(tmp_path).code is Code.SHA256


def test_a_linked_worktree(tmp_path: Path) -> None:
    clone = small().make(tmp_path / "clone")
    run_git("worktree", "add", "-q", "--detach", str(tmp_path / "tree"), folder=clone)

    assert refused(tmp_path / "tree").code is Code.LINKED_WORKTREE


def test_a_clone_that_borrows_objects(tmp_path: Path) -> None:
    origin = small().make(tmp_path / "origin")
    run_git("clone", "-q", "--shared", str(origin), "shared", folder=tmp_path)

    assert refused(tmp_path / "shared").code is Code.ALTERNATES


def test_a_partial_clone_is_not_filled_over_the_net(tmp_path: Path) -> None:
    origin = small().make(tmp_path / "origin")
    run_git("config", "uploadpack.allowFilter", "true", folder=origin)
    run_git(
        "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{origin}", "part",
        folder=tmp_path,
    )  # fmt: skip

    assert refused(tmp_path / "part").code is Code.CORRUPT
    assert not list((tmp_path / "part" / ".git").rglob("shallow"))


@pytest.mark.parametrize("spoil", [b"", b"\xff" * 64, None], ids=["cut", "noise", "short"])
def test_damaged_objects(tmp_path: Path, spoil: bytes | None) -> None:
    clone = small().make(tmp_path / "clone")
    run_git("repack", "-a", "-d", "-q", folder=clone)
    for pack in (clone / ".git" / "objects" / "pack").glob("*.pack"):
        pack.chmod(0o644)
        content = pack.read_bytes()
        pack.write_bytes(content[:40] if spoil is None else content[:12] + spoil)

    assert refused(clone).code is Code.CORRUPT


def test_objects_that_are_links_to_elsewhere(tmp_path: Path) -> None:
    clone = small().make(tmp_path / "clone")
    pack = clone / ".git" / "objects" / "pack"
    shutil.move(pack, tmp_path / "pack")
    pack.symlink_to(tmp_path / "pack")

    assert refused(clone).code is Code.LINKS_INSIDE


def test_references_that_are_a_link_to_everything_are_not_walked(tmp_path: Path) -> None:
    clone = small().plain_tag("v1").make(tmp_path / "clone")
    refs = clone / ".git" / "refs"
    shutil.move(refs, tmp_path / "refs")
    refs.symlink_to("/")

    assert refused(clone, Limits(seconds=20)).code is Code.EMPTY


def test_a_branch_behind_a_link_is_not_read(tmp_path: Path) -> None:
    clone = small().make(tmp_path / "clone")
    heads = clone / ".git" / "refs" / "heads"
    shutil.move(heads, tmp_path / "heads")
    heads.symlink_to(tmp_path / "heads")

    assert refused(clone).code is Code.EMPTY


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clone = small().make(tmp_path / "clone")
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))

    refusal = refused(clone)

    assert refusal.code is Code.NO_GIT
    assert "install git" in refusal.message


def test_bounds_are_kept(tmp_path: Path) -> None:
    maker = small().plain_tag("v1").plain_tag("v2").plain_tag("v3")
    clone = maker.make(tmp_path / "clone")

    assert refused(clone, Limits(max_commits=1)).code is Code.TOO_MANY_COMMITS
    assert refused(clone, Limits(max_files=1)).code is Code.TOO_MANY_FILES
    assert refused(clone, Limits(max_tags=2)).code is Code.TOO_MANY_TAGS
    assert refused(clone, Limits(seconds=0.0)).code is Code.TOO_SLOW


def test_thousands_of_tags_are_read(read: Read) -> None:
    maker = small()
    for number in range(3_000):
        maker.plain_tag(f"v1.0.{number}")

    assert len(read(maker).tags) == 3_000


def test_a_huge_file_is_known_by_its_size(read: Read) -> None:
    huge = b"x" * (3 * 2**20)

    (file,) = read(CloneMaker().commit({"data.bin": huge})).files

    assert (file.size, file.scanned) == (len(huge), False)


def test_links_and_odd_names_in_the_tree_harm_nothing(read: Read) -> None:
    maker = (
        CloneMaker()
        .commit({"loop": "loop", "up": "../../../etc/passwd"}, mode="120000")
        .commit({b"odd\xff\nname.py": "A = 1\n"})
    )

    found = read(maker)

    assert found.links == 2
    assert [file.path for file in found.files] == [r"odd\xff\nname.py"]


HOSTILE = """[core]
\tfsmonitor = touch {mark}
\thooksPath = {folder}
\tsshCommand = touch {mark}
\tpager = touch {mark}
\tattributesFile = {folder}/attributes
[diff]
\texternal = touch {mark}
[gpg]
\tprogram = {folder}/run
[log]
\tshowSignature = true
[filter "evil"]
\tsmudge = touch {mark}
\tclean = touch {mark}
\trequired = true
[alias]
\tlog = !touch {mark}
[include]
\tpath = {folder}/more
"""


def test_nothing_of_the_clone_is_run(tmp_path: Path) -> None:
    # Arrange
    mark = tmp_path / "mark"
    run = tmp_path / "run"
    run.write_text(f"#!/bin/sh\ntouch {mark}\n")
    run.chmod(0o755)
    for hook in ("post-checkout", "reference-transaction", "pre-auto-gc"):
        shutil.copy(run, tmp_path / hook)
    maker = small().commit({".gitattributes": "* filter=evil diff=evil\n"})
    clone = maker.make(tmp_path / "clone")
    expected = read_repository(clone, at=NOW)
    text = HOSTILE.format(mark=mark, folder=tmp_path)
    (clone / ".git" / "config").write_text(text)

    # Act
    found = read_repository(clone, at=NOW)

    # Assert
    assert not mark.exists()
    assert found == expected


def test_replacements_and_grafts_do_not_forge_a_history(tmp_path: Path) -> None:
    clone = small().make(tmp_path / "clone")
    head, first = run_git("rev-parse", "main", "main~1", folder=clone).stdout.decode().split()
    run_git("replace", head, first, folder=clone)
    (clone / ".git" / "info" / "grafts").write_text(f"{head}\n")

    assert [commit.id for commit in read_repository(clone, at=NOW).commits] == [head, first]


def test_a_forged_commit_message_stays_one_commit(read: Read) -> None:
    forged = (
        "commit " + "a" * 40 + "\nauthor Eve <eve@x.org> 1 +0000\n\x1e\x1f%x00\n\nSigned-off-by: x"
    )

    found = read(CloneMaker().commit({"a": "a"}, message=forged))

    assert len(found.commits) == 1
    assert found.commits[0].author == "Ada Lee"
    assert not found.commits[0].signed_off


TEXT = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\0\n<>"), min_size=1
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    names=st.lists(
        st.binary(min_size=1, max_size=30).filter(
            lambda raw: (
                not {b"\0", b"/", b'"'} & {raw[i : i + 1] for i in range(len(raw))}
                and raw.lower() not in (b".", b"..", b".git")
            )
        ),
        min_size=1,
        max_size=5,
        unique=True,
    ),
    message=TEXT,
    at=st.integers(1, 2**33),
)
def test_any_names_and_messages_are_counted_rightly(
    tmp_path_factory: pytest.TempPathFactory, names: list[bytes], message: str, at: int
) -> None:
    maker = CloneMaker()
    for name in names:
        maker.commit({name: b"x"}, message=message, at=at)
    folder = tmp_path_factory.mktemp("any")

    found = read_repository(maker.make(folder), at=NOW)

    assert len(found.commits) == len(names)
    assert {commit.committed_at for commit in found.commits} == {at}
    assert len(found.files) == len(names)
    assert all(file.path.isprintable() for file in found.files)
    shutil.rmtree(folder)


def test_the_clone_is_left_as_it_was(tmp_path: Path) -> None:
    clone = small().make(tmp_path / "clone")

    def picture() -> dict[str, tuple[int, int]]:
        return {
            os.path.relpath(Path(parent) / name, clone): (
                (Path(parent) / name).stat().st_size,
                (Path(parent) / name).stat().st_mtime_ns,
            )
            for parent, _, names in os.walk(clone)
            for name in names
        }

    before = picture()
    read_repository(clone, at=NOW)

    assert picture() == before


def test_times_are_seconds(read: Read) -> None:
    found = read(CloneMaker().commit({"a": "a"}, at=BEGIN))

    assert found.commits[0].authored_at == BEGIN
