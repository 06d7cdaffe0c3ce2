"""Image archives: looked through before any engine takes them in."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from concours.box import images
from tests.box import archives
from tests.box.archives import docker_archive, packed, plain, special

LAYER = packed([plain("bin/true", b"#!"), special("bin/sh", tarfile.SYMTYPE, "/bin/true")])


def _rewritten(content: bytes, folder: Path) -> images.Image:
    (folder / "given.tar").write_bytes(content)
    return images.rewrite(folder / "given.tar", folder / "taken.tar", "localhost/ours:latest")


def _json(image: images.Image, name: str) -> object:
    with tarfile.open(image.path) as archive:
        file = archive.extractfile(name)
        assert file is not None
        return json.load(file)


def test_a_docker_archive_gets_our_name(tmp_path: Path) -> None:
    image = _rewritten(docker_archive(LAYER, tags=["debian:latest", "evil:1"]), tmp_path)

    (told,) = _json(image, "manifest.json")  # type: ignore[misc]
    assert image.kind == "docker-archive"
    assert told["RepoTags"] == ["localhost/ours:latest"]


def test_an_oci_archive_gets_our_name(tmp_path: Path) -> None:
    image = _rewritten(archives.oci_archive(LAYER), tmp_path)

    (told,) = _json(image, "index.json")["manifests"]  # type: ignore[index]
    assert image.kind == "oci-archive"
    assert told["annotations"] == {images.REF: "localhost/ours:latest"}


def test_only_contents_are_taken_over(tmp_path: Path) -> None:
    given = docker_archive(LAYER, more=[plain("repositories", b"{}"), plain("more", b"1", 0o4777)])

    image = _rewritten(given, tmp_path)

    with tarfile.open(image.path) as archive:
        names = archive.getnames()
        assert "repositories" not in names
        assert {(one.mode, one.uid, one.mtime) for one in archive} == {(0o644, 0, 0)}


BAD = {
    "no archive": (b"no archive at all" * 99, "cannot be read"),
    "cut off": (docker_archive(LAYER)[:1700], "cannot be read|neither"),
    "without a list": (packed([plain("file", b"1")]), "neither manifest.json nor index.json"),
    "a list that is no JSON": (packed([plain("manifest.json", b"[")]), "is no JSON"),
    "two images": (packed([plain("manifest.json", b"[{}, {}]")]), "just one image"),
    "no image": (packed([plain("index.json", b'{"manifests": 5}')]), "just one image"),
    "a link": (
        docker_archive(LAYER, more=[special("x", tarfile.SYMTYPE, "/etc")]),
        "no plain file",
    ),
    "a device": (docker_archive(LAYER, more=[special("x", tarfile.CHRTYPE)]), "no plain file"),
    "a path upwards": (docker_archive(LAYER, more=[plain("a/../../x")]), "of the name"),
    "a path from the root": (docker_archive(LAYER, more=[plain("/etc/x")]), "of the name"),
    "a member twice": (docker_archive(LAYER, more=[plain("manifest.json", b"[]")]), "twice"),
    "a device in a layer": (
        docker_archive(packed([special("dev/mem", tarfile.CHRTYPE)])),
        "a device, 'dev/mem'",
    ),
    "a path upwards in a layer": (docker_archive(packed([plain("../x")])), "leads outside"),
    "a hard link upwards in a layer": (
        docker_archive(packed([special("x", tarfile.LNKTYPE, "../../etc/shadow")])),
        "leads outside",
    ),
    "a layer of another compression": (
        docker_archive(b"\x28\xb5\x2f\xfd" + bytes(600)),
        "zstd",
    ),
    "a layer that is broken": (docker_archive(gzip.compress(LAYER)[:80]), "cannot be read"),
    "too many members": (
        docker_archive(LAYER, more=[plain(f"x{n}") for n in range(1001)]),
        "more than 1000 members",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused(name: str, tmp_path: Path) -> None:
    content, why = BAD[name]

    with pytest.raises(images.BadImage, match=why):
        _rewritten(content, tmp_path)


def test_a_layer_that_unpacks_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_BYTES", 2**20)
    bomb = gzip.compress(packed([plain("zeros", bytes(2**21))]))
    assert len(bomb) < 2**13

    with pytest.raises(images.BadImage, match="in its layers"):
        _rewritten(docker_archive(bomb), tmp_path)


def test_a_header_that_would_fill_memory(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        member = tarfile.TarInfo("x")
        member.pax_headers = {"comment": "x" * (2 * 2**20)}
        archive.addfile(member)

    with pytest.raises(images.BadImage, match="header"):
        _rewritten(docker_archive(gzip.compress(buffer.getvalue())), tmp_path)


def extended(**headers: str) -> bytes:
    """A layer whose one file has these extended headers."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        member, data = plain("bin/true", b"#!")
        member.pax_headers = {name.replace("_", "."): value for name, value in headers.items()}
        archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "headers",
    [
        {"size": "9" * 30},
        {"size": "-5"},
        {"GNU_sparse_size": "many"},
        {"GNU_sparse_map": "a,b", "GNU_sparse_size": "5"},
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_numbers_in_headers_that_cannot_be(
    headers: dict[str, str], pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    """A size of 10^30 bytes would be read until the machine is taken down."""
    with pytest.raises(images.BadImage):
        _rewritten(docker_archive(pack(extended(**headers))), tmp_path)


def test_a_list_that_is_nested_without_end(tmp_path: Path) -> None:
    given = packed([plain("manifest.json", b"[" * 100_000)])

    with pytest.raises(images.BadImage, match="is no JSON"):
        _rewritten(given, tmp_path)
