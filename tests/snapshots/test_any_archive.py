"""Properties: whatever comes is refused, or safe and the same everywhere."""

import bz2
import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concours.snapshots import Code, Limits, SnapshotRefused, inspect_archive
from concours.snapshots.names import Names, safe_path
from concours.snapshots.tarwriter import finish, write_file
from tests.snapshots.packing import (
    code_of,
    make_tar,
    make_zip,
)

NAMES = st.text(st.characters(codec="utf-8"), max_size=40) | st.lists(
    st.sampled_from(["..", ".", "", "a", "B", "b", ".git", "c:", "\\", "\n", "\u0301", "e"]),
    max_size=6,
).map("/".join)


@given(st.binary(max_size=60) | NAMES.map(str.encode))
def test_any_name_is_refused_or_safe(name: bytes) -> None:
    try:
        path = safe_path(name, limits=Limits())
    except SnapshotRefused:
        return
    parts = path.split("/")
    assert path == "" or not ({"", ".", ".."} & set(parts))
    assert not path.startswith("/")
    assert "\\" not in path
    assert all(c.isprintable() or ord(c) > 127 for c in path)
    inside = Path("/base").joinpath(*parts).resolve()
    assert inside.is_relative_to("/base")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(NAMES, st.binary(max_size=20)), max_size=5))
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_any_members_are_refused_or_come_out_alike_from_both_formats(
    tmp_path: Path, members: list[tuple[str, bytes]]
) -> None:
    """Our own tar writer is the other format: what it writes, inspection and tarfile read."""
    names = Names()
    kept: list[tuple[str, bytes]] = []
    for name, data in members:
        try:
            path = safe_path(name.encode(), limits=Limits())
            names.add_leaf(path or "..")
        except SnapshotRefused:
            continue
        if path:
            kept.append((path, data))
    archive = tmp_path / "a.tar"
    with archive.open("wb") as out:
        for path, data in kept:
            write_file(out, path=path, size=len(data), executable=False, chunks=[data])
        finish(out)
    zipped = tmp_path / "a.zip"
    zipped.write_bytes(make_zip_of(kept))
    if not kept:
        assert code_of(archive) is Code.EMPTY
        return
    got = inspect_archive(archive)
    assert got.content_digest == inspect_archive(zipped).content_digest
    with tarfile.open(archive) as tar:
        assert sorted(tar.getnames()) == sorted(path for path, _ in kept)


def make_zip_of(members: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members:
            info = zipfile.ZipInfo("placeholder")
            info.filename = name
            archive.writestr(info, data)
    return out.getvalue()


@settings(max_examples=200, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.data())
def test_any_bytes_are_refused_and_nothing_else_is_raised(
    tmp_path: Path, data: st.DataObject
) -> None:
    whole = data.draw(st.sampled_from([ZIP, TAR, gzip.compress(TAR), bz2.compress(TAR)]))
    at = data.draw(st.integers(0, len(whole)))
    cut = data.draw(st.integers(0, 8))
    patch = data.draw(st.binary(max_size=8))
    path = tmp_path / "a"
    path.write_bytes(whole[:at] + patch + whole[at + cut :])
    try:
        got = inspect_archive(path)
    except SnapshotRefused:
        return
    for entry in got.files:
        assert safe_path(entry.path.encode(), limits=Limits()) == entry.path


ZIP = make_zip("a/b", "c", data=b"data" * 30)
TAR = make_tar("a/b", "c" * 120, data=b"data" * 30, form=tarfile.PAX_FORMAT)
