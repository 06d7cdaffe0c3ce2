"""A result that anyone can check: one zip file with what was driven, how, and what came of it.

Members, in this order:

    manifest.json         what was run under which engine, vehicle, sensors; a record a scenario
    controls/NAME.csv     the control that the ego was under, a row a frame
    files/DIGEST          scenario, map and catalogs by their SHA-256; absent for sealed scenarios
    SHA256SUMS            the digest of each member above

The bytes follow from the contents alone: the same result is the same file.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from concours.driving.closedloop.run import CONTROL_FIELDS
from concours.driving.results.digest import canonical, sha256

FloatArray = npt.NDArray[np.float64]

FORMAT = "concours.drive/1"
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
MOST_BYTES = 512 * 2**20
"""Bytes that the members may have when unpacked."""
MOST_MEMBERS = 10_000
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, OSError,
    EOFError, OverflowError,
)  # fmt: skip
_DATE = (1980, 1, 1, 0, 0, 0)


class BadBundle(ValueError):
    """A file that is no bundle, or not the one that was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The contents of a bundle.

    Attributes:
        manifest: what JSON holds; `results.py` says which keys.
        controls: name of the run -> (T - 1, 6).
        files: SHA-256 -> bytes of scenarios, maps and catalogs.
    """

    manifest: Mapping[str, Any]
    controls: Mapping[str, FloatArray]
    files: Mapping[str, bytes] = field(default_factory=dict)


def pack(bundle: Bundle) -> bytes:
    """The zip file of a bundle. Linear in its size."""
    members = {MANIFEST: canonical(bundle.manifest) + b"\n"}
    for name in sorted(bundle.controls):
        members[f"controls/{name}.csv"] = controls_csv(bundle.controls[name])
    for digest in sorted(bundle.files):
        members[f"files/{digest}"] = bundle.files[digest]
    members[SUMS] = _sums(members)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(_entry(name), data)
    return out.getvalue()


def unpack(data: bytes) -> Bundle:
    """The contents of a zip file. Raises BadBundle where a byte is not as `pack` wrote it."""
    members = _members(data)
    if SUMS not in members or MANIFEST not in members:
        raise BadBundle("this is no result of a drive: it has no manifest or no digests")
    listed = members.pop(SUMS)
    wanted = _sums(members)
    if listed != wanted:
        raise BadBundle(_which_changed(listed, members))
    bundle = Bundle(
        manifest=_manifest(members[MANIFEST]),
        controls={
            name.removeprefix("controls/").removesuffix(".csv"): read_controls(text, name)
            for name, text in members.items()
            if name.startswith("controls/")
        },
        files={
            name.removeprefix("files/"): content
            for name, content in members.items()
            if name.startswith("files/")
        },
    )
    for digest, content in bundle.files.items():
        if sha256(content) != digest:
            raise BadBundle(f"files/{digest} does not hold what its name says")
    try:
        same = pack(bundle) == data
    except (ValueError, RecursionError) as error:
        raise BadBundle(f"{MANIFEST} holds what no result says: {error}"[:200]) from None
    if not same:
        raise BadBundle("the file is not packed as a result is: something was added or moved")
    return bundle


def controls_csv(controls: FloatArray) -> bytes:
    """A control log as text; numbers as Python writes them, which reads back to the same bits."""
    lines = [",".join(CONTROL_FIELDS)]
    lines += [",".join(map(repr, row)) for row in controls.tolist()]
    return ("\n".join(lines) + "\n").encode()


def read_controls(text: bytes, name: str) -> FloatArray:
    """(n, 6) from a control log. Raises BadBundle with the line."""
    lines = text.decode("utf-8", "replace").splitlines()
    if not lines or lines[0] != ",".join(CONTROL_FIELDS):
        raise BadBundle(f"{name}: the first line does not name the columns")
    rows: list[list[float]] = []
    for number, line in enumerate(lines[1:], start=2):
        try:
            row = [float(word) for word in line.split(",")]
        except ValueError:
            raise BadBundle(f"{name}, line {number}: not a number") from None
        if len(row) != len(CONTROL_FIELDS) or not np.isfinite(row).all():
            raise BadBundle(f"{name}, line {number}: six finite numbers are needed")
        rows.append(row)
    return np.array(rows, dtype=np.float64).reshape(-1, len(CONTROL_FIELDS))


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _DATE)
    info.compress_type = zipfile.ZIP_STORED  # what deflate writes differs between machines
    info.create_system = 3  # as on Linux, wherever it is written
    info.external_attr = 0o644 << 16
    return info


def _sums(members: Mapping[str, bytes]) -> bytes:
    return "".join(f"{sha256(data)}  {name}\n" for name, data in members.items()).encode()


def _members(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _refuse_bombs(entries)
            return {entry.filename: archive.read(entry) for entry in entries}
    except _BROKEN as error:
        raise BadBundle(f"the file cannot be unpacked: {error}") from None
    except ValueError as error:
        raise BadBundle(str(error)) from None


def _refuse_bombs(entries: Sequence[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_MEMBERS:
        raise BadBundle(f"{len(entries)} members are too many for a result")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise BadBundle("the file would unpack to more than a result holds")
    if len({entry.filename for entry in entries}) != len(entries):
        raise BadBundle("a member is there twice")
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise BadBundle("a member is compressed, which no result's is")


def _manifest(text: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(text)
    except ValueError as error:
        raise BadBundle(f"{MANIFEST}: {error}") from None
    except RecursionError:
        raise BadBundle(f"{MANIFEST} is nested too deep") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BadBundle(f"{MANIFEST}: the format is not {FORMAT}")
    return manifest


def _which_changed(listed: bytes, members: Mapping[str, bytes]) -> str:
    """In words, the first member that is not as the list of digests says."""
    told = {}
    for line in listed.decode("utf-8", "replace").splitlines():
        digest, _, name = line.partition("  ")
        told[name] = digest
    for name, data in members.items():
        if told.get(name) != sha256(data):
            return f"{name} was changed after the result was written"
    return f"{SUMS} was changed after the result was written"
