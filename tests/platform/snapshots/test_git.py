"""Fetching from a real server: what comes back is the tree, whole and always the same."""

import hashlib
import socket
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from concours.platform.snapshots import (
    Code,
    GitPolicy,
    Limits,
    SnapshotRefused,
    fetch_commit,
    inspect_archive,
)
from tests.platform.snapshots.conftest import Forge, commit_all, git, write_project

NewRepository = Callable[..., Path]


def refusal(**arguments: object) -> SnapshotRefused:
    with pytest.raises(SnapshotRefused) as caught:
        fetch_commit(**arguments)  # type: ignore[arg-type]
    into = arguments["into"]
    assert isinstance(into, Path)
    assert list(into.iterdir()) == []
    return caught.value


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


def test_large_transfer_is_cut(
    forge: Forge, new_repository: NewRepository, tmp_path: Path
) -> None:
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
    "revision",
    ["", "-", "--upload-pack=touch x", "-c", "a..b", "a b", "a:b", "^a", "a~1", "a\n", "x@{1}",
     "a*", "refs//x", "a.lock", "\u5206\u652f", "$(id)", "a" * 300],
)  # fmt: skip
def test_revision_that_is_none_is_refused_before_anything_runs(
    forge: Forge, tmp_path: Path, revision: str
) -> None:
    before = len(forge.requests)
    got = refusal(url=forge.url("x"), revision=revision, into=tmp_path, policy=forge.policy())
    assert got.code is Code.BAD_REVISION
    assert len(forge.requests) == before


def test_connection_goes_to_the_address_that_was_checked(
    forge: Forge, new_repository: NewRepository, tmp_path: Path
) -> None:
    """DNS rebinding: the name is resolved once, and what it says later plays no part."""
    folder = write_project(new_repository())
    commit = commit_all(folder)
    asked = []

    def resolver(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    got = fetch_commit(
        url=forge.url(folder.name, host="forge.example"),
        revision="main",
        into=tmp_path,
        policy=forge.policy(resolver=resolver),
    )

    # forge.example resolves nowhere: only the pin can have led to the server.
    assert got.commit == commit
    assert asked == ["forge.example"]


def test_settings_and_proxies_of_this_machine_play_no_part(
    forge: Forge, new_repository: NewRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_project(new_repository())
    commit_all(folder)
    config = tmp_path / "gitconfig"
    config.write_text('[url "file:///nowhere/"]\n\tinsteadOf = http://\n')
    into = tmp_path / "into"
    into.mkdir()
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_SSL_NO_VERIFY", "1")

    got = fetch_commit(
        url=forge.url(folder.name), revision="main", into=into, policy=forge.policy()
    )

    assert got.archive.exists()


def test_machine_without_git_is_our_fault_and_says_so(tmp_path: Path) -> None:
    from concours.platform.snapshots import GitUnusableError

    old = tmp_path / "old-git"
    old.write_text("#!/bin/sh\necho git version 2.30.2\n")
    old.chmod(0o755)
    for program in (str(tmp_path / "absent"), str(old)):
        policy = GitPolicy(git=program, allowed_hosts=frozenset({"127.0.0.1:1"}))
        with pytest.raises(GitUnusableError, match=r"install git 2\.37"):
            fetch_commit(
                url="http://127.0.0.1:1/x", revision="main", into=tmp_path, policy=policy
            )
