"""What stands between git and this machine: revisions, names, settings, deadlines."""

import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from concours.snapshots import (
    Code,
    GitPolicy,
    GitUnusableError,
    SnapshotRefused,
    fetch_commit,
)
from concours.snapshots.addresses import check_address
from concours.snapshots.gitprocess import Git
from tests.snapshots.conftest import Forge, commit_all, refusal, write_project

NewRepository = Callable[..., Path]


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
    monkeypatch.setenv("GIT_TRACE", str(tmp_path / "trace"))

    got = fetch_commit(
        url=forge.url(folder.name), revision="main", into=into, policy=forge.policy()
    )

    assert got.archive.exists()
    assert not (tmp_path / "trace").exists()


def read_one(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None
    return process.stdout.read(1)


def test_reading_objects_ends_at_the_deadline_too(tmp_path: Path) -> None:
    policy = GitPolicy(allowed_hosts=frozenset({"127.0.0.1:1"}))
    target = check_address("http://127.0.0.1:1/x", policy=policy)
    runner = Git(folder=tmp_path, policy=policy, target=target, deadline_s=0.5)
    runner.run("init", "--bare", "--quiet", "--template=")

    with pytest.raises(SnapshotRefused) as caught, runner.stream("cat-file", "--batch") as process:
        read_one(process)  # git waits for a question that never comes

    assert caught.value.code is Code.TOO_SLOW
    assert process.returncode == -signal.SIGKILL


def test_machine_without_git_is_our_fault_and_says_so(tmp_path: Path) -> None:
    old = tmp_path / "old-git"
    old.write_text("#!/bin/sh\necho git version 2.30.2\n")
    old.chmod(0o755)
    for program in (str(tmp_path / "absent"), str(old)):
        policy = GitPolicy(git=program, allowed_hosts=frozenset({"127.0.0.1:1"}))
        with pytest.raises(GitUnusableError, match=r"install git 2\.37"):
            fetch_commit(url="http://127.0.0.1:1/x", revision="main", into=tmp_path, policy=policy)
