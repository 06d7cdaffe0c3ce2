"""Results in one file: the same bytes each time, and no byte can change unseen."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from concours.driving.results.bundle import (
    FORMAT,
    BadBundle,
    Bundle,
    controls_csv,
    pack,
    read_controls,
    unpack,
)
from concours.driving.results.digest import sha256

CONTROLS = np.array([[0.0, 0.7, -0.1, 0.0, 0.0, 0.0], [0.0, 1 / 3, 0.2, 0.0, 0.0, 0.0]])
SCENARIO = b"<OpenSCENARIO/>"


def example() -> Bundle:
    return Bundle(
        manifest={"format": FORMAT, "runs": [{"name": "train01", "score": 81.25}], "team": "甲"},
        controls={"train02": CONTROLS[:1], "train01": CONTROLS},
        files={sha256(SCENARIO): SCENARIO},
    )


def test_what_is_packed_comes_out_again() -> None:
    bundle = example()

    found = unpack(pack(bundle))

    assert found.manifest == bundle.manifest
    assert found.files == bundle.files
    assert list(found.controls) == ["train01", "train02"]
    for name, controls in bundle.controls.items():
        assert found.controls[name].tobytes() == controls.tobytes()


def test_the_bytes_follow_from_the_contents() -> None:
    one = example()
    two = Bundle(
        manifest=dict(reversed(one.manifest.items())),
        controls=dict(reversed(one.controls.items())),
        files=dict(one.files),
    )

    assert pack(one) == pack(two)


def test_every_changed_byte_is_told() -> None:
    data = pack(example())

    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 0x01
        with pytest.raises(BadBundle):
            unpack(bytes(changed))


@given(cut=st.integers(0, 10_000))
def test_a_file_that_is_cut_short_or_longer_is_told(cut: int) -> None:
    data = pack(example())

    with pytest.raises(BadBundle):
        unpack(data[: cut % len(data)])
    with pytest.raises(BadBundle):
        unpack(data + b"x" * (1 + cut % 7))


@given(
    hnp.arrays(
        np.float64,
        st.tuples(st.integers(0, 20), st.just(6)),
        elements=st.floats(allow_nan=False, allow_infinity=False),
    )
)
def test_control_logs_keep_every_bit(controls: np.ndarray) -> None:
    assert read_controls(controls_csv(controls), "log").tobytes() == controls.tobytes()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("0,1,0,0,0", "line 3"),
        ("0,1,0,0,0,nan", "line 3"),
        ("0,1,0,0,0,inf", "line 3"),
        ("0,one,0,0,0,0", "line 3: not a number"),
    ],
)
def test_bad_logs_name_the_line(line: str, words: str) -> None:
    text = controls_csv(CONTROLS[:1]) + line.encode() + b"\n"

    with pytest.raises(BadBundle, match=words):
        read_controls(text, "log")


def test_other_files_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "hello")

    with pytest.raises(BadBundle, match="no result of a drive"):
        unpack(out.getvalue())
    with pytest.raises(BadBundle, match="cannot be unpacked"):
        unpack(b"PK\x03\x04 and no more")


def test_another_format_is_refused() -> None:
    bundle = example()

    with pytest.raises(BadBundle, match="the format is not"):
        unpack(pack(Bundle(manifest={"format": "other"}, controls=bundle.controls)))


def repacked(members: dict[str, bytes], **how: int) -> bytes:
    """Members in a zip file, with digests that fit."""
    out = io.BytesIO()
    sums = "".join(f"{sha256(data)}  {name}\n" for name, data in members.items()).encode()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in {**members, "SHA256SUMS": sums}.items():
            archive.writestr(name, data, **how)
    return out.getvalue()


@pytest.mark.parametrize(
    "manifest",
    [
        b'{"format": "concours.drive/1", "x": NaN}',
        b'{"format": "concours.drive/1", "x": 1e999}',
        b'{"format": "concours.drive/1", "x": "\\ud800"}',
        b'{"format": "concours.drive/1", "x": ' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"format": "concours.drive/1", "x": ' + b"[" * 99_999 + b"]" * 99_999 + b"}",
        b'{"format": "concours.drive/1", "x": ' + b"9" * 9_999 + b"}",
        b"[]",
        b"\xff",
    ],
)
def test_a_manifest_that_no_result_has_is_told(manifest: bytes) -> None:
    with pytest.raises(BadBundle):
        unpack(repacked({"manifest.json": manifest}))


@pytest.mark.parametrize("how", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_is_compressed_is_not_unpacked(how: int) -> None:
    with pytest.raises(BadBundle, match="compressed"):
        unpack(repacked({"manifest.json": b"{}" + b" " * 10_000_000}, compress_type=how))


@given(st.data())
def test_whatever_is_done_to_the_file_is_told_in_words(data: st.DataObject) -> None:
    whole = bytearray(pack(example()))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    if bytes(whole) == pack(example()):
        return

    with pytest.raises(BadBundle):
        unpack(bytes(whole))
