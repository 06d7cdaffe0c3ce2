"""From a fetched commit to a tar, read straight from git's objects.

`git archive` and a checkout obey attributes that the repository itself sets (export-subst,
export-ignore, filters): what they give is not the tree. Here the tar holds the tree's own blobs.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from concours.snapshots import tarwriter
from concours.snapshots.errors import Code, SnapshotRefused
from concours.snapshots.gitprocess import Git
from concours.snapshots.limits import Limits
from concours.snapshots.meter import CHUNK, too_many_files
from concours.snapshots.names import Names, safe_path, safe_target
from concours.snapshots.snapshot import Skipped, refuse_leaving_links

_EXECUTABLE = b"100755"
_FILES = (b"100644", b"100664", _EXECUTABLE)
_SYMLINK = b"120000"
_SUBMODULE = b"160000"


@dataclass(frozen=True, slots=True)
class _Entry:
    path: str
    mode: bytes
    object_id: bytes
    size: int


def write_tree(*, git: Git, commit: str, out: Path, limits: Limits) -> tuple[Skipped, ...]:
    """Write the files of `commit` to the tar `out`; returns what is not in it.

    Names, counts, sizes and links are judged before a blob is read. O(size of the tree).
    Raises SnapshotRefused.
    """
    entries = sorted(_entries(git, commit, limits), key=lambda entry: entry.path.encode())
    names = Names()
    for entry in entries:
        names.add_leaf(entry.path)
    files = [entry for entry in entries if entry.mode in _FILES]
    if not files:
        raise SnapshotRefused(Code.EMPTY, "The commit holds no file; choose another revision.")
    with git.stream("cat-file", "--batch") as process:
        blobs = _Blobs(process.stdin, process.stdout)
        skipped = tuple(
            _left_out(entry, blobs, limits) for entry in entries if entry.mode not in _FILES
        )
        refuse_leaving_links(paths=[entry.path for entry in files], skipped=skipped)
        with out.open("wb") as tar:
            for entry in files:
                tarwriter.write_file(
                    tar,
                    path=entry.path,
                    size=entry.size,
                    executable=entry.mode == _EXECUTABLE,
                    chunks=blobs.read(entry),
                )
            tarwriter.finish(tar)
    return skipped


def _left_out(entry: _Entry, blobs: "_Blobs", limits: Limits) -> Skipped:
    if entry.mode == _SUBMODULE:
        return Skipped(entry.path, "submodule", entry.object_id.decode("ascii"))
    target = safe_target(b"".join(blobs.read(entry)), limits=limits)
    return Skipped(entry.path, "symlink", target)


def _entries(git: Git, commit: str, limits: Limits) -> Iterator[_Entry]:
    """Files, links and submodules of the tree, cut off at the limits.

    The listing is read as it is made: a tree that names itself many times over has more entries
    than could ever be listed.
    """
    total = 0
    with git.stream("ls-tree", "-r", "-z", "-l", "--full-tree", commit) as process:
        for number, line in enumerate(_lines(process.stdout, limits)):
            if number >= limits.max_files:
                raise too_many_files(limits)
            entry = _entry(line, limits)
            total += entry.size
            if total > limits.max_unpacked_bytes:
                raise SnapshotRefused(
                    Code.UNPACKED_TOO_LARGE,
                    f"The commit holds more than {limits.max_unpacked_bytes} bytes; "
                    "take data sets and built files out of it.",
                )
            yield entry
        git.refuse_time()
        if process.wait() != 0:
            raise _unreadable()


def _lines(stream: IO[bytes] | None, limits: Limits) -> Iterator[bytes]:
    if stream is None:
        raise ValueError("git was started without a pipe")
    held = b""
    while chunk := stream.read1(CHUNK):  # type: ignore[attr-defined]
        *whole, held = (held + chunk).split(b"\0")
        yield from whole
        if len(held) > limits.max_path_bytes + CHUNK:
            raise SnapshotRefused(Code.PATH_TOO_LONG, "A path is too long; shorten it.")
    if held:
        raise _unreadable()


def _entry(line: bytes, limits: Limits) -> _Entry:
    about, _, raw = line.partition(b"\t")
    mode, kind, object_id, size = about.split()
    path = safe_path(raw, limits=limits)
    if mode == _SUBMODULE:
        return _Entry(path, mode, object_id, 0)
    if kind != b"blob" or mode not in (*_FILES, _SYMLINK) or not size.isdigit():
        raise _unreadable()
    if mode == _SYMLINK and int(size) > limits.max_path_bytes:
        raise SnapshotRefused(
            Code.PATH_TOO_LONG, "The target of a symbolic link is too long; shorten it.", path
        )
    return _Entry(path, mode, object_id, int(size))


def _unreadable() -> SnapshotRefused:
    return SnapshotRefused(
        Code.CORRUPT, "The repository's objects are damaged; run `git fsck` on it and push again."
    )


class _Blobs:
    """Contents of blobs through one `git cat-file --batch`, each checked against its own name."""

    def __init__(self, questions: IO[bytes] | None, answers: IO[bytes] | None) -> None:
        if questions is None or answers is None:
            raise ValueError("git was started without pipes")
        self._questions = questions
        self._answers = answers

    def read(self, entry: _Entry) -> Iterator[bytes]:
        """The bytes of one blob in pieces; must be used up before the next is read."""
        try:
            self._questions.write(entry.object_id + b"\n")
            self._questions.flush()
        except OSError:
            raise _unreadable() from None
        answer = self._answers.readline(200).split()
        if answer != [entry.object_id, b"blob", b"%d" % entry.size]:
            raise _unreadable()
        make = hashlib.sha256 if len(entry.object_id) == 64 else hashlib.sha1
        digest = make(b"blob %d\0" % entry.size)
        left = entry.size
        while left:
            chunk = self._answers.read(min(CHUNK, left))
            if not chunk:
                raise _unreadable()
            left -= len(chunk)
            digest.update(chunk)
            yield chunk
        if digest.hexdigest().encode() != entry.object_id or self._answers.read(1) != b"\n":
            raise _unreadable()
