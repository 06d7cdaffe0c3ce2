"""Running git on strangers' data: a scrubbed environment, hard bounds, and nothing left behind."""

import contextlib
import os
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from concours.snapshots.addresses import GitPolicy, Target
from concours.snapshots.errors import Code, SnapshotRefused
from concours.snapshots.leash import environment, kill, leashed

OLDEST_GIT = (2, 37)
"""The first version that knows http.curloptResolve; an older one would ignore the pin."""

_POLL_SECONDS = 0.05
_MEMORY_KB = 2 * 1024 * 1024
_MAX_OUTPUT = 8 * 1024 * 1024
# A shell sets the bounds because Python's preexec_fn can deadlock in a process with threads.
# Units of `ulimit`: -f 512 bytes, -t seconds, -v kB. -v is unknown to some systems' shells.
_BOUNDED = (
    'ulimit -c 0; ulimit -f "$1"; ulimit -t "$2"; ulimit -v "$3" 2>/dev/null; shift 3; exec "$@"'
)

_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.bigFileThreshold=16m",
    "core.protectHFS=true",
    "core.protectNTFS=true",
    "credential.helper=",
    "fetch.recurseSubmodules=false",
    "fetch.unpackLimit=1",
    "fetch.uriProtocols=",
    "fetch.writeCommitGraph=false",
    "gc.auto=0",
    "http.followRedirects=false",
    "http.lowSpeedLimit=1000",
    "http.proxy=",
    "http.sslVerify=true",
    "maintenance.auto=false",
    "pack.threads=1",
    "protocol.allow=never",
    "protocol.version=2",
    "submodule.recurse=false",
    "transfer.bundleURI=false",
    "transfer.fsckObjects=true",
    "transfer.unpackLimit=1",
)


class GitUnusableError(RuntimeError):
    """Our own fault, not the stranger's: git is missing or too old on this machine."""


class GitFailedError(Exception):
    """git ended with an error; `said` is the end of what it and the server printed."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class Git:
    """git in one bare repository `folder`/repo, for one fetch.

    Every process runs in a group of its own that is killed whole: at `deadline_s` seconds after
    this object was made, or once `folder` holds more than `policy.max_transfer_bytes`.
    """

    def __init__(
        self, *, folder: Path, policy: GitPolicy, target: Target, deadline_s: float
    ) -> None:
        self.folder = folder
        self.repository = folder / "repo"
        self._policy = policy
        self._deadline_s = deadline_s
        self._end = time.monotonic() + deadline_s
        self._settings = [*_SETTINGS, *_settings_for(target, policy)]
        self._environment = _environment(folder, target)

    def run(self, *arguments: str) -> bytes:
        """Run to the end; returns what it printed, at most 8 MiB of it.

        Raises GitFailedError, and SnapshotRefused at a bound.
        """
        out, said = self.folder / "out", self.folder / "said"
        with out.open("wb") as stdout, said.open("wb") as stderr:
            process = self._start(arguments, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
            try:
                self._watch(process)
            finally:
                kill(process)
        # A process cut by its file size bound dies between two looks at the folder.
        self._refuse_size()
        if process.returncode != 0:
            raise GitFailedError(_end_of(said))
        with out.open("rb") as stdout_again:
            return stdout_again.read(_MAX_OUTPUT)

    @contextlib.contextmanager
    def stream(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """A running git with pipes at both ends, killed at the deadline and at the block's end."""
        process = self._start(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        try:
            with leashed(process, seconds=self._end - time.monotonic()):
                yield process
        except Exception:
            # What a killed git leaves looks like damage; the deadline is the truer reason.
            self.refuse_time()
            raise
        self.refuse_time()

    def refuse_time(self) -> None:
        """Raises SnapshotRefused TOO_SLOW once the deadline has passed."""
        if time.monotonic() >= self._end:
            raise SnapshotRefused(
                Code.TOO_SLOW,
                f"Fetching took more than {self._deadline_s:g} seconds; "
                "try again later, or upload an archive.",
            )

    def _start(
        self, arguments: Sequence[str], *, stdin: int, stdout: object, stderr: object
    ) -> subprocess.Popen[bytes]:
        self.refuse_time()
        settings = [part for setting in self._settings for part in ("-c", setting)]
        bounds = [
            str(self._policy.max_transfer_bytes // 512 + 1),
            str(int(self._deadline_s) + 1),
            str(_MEMORY_KB),
        ]
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # noqa: S603
            ["/bin/sh", "-c", _BOUNDED, "sh", *bounds, self._policy.git, *settings, *arguments],
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            cwd=self.folder,
            env=self._environment,
            start_new_session=True,
        )

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_POLL_SECONDS)
                return
            self.refuse_time()
            self._refuse_size()

    def _refuse_size(self) -> None:
        limit = self._policy.max_transfer_bytes
        if folder_size(self.folder) >= limit:
            raise SnapshotRefused(
                Code.UNPACKED_TOO_LARGE,
                f"The repository sends more than {limit} bytes; "
                "take large files out of it, or upload an archive.",
            )


def check_version(git: str) -> None:
    """Raises GitUnusableError unless `git` is there and at least OLDEST_GIT."""
    try:
        printed = subprocess.run(  # noqa: S603
            [git, "--version"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise GitUnusableError("git cannot be run; install git 2.37 or newer") from error
    found = re.search(r"(\d+)\.(\d+)", printed)
    if found is None or (int(found[1]), int(found[2])) < OLDEST_GIT:
        raise GitUnusableError(f"{printed.strip()} is too old; install git 2.37 or newer")


def folder_size(folder: Path) -> int:
    """Bytes in all files below `folder`; files that vanish meanwhile count nothing."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += (Path(parent) / name).lstat().st_size
    return total


def _settings_for(target: Target, policy: GitPolicy) -> list[str]:
    settings = [
        f"protocol.{target.scheme}.allow=always",
        f"http.lowSpeedTime={policy.low_speed_seconds}",
    ]
    if not target.is_literal:
        settings.append(f"http.curloptResolve={target.pin}")
    if policy.ca_file is not None:
        settings.append(f"http.sslCAInfo={policy.ca_file}")
    return settings


def _environment(folder: Path, target: Target) -> dict[str, str]:
    return {
        **environment(folder),
        "GIT_ASKPASS": "/bin/false",
        "SSH_ASKPASS": "/bin/false",
        "GIT_ALLOW_PROTOCOL": target.scheme,
        "GIT_PROTOCOL_FROM_USER": "0",
        "GIT_LFS_SKIP_SMUDGE": "1",
    }


def _end_of(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 4000, 0))
        return file.read().decode("utf-8", "replace")
