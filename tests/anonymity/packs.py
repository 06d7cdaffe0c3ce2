"""Archives with baits in them, and what is in what comes out."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

from concours.anonymity import Anonymised, Bounds, Identity, Kind, Subject, anonymise, identities_of

TEAM = Subject(kind=Kind.TEAM, names=("Quokka Racers",))
ZHANG = Subject(
    kind=Kind.NAME,
    names=("Zhang Sanfeng", "张三丰"),
    emails=("sanfeng.zhang@cs.quokka-university.edu.cn",),
    accounts=("zhangsf88",),
)
JOSE = Subject(kind=Kind.NAME, names=("José Núñez",), emails=("pepe77@gmail.com",))
UNIVERSITY = Subject(kind=Kind.ORGANISATION, names=("Quokka University", "袋鼠大学"))
SUBJECTS = (TEAM, ZHANG, JOSE, UNIVERSITY)
IDENTITIES = identities_of(SUBJECTS)
BAITS = (
    "quokka racers",
    "quokka_racers",
    "zhang sanfeng",
    "zhangsanfeng",
    "sanfeng zhang",
    "sanfeng.zhang",
    "张三丰",
    "zhangsf88",
    "quokka-university.edu.cn",
    "josé núñez",
    "jose nunez",
    "pepe77",
    "quokka university",
    "袋鼠大学",
)


def pack_zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def pack_tar(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for number, (name, content) in enumerate(files.items()):
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.uname = len(content), 1_700_000_000 + number, "zhangsf88"
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def clean(
    folder: Path,
    files: dict[str, bytes] | bytes,
    *,
    identities: tuple[Identity, ...] = IDENTITIES,
    bounds: Bounds | None = None,
) -> tuple[Anonymised, dict[str, bytes]]:
    """What comes out, and its members by name."""
    data = files if isinstance(files, bytes) else pack_zip(files)
    number = len(list(folder.iterdir()))
    source, target = folder / f"in-{number}", folder / f"out-{number}"
    source.write_bytes(data)
    done = anonymise(source, target, identities=identities, bounds=bounds)
    return done, members(target.read_bytes())


def members(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        found = {}
        for info in archive:
            assert (info.mtime, info.uid, info.gid, info.uname, info.gname) == (0, 0, 0, "", "")
            file = archive.extractfile(info)
            assert file is not None
            found[info.name] = file.read()
        return found


def png(text: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    says = chunk(b"tEXt", b"Author\0" + text)
    return b"\x89PNG\r\n\x1a\n" + head + says + pixels + chunk(b"IEND", b"")


def jpeg(text: bytes) -> bytes:
    def segment(marker: int, data: bytes) -> bytes:
        return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data

    exif = segment(0xE1, b"Exif\0\0" + text)
    comment = segment(0xFE, text)
    scan = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\x34\xff\xd9"
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0") + exif + comment + scan
