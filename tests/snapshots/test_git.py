"""Fetching from a real server: what comes back is the tree, whole and always the same."""

import hashlib
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from concours.snapshots import (
    Code,
    Limits,
    fetch_commit,
    inspect_archive,
)
from concours.snapshots.git import is_signed_off
from tests.snapshots.conftest import Forge, commit_all, git, refusal, write_project

NewRepository = Callable[..., Path]


def test_branch_tag_head_and_commit_give_the_same_bytes(
    forge: Forge, new_repository: NewRepository, tmp_path: Path
) -> None:
    folder = write_project(new_repository())
    commit = commit_all(folder)
    git(folder, "tag", "-a", "v1", "-m", "one")
    digests = set()

    for number, revision in enumerate([commit, "main", "v1", "refs/heads/main", "HEAD"]):
        into = tmp_path / str(number)
        into.mkdir()
        got = fetch_commit(
            url=forge.url(folder.name), revision=revision, into=into, policy=forge.policy()
        )
        assert got.commit == commit
        assert got.tree == git(folder, "rev-parse", "HEAD^{tree}")
        assert [path.name for path in into.iterdir()] == [f"{commit}.tar"]
        assert got.snapshot.digest == hashlib.sha256(got.archive.read_bytes()).hexdigest()
        digests.add(got.snapshot.digest)

    assert len(digests) == 1


def test_tar_is_the_tree_and_not_what_its_attributes_make_of_it(
    forge: Forge, new_repository: NewRepository, tmp_path: Path
) -> None:
    folder = write_project(new_repository())
    commit_all(folder)

    got = fetch_commit(
        url=forge.url(folder.name), revision="main", into=tmp_path, policy=forge.policy()
    )

    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()
    subprocess.run(["tar", "-xf", got.archive, "-C", unpacked], check=True)
    subprocess.run(["diff", "-r", "--exclude=.git", folder, unpacked], check=True)
    assert (unpacked / "run.sh").stat().st_mode & 0o777 == 0o755
    with tarfile.open(got.archive) as tar:
        assert {(member.mtime, member.uid, member.gid) for member in tar} == {(0, 0, 0)}
    again = inspect_archive(got.archive)
    assert again == got.snapshot


@pytest.mark.parametrize("name", ["new-server", "v0-server"])
def test_commit_that_no_ref_points_at(
    forge: Forge, new_repository: NewRepository, tmp_path: Path, name: str
) -> None:
    """An old server refuses a bare commit; it is then looked for below branches and tags."""
    folder = new_repository(name)
    (folder / "a").write_text("old")
    old = commit_all(folder)
    (folder / "a").write_text("newer")
    commit_all(folder)
    at = {"url": forge.url(name), "into": tmp_path, "policy": forge.policy()}

    missing = refusal(**at, revision="0" * 39 + "1")
    got = fetch_commit(**at, revision=old)  # type: ignore[arg-type]

    assert missing.code is Code.REVISION_NOT_FOUND
    assert got.commit == old
    assert got.snapshot.files[0].size == 3


def test_sha256_repository(forge: Forge, new_repository: NewRepository, tmp_path: Path) -> None:
    folder = write_project(new_repository("", "--object-format=sha256"))
    commit = commit_all(folder)
    for revision in ("main", commit):
        got = fetch_commit(
            url=forge.url(folder.name), revision=revision, into=tmp_path, policy=forge.policy()
        )
        assert got.commit == commit
        assert len(commit) == 64


def test_links_inside_and_submodules_are_listed_and_left_out(
    forge: Forge, new_repository: NewRepository, tmp_path: Path
) -> None:
    folder = new_repository()
    (folder / "docs").mkdir()
    (folder / "README").write_text("text")
    (folder / "docs/README").symlink_to("../README")
    first = commit_all(folder)
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{first},vendor/lib")
    git(folder, "commit", "--quiet", "-m", "submodule")

    got = fetch_commit(
        url=forge.url(folder.name), revision="main", into=tmp_path, policy=forge.policy()
    )

    skipped = [(one.path, one.kind, one.target) for one in got.snapshot.skipped]
    assert skipped == [
        ("docs/README", "symlink", "../README"),
        ("vendor/lib", "submodule", first),
    ]
    assert [entry.path for entry in got.snapshot.files] == ["README"]


@pytest.mark.parametrize("target", ["/etc/passwd", "../../out", "../out", "a/../../out"])
def test_link_out_of_the_tree_is_refused(
    forge: Forge, new_repository: NewRepository, tmp_path: Path, target: str
) -> None:
    folder = new_repository(f"link-{abs(hash(target))}")
    (folder / "a").write_text("text")
    (folder / "link").symlink_to(target)
    commit_all(folder)

    got = refusal(url=forge.url(folder.name), revision="main", into=tmp_path, policy=forge.policy())

    assert got.code is Code.LINK_LEAVES
    assert got.member == "link"


def test_tree_is_bounded_before_it_is_read(
    forge: Forge, new_repository: NewRepository, tmp_path: Path
) -> None:
    folder = new_repository()
    for number in range(30):
        (folder / f"{number}.txt").write_bytes(b"x" * 1000)
    (folder / "Case").write_text("a")
    commit_all(folder)
    at = {"url": forge.url(folder.name), "revision": "main", "into": tmp_path}

    few = refusal(**at, policy=forge.policy(), limits=Limits(max_files=30))
    small = refusal(**at, policy=forge.policy(), limits=Limits(max_unpacked_bytes=29_000))
    (folder / "case").write_text("b")
    commit_all(folder)
    twice = refusal(**at, policy=forge.policy())

    assert few.code is Code.TOO_MANY_FILES
    assert small.code is Code.UNPACKED_TOO_LARGE
    assert twice.code is Code.DUPLICATE


def test_tree_bomb_ends_at_the_limit(
    forge: Forge, new_repository: NewRepository, tmp_path: Path
) -> None:
    """Ten trees that each name the one below ten times: 10**10 files in a few hundred bytes."""
    folder = new_repository()
    (folder / "f").write_text("boom")
    commit_all(folder)
    inner = f"100644 blob {git(folder, 'hash-object', '-w', 'f')}"
    for _ in range(10):
        lines = "".join(f"{inner}\t{name}\n" for name in "0123456789")
        tree = subprocess.run(
            ["git", "mktree"], cwd=folder, input=lines.encode(), capture_output=True, check=True
        ).stdout.decode()
        inner = f"040000 tree {tree.strip()}"
    bomb = git(folder, "commit-tree", "-m", "bomb", tree.strip())
    git(folder, "update-ref", "refs/heads/bomb", bomb)

    got = refusal(url=forge.url(folder.name), revision="bomb", into=tmp_path, policy=forge.policy())

    assert got.code is Code.TOO_MANY_FILES


def test_large_transfer_is_cut(forge: Forge, new_repository: NewRepository, tmp_path: Path) -> None:
    folder = new_repository()
    noise = hashlib.shake_256(b"noise").digest(3_000_000)
    (folder / "noise").write_bytes(noise)
    commit_all(folder)

    got = refusal(
        url=forge.url(folder.name),
        revision="main",
        into=tmp_path,
        policy=forge.policy(max_transfer_bytes=1_000_000),
    )

    assert got.code is Code.UNPACKED_TOO_LARGE


def test_empty_repository_and_unknown_names(
    forge: Forge, new_repository: NewRepository, tmp_path: Path
) -> None:
    folder = new_repository()
    at = {"into": tmp_path, "policy": forge.policy()}
    empty = refusal(url=forge.url(folder.name), revision="main", **at)
    commit = commit_all(folder)
    no_file = refusal(url=forge.url(folder.name), revision="main", **at)
    short = refusal(url=forge.url(folder.name), revision=commit[:10], **at)
    absent = refusal(url=forge.url("absent"), revision="main", **at)

    assert empty.code is Code.REVISION_NOT_FOUND
    assert no_file.code is Code.EMPTY
    assert short.code is Code.REVISION_NOT_FOUND
    assert "in full" in short.message
    assert absent.code is Code.FETCH_FAILED


@pytest.mark.parametrize(
    ("author", "message", "signed"),
    [
        ("Ada <ada@example.org>", "Work\n\nSigned-off-by: Ada <ada@example.org>\n", True),
        ("Ada <ada@example.org>", "Work\n\nsigned-off-by: A <ADA@example.org>\n", True),
        ("Ada <ada@example.org>", "Work\n\nSigned-off-by: Bob <bob@example.org>\n", False),
        ("Ada <ada@example.org>", "Work\n\nNo Signed-off-by: Ada <ada@example.org>\n", False),
        ("Ada <>", "Work\n\nSigned-off-by: Ada <>\n", False),
        ("Ada <ada@example.org>", "", False),
    ],
)
def test_a_sign_off_is_its_author_s(author: str, message: str, signed: bool) -> None:
    commit = f"tree {'0' * 40}\nauthor {author} 1 +0000\ncommitter B <b@x> 1 +0000\n\n{message}"
    assert is_signed_off(commit.encode()) is signed


def test_the_fetched_commit_s_sign_off_is_told(
    forge: Forge, new_repository: NewRepository, tmp_path: Path
) -> None:
    folder = write_project(new_repository())
    for number, flags in enumerate([[], ["--signoff"]]):
        commit_all(folder)
        git(folder, "commit", "--allow-empty", "-m", "more", *flags)
        into = tmp_path / str(number)
        into.mkdir()
        got = fetch_commit(
            url=forge.url(folder.name), revision="main", into=into, policy=forge.policy()
        )
        assert got.signed_off is bool(flags)
