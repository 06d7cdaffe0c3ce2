"""What a snapshot is: a list of files with digests, and a digest of that list."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from concours.snapshots.errors import Code, SnapshotRefused
from concours.snapshots.names import shown


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A regular file: its path below `Snapshot.root`, its size in bytes, its SHA-256 in hex."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A member that is no part of the content: `kind` is "symlink" or "submodule".

    `path` is as packed (not below `Snapshot.root`); `target` is where a link points, or the
    commit of a submodule.
    """

    path: str
    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Software at rest. Two digests: of the archive's bytes, and of the content however packed.

    `format` is one of zip, tar, tar.gz, tar.bz2, tar.xz. `size` is the archive's in bytes,
    `unpacked_size` the sum over `files`, which are sorted by the bytes of their paths. `root` is
    the folder that holds every file ("" if there is none), stripped from the paths.
    """

    format: str
    digest: str
    content_digest: str
    size: int
    unpacked_size: int
    root: str
    files: tuple[FileEntry, ...]
    skipped: tuple[Skipped, ...]

    def manifest(self) -> str:
        """The text whose SHA-256 is `content_digest`: lines as `sha256sum` prints them."""
        return manifest_text(self.files)


def manifest_text(files: Iterable[FileEntry]) -> str:
    """`<hex>  <path>\\n` for each file, in the order of the bytes of the paths."""
    ordered = sorted(files, key=lambda entry: entry.path.encode())
    return "".join(f"{entry.sha256}  {entry.path}\n" for entry in ordered)


def common_folder(paths: Iterable[str]) -> str:
    """The deepest folder that holds every path, "" if only the top does. O(total length)."""
    common: list[str] | None = None
    for path in paths:
        folders = path.split("/")[:-1]
        if common is None:
            common = folders
        kept = 0
        for ours, theirs in zip(common, folders, strict=False):
            if ours != theirs:
                break
            kept += 1
        common = common[:kept]
    return "/".join(common or [])


def build(
    *,
    archive_format: str,
    digest: str,
    size: int,
    files: Iterable[FileEntry],
    skipped: Iterable[Skipped],
) -> Snapshot:
    """A snapshot of `files` given with paths as packed.

    Raises SnapshotRefused: EMPTY without a file, LINK_LEAVES if a link points out.
    """
    packed = list(files)
    left_out = tuple(sorted(skipped, key=lambda one: one.path.encode()))
    if not packed:
        raise SnapshotRefused(Code.EMPTY, "There is no file inside; pack the project's files.")
    refuse_leaving_links(paths=[entry.path for entry in packed], skipped=left_out)
    root = common_folder(entry.path for entry in packed)
    cut = len(root) + 1 if root else 0
    entries = sorted(
        (FileEntry(entry.path[cut:], entry.size, entry.sha256) for entry in packed),
        key=lambda entry: entry.path.encode(),
    )
    return Snapshot(
        format=archive_format,
        digest=digest,
        content_digest=hashlib.sha256(manifest_text(entries).encode()).hexdigest(),
        size=size,
        unpacked_size=sum(entry.size for entry in entries),
        root=root,
        files=tuple(entries),
        skipped=left_out,
    )


def refuse_leaving_links(*, paths: Iterable[str], skipped: Iterable[Skipped]) -> None:
    """Refuse a symbolic link that points out of the folder that holds everything.

    `..` may stand only at the start of a target: there it climbs real folders (nothing lies
    beneath a link, see Names), so that no chain of links can climb further than it seems to.
    Raises SnapshotRefused: LINK_LEAVES.
    """
    links = [one for one in skipped if one.kind == "symlink"]
    if not links:
        return
    base = common_folder([*paths, *(link.path for link in links)])
    floor = len(base.split("/")) if base else 0
    for link in links:
        parts = [part for part in link.target.split("/") if part not in ("", ".")]
        climbs = 0
        while climbs < len(parts) and parts[climbs] == "..":
            climbs += 1
        depth = link.path.count("/") - climbs
        if link.target[:1] in ("", "/") or ".." in parts[climbs:] or depth < floor:
            raise SnapshotRefused(
                Code.LINK_LEAVES,
                "A symbolic link points out of the archive (or nowhere); "
                "replace it by a copy of the file, or leave it out.",
                shown(link.path),
            )
