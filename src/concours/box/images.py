"""Image archives of strangers: looked through and written anew before any engine takes them in.

An archive is a tar of OCI (index.json, oci-layout, blobs/) or of docker (manifest.json, layers).
The copy holds plain files only, under a name that nobody else has, so that it can replace no other
image. Sources: the OCI image format specification; docker-save(1).
"""

from __future__ import annotations

import errno
import gzip
import io
import json
import re
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from concours.box.order import BadOrder, BoxFault

MOST_BYTES = 8 * 2**30
"""Of an archive, and of its layers unpacked."""
MOST_MEMBERS = 1000
MOST_ENTRIES = 400_000
MOST_JSON = 4 * 2**20
UNREADABLE = (tarfile.TarError, EOFError, OSError, zlib.error, ValueError, OverflowError)
"""What reading a tar may raise: the library takes numbers in its headers on trust."""
LISTS = ("manifest.json", "index.json")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
MOST_HEADER = 2**20
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
PLAIN = (*tarfile.REGULAR_TYPES, tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.DIRTYPE)
REF = "org.opencontainers.image.ref.name"


class BadImage(BadOrder):
    """The archive is no image that can be run: the entrant's fault."""


@dataclass(frozen=True, slots=True)
class Image:
    """An archive that was looked through. kind: how podman and docker name its format."""

    path: Path
    kind: str
    name: str


def rewrite(archive: Path, into: Path, name: str) -> Image:
    """Look an archive through and write it anew, under a name. Raises BadImage with the reason.

    BoxFault where there is no room for the copy.
    """
    try:
        with tarfile.open(archive, "r:", tarinfo=_Careful) as source:
            members = _members(source)
            lists = {one: _json(source, members[one]) for one in LISTS if one in members}
            kind = "docker-archive" if "manifest.json" in lists else "oci-archive"
            if not lists:
                raise BadImage("neither manifest.json nor index.json is in the archive")
            _look_through(source, members)
            _renamed(lists, name)
            with tarfile.open(into, "w") as target:
                for one, member in members.items():
                    _copy(source, member, target, lists.get(one))
    except BadImage:
        raise
    except UNREADABLE as error:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            raise BoxFault(f"the image cannot be written anew: {error}") from None
        raise BadImage(f"the archive cannot be read: {error}") from None
    return Image(path=into, kind=kind, name=name)


def _members(source: tarfile.TarFile) -> dict[str, tarfile.TarInfo]:
    """The plain files of an archive by name. Raises BadImage for anything else but folders."""
    found: dict[str, tarfile.TarInfo] = {}
    size = 0
    for count, member in enumerate(source):
        name = member.name.removeprefix("./").rstrip("/")
        if count >= MOST_MEMBERS:
            raise BadImage(f"more than {MOST_MEMBERS} members")
        if member.isdir():
            continue
        if not NAME.fullmatch(name) or ".." in name.split("/"):
            raise BadImage(f"a member of the name {name[:100]!r}")
        if not member.isreg() or name in found:
            raise BadImage(f"{name!r} is no plain file, or is there twice")
        size += member.size
        if size > MOST_BYTES:
            raise BadImage(f"more than {MOST_BYTES} bytes")
        found[name] = member
    return {name: one for name, one in found.items() if name != "repositories"}


def _json(source: tarfile.TarFile, member: tarfile.TarInfo) -> Any:
    file = source.extractfile(member)
    if file is None or member.size > MOST_JSON:
        raise BadImage(f"{member.name} is too large")
    try:
        return json.load(file)
    except (ValueError, RecursionError) as error:
        raise BadImage(f"{member.name} is no JSON: {error}") from None


def _renamed(lists: dict[str, Any], name: str) -> None:
    """Put our name in the place of those that the archive brings. One image, or BadImage."""
    try:
        if "manifest.json" in lists:
            (only,) = lists["manifest.json"]
            only["RepoTags"] = [name]
        if "index.json" in lists:
            (only,) = lists["index.json"]["manifests"]
            only["annotations"] = {REF: name}
    except (ValueError, TypeError, KeyError):
        raise BadImage("the archive does not hold just one image") from None


def _look_through(source: tarfile.TarFile, members: dict[str, tarfile.TarInfo]) -> None:
    """Unpacked, no layer may be too large, hold a device, or reach outside."""
    left, entries = MOST_BYTES, 0
    for member in members.values():
        file = source.extractfile(member)
        head = file.read(512) if file is not None else b""
        if file is None or not _is_layer(head):
            continue
        file.seek(0)
        plain: IO[bytes] = file
        if head[:2] == GZIP:
            plain = cast("IO[bytes]", gzip.GzipFile(fileobj=file))
        bounded = _Bounded(plain, left)
        with tarfile.open(fileobj=bounded, mode="r|", tarinfo=_Careful) as layer:
            for entry in layer:
                entries += 1
                _check_entry(entry, member.name, entries)
        left = bounded.left


def _is_layer(head: bytes) -> bool:
    if head[:4] == ZSTD:
        raise BadImage("a layer is compressed with zstd; gzip or none is understood")
    return head[:2] == GZIP or head[257:262] == b"ustar"


def _check_entry(entry: tarfile.TarInfo, layer: str, count: int) -> None:
    if count > MOST_ENTRIES:
        raise BadImage(f"more than {MOST_ENTRIES} files in its layers")
    if entry.isdev() and not entry.isfifo():
        raise BadImage(f"a device, {entry.name!r}, in {layer}")
    paths = [entry.name, entry.linkname] if entry.islnk() else [entry.name]
    if any(".." in path.split("/") for path in paths):
        raise BadImage(f"a path that leads outside, {entry.name!r}, in {layer}")


def _copy(
    source: tarfile.TarFile, member: tarfile.TarInfo, target: tarfile.TarFile, told: Any
) -> None:
    plain = tarfile.TarInfo(member.name.removeprefix("./"))
    if told is not None:
        data = json.dumps(told).encode()
        plain.size = len(data)
        target.addfile(plain, io.BytesIO(data))
    else:
        plain.size = member.size
        target.addfile(plain, source.extractfile(member))


class _Careful(tarfile.TarInfo):
    """A member whose extended headers, which are read into memory, are not large, and whose own
    size is one that there can be: the library would read on to its end, wherever that is.
    """

    def _proc_member(self, source: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type not in PLAIN and self.size > MOST_HEADER:
            raise BadImage("a header of an archive is too large")
        made: tarfile.TarInfo = super()._proc_member(source)  # type: ignore[misc]
        if not 0 <= made.size <= MOST_BYTES:
            raise BadImage(f"a file of more than {MOST_BYTES} bytes in its layers, or of no size")
        return made


class _Bounded(io.RawIOBase):
    """Reads another stream, so many bytes at the most. Raises BadImage past them."""

    def __init__(self, stream: IO[bytes], left: int) -> None:
        self._stream, self.left = stream, left

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.left -= len(data)
        if self.left < 0:
            raise BadImage(f"more than {MOST_BYTES} bytes in its layers")
        return data
