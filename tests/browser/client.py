"""An entrant who works through the API alone, as a script of theirs would."""

from __future__ import annotations

import io
import json
import urllib.request
import zipfile
from typing import Any

from tests.browser.installation import Site

BOUNDARY = "a-boundary-between-the-parts"


class Client:
    """Requests to /api/v1 with one person's key; an answer of 400 and above raises."""

    def __init__(self, site: Site, *, key: str) -> None:
        self._site, self._key = site, key

    def get(self, path: str) -> Any:
        return self._send("GET", path)

    def post(self, path: str, **body: Any) -> Any:
        return self._send("POST", path, data=json.dumps(body).encode())

    def put(self, path: str, **body: Any) -> Any:
        return self._send("PUT", path, data=json.dumps(body).encode())

    def upload(self, path: str, *, name: str, content: bytes) -> Any:
        """One file as the field `archive` of multipart/form-data."""
        head = (
            f"--{BOUNDARY}\r\n"
            f'Content-Disposition: form-data; name="archive"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        data = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        return self._send("POST", path, data=data, kind=f"multipart/form-data; boundary={BOUNDARY}")

    def _send(
        self, method: str, path: str, *, data: bytes | None = None, kind: str = "application/json"
    ) -> Any:
        request = urllib.request.Request(  # noqa: S310
            f"{self._site.url}/api/v1{path}",
            data=data,
            method=method,
            headers={"Authorization": f"Bearer {self._key}", "Content-Type": kind},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.load(answer)


def zipped(**files: str) -> bytes:
    """A zip archive of text files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()
