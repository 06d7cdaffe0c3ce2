"""Image archives, put together from this machine's own files: there is no registry to ask."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

APPLETS = "sh true id ls cat echo env sleep touch dd yes nc ping mount ps head tr".split()
Member = tuple[tarfile.TarInfo, bytes]


def busybox() -> Path | None:
    """A program that needs no libraries, of Debian's package busybox-static."""
    found = shutil.which("busybox")
    if found is None or b"ld-linux" in Path(found).read_bytes()[:4096]:
        return None
    return Path(found)


def plain(name: str, data: bytes = b"", mode: int = 0o755) -> Member:
    """A file in a tar."""
    made = tarfile.TarInfo(name)
    made.size, made.mode = len(data), mode
    return made, data


def special(name: str, kind: bytes, target: str = "") -> Member:
    """A link, a device or a folder in a tar."""
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.mode = kind, target, 0o755
    made.devmajor, made.devminor = 1, 1
    return made, b""


def packed(members: Iterable[Member]) -> bytes:
    """A tar."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for member, data in members:
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def layer_of(program: Path) -> bytes:
    """A root with busybox in it."""
    links = [special(f"bin/{name}", tarfile.SYMTYPE, "busybox") for name in APPLETS]
    content = plain("bin/busybox", program.read_bytes())
    secret = plain("etc/inside", b"of the image", 0o644)
    folders = [special("bin", tarfile.DIRTYPE), special("etc", tarfile.DIRTYPE)]
    return packed([*folders, content, *links, secret])


def docker_archive(
    layer: bytes,
    *,
    more: Iterable[Member] = (),
    tags: Any = ("busybox:latest",),
    volumes: Iterable[str] = (),
) -> bytes:
    """What `docker save` writes."""
    digest = hashlib.sha256(layer).hexdigest()
    config = json.dumps(_config(digest, volumes)).encode()
    name = f"{hashlib.sha256(config).hexdigest()}.json"
    manifest = [{"Config": name, "RepoTags": list(tags), "Layers": [f"{digest}/layer.tar"]}]
    return packed(
        [
            plain(name, config),
            plain(f"{digest}/layer.tar", layer),
            plain("manifest.json", json.dumps(manifest).encode()),
            *more,
        ]
    )


def oci_archive(layer: bytes) -> bytes:
    """What other builders write, its layer compressed."""
    blobs: list[Member] = []

    def blob(data: bytes, kind: str) -> dict[str, Any]:
        digest = hashlib.sha256(data).hexdigest()
        blobs.append(plain(f"blobs/sha256/{digest}", data))
        name = f"application/vnd.oci.image.{kind}"
        return {"mediaType": name, "digest": f"sha256:{digest}", "size": len(data)}

    config = json.dumps(_config(hashlib.sha256(layer).hexdigest())).encode()
    manifest = {
        "schemaVersion": 2,
        "config": blob(config, "config.v1+json"),
        "layers": [blob(gzip.compress(layer), "layer.v1.tar+gzip")],
    }
    index = {
        "schemaVersion": 2,
        "manifests": [blob(json.dumps(manifest).encode(), "manifest.v1+json")],
    }
    return packed(
        [
            plain("oci-layout", b'{"imageLayoutVersion": "1.0.0"}'),
            plain("index.json", json.dumps(index).encode()),
            *blobs,
        ]
    )


def _config(digest: str, volumes: Iterable[str] = ()) -> dict[str, Any]:
    return {
        "architecture": "amd64",
        "os": "linux",
        "config": {
            "Env": ["SMUGGLED=1"],
            "Entrypoint": ["/bin/false"],
            "User": "root",
            "Volumes": {folder: {} for folder in volumes},
        },
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
    }
