"""Archives made to measure, good and bad."""

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from concours.snapshots import Code, Limits, SnapshotRefused, inspect_archive

Raw = Callable[[bytes], Path]


def code_of(path: Path, limits: Limits | None = None) -> Code:
    with pytest.raises(SnapshotRefused) as caught:
        inspect_archive(path, limits=limits)
    assert caught.value.message.endswith(".")
    return caught.value.code


def make_zip(*names: str, data: bytes = b"x", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name in names:
            info = zipfile.ZipInfo("placeholder")
            info.filename = name  # past the cleaning that ZipInfo does
            info.compress_type = method
            archive.writestr(info, data)
    return out.getvalue()


def make_tar(*infos: tarfile.TarInfo | str, data: bytes = b"x", form: int = 1) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for one in infos:
            info = tarfile.TarInfo(one) if isinstance(one, str) else one
            if info.isreg():
                info.size = len(data)
            archive.addfile(info, io.BytesIO(data) if info.isreg() else None)
    return out.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def header(name: bytes, *, size: int = 0, kind: bytes = b"0") -> bytearray:
    """A tar header block to tamper with; seal() it again afterwards."""
    info = tarfile.TarInfo(name.decode())
    info.size, info.type = size, kind
    return bytearray(info.tobuf(tarfile.USTAR_FORMAT))


def seal(block: bytearray) -> bytes:
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512)


END = bytes(1024)
