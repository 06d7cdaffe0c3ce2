"""One file after another, by what it is: text, picture, something packed, other bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from concours.anonymity.binaries import Overwriter
from concours.anonymity.encodings import as_text
from concours.anonymity.findings import Action, Report
from concours.anonymity.identities import Identity
from concours.anonymity.media import unread_format, without_makers
from concours.anonymity.metadata import rules_for
from concours.anonymity.paths import shortened
from concours.anonymity.spelling import Scrubber

CHUNK = 1024 * 1024
_HOSTS = re.compile(
    r"(?:github|gitee|gitlab|gitcode|atomgit|bitbucket)\.(?:com|net|org)[/:][A-Za-z0-9_.\-]{1,60}/"
)


class FileScrubber:
    """Writes files anew without identities, and notes in `report` what it did."""

    removed = Action.REMOVED

    def __init__(
        self, identities: Iterable[Identity], *, report: Report, max_text_bytes: int
    ) -> None:
        identities = tuple(identities)
        self._names = Scrubber(identities)
        self._bytes = Overwriter(identities)
        self._report = report
        self._most = max_text_bytes

    def rename(self, path: str) -> str:
        """The path with tokens for names."""
        shown, counts = self._names.replace(path)
        for kind, count in counts.items():
            self._report.add(path, f"path-{kind}", Action.REPLACED, count)
        for kind, count in self._names.left(path).items():
            self._report.add(path, f"path-{kind}", Action.LEFT, count)
        return "/".join(shortened(part) for part in shown.split("/"))

    def write(self, source: Path, target: Path, *, path: str, shown: str) -> None:
        """Write what readers see of `source` to `target`; `path` is as submitted."""
        if source.stat().st_size > self._most:
            self._write_large(source, target, path)
            return
        data = source.read_bytes()
        text = None if unread_format(data) else as_text(data)
        if text is None:
            target.write_bytes(self._bytes_of(data, path))
            return
        changed = self._text_of(text.text, path)
        written = text.encoded(changed) if changed != text.text else data
        if not text.exact:
            written = self._overwritten(written, path)
        target.write_bytes(written)

    def _text_of(self, text: str, path: str) -> str:
        for name, rule in rules_for(path):
            text, count = rule(text)
            self._report.add(path, name, Action.REPLACED, count)
        text, counts = self._names.replace(text)
        for kind, count in counts.items():
            self._report.add(path, kind, Action.REPLACED, count)
        for kind, count in self._names.left(text).items():
            self._report.add(path, kind, Action.LEFT, count)
        if path.casefold().startswith("readme"):
            links = len(set(_HOSTS.findall(text)))
            self._report.add(path, "account-link", Action.LEFT, links)
        return text

    def _bytes_of(self, data: bytes, path: str) -> bytes:
        kind = unread_format(data)
        if kind is not None:
            self._report.add(path, kind, Action.UNREAD)
        data, makers = without_makers(data)
        action = Action.REPLACED if kind is None else Action.OVERWRITTEN
        self._report.add(path, "makers", action, makers)
        return self._overwritten(data, path)

    def _overwritten(self, data: bytes, path: str) -> bytes:
        data, count = self._bytes.overwrite(data)
        self._report.add(path, "bytes", Action.OVERWRITTEN, count)
        return data

    def _write_large(self, source: Path, target: Path, path: str) -> None:
        counts: list[int] = []
        with source.open("rb") as file, target.open("xb") as out:
            head = file.read(16)
            file.seek(0)
            if kind := unread_format(head):
                self._report.add(path, kind, Action.UNREAD)
            for piece in self._bytes.stream(_chunks(file), counts):
                out.write(piece)
        self._report.add(path, "bytes", Action.OVERWRITTEN, sum(counts))
        self._report.add(path, "large", Action.UNREAD)


def _chunks(file: object) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):  # type: ignore[attr-defined]
        yield chunk
