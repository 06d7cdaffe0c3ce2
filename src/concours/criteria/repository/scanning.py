"""What the content of one file shows: a licence notice, identifiers, secrets, built code."""

from __future__ import annotations

import re

from concours.criteria.repository.facts import ScannedFile, Sighting
from concours.criteria.repository.languages import PROGRAMS, ending, language_of

HEADER_BYTES = 4096
SNIFFED = 8000
MAX_SIGHTINGS = 20
_SPDX = re.compile(rb"SPDX-License-Identifier:[ \t]*([^\r\n]{1,200})")
_NOTICE = re.compile(
    rb"licen[sc]ed under|under the (?:terms of|[^\n]{0,40}licen[sc]e)|permission is hereby granted"
    rb"|redistribution and use in source|subject to the terms of|licen[sc]e that can be found"
    rb"|released under|\xe8\xae\xb8\xe5\x8f\xaf\xe8\xaf\x81",  # 许可证
    re.IGNORECASE,
)
_CLOSERS = re.compile(r"\s*(?:\*/|-->|\*\)|#\}|\"\"\"|''').*$")
_MAGICS = (b"\x7fELF", b"MZ\x90\x00", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"!<arch>\n")
# Only forms that are secrets whatever stands around them: a check that cries wolf is turned off.
_SECRETS = re.compile(
    rb"(?P<private_key>-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----)"
    rb"|(?P<aws_key>\b(?:AKIA|ASIA)[A-Z2-7]{16}\b)"
    rb"|(?P<github_token>\bgh[pousr]_[A-Za-z0-9]{36}\b)"
    rb"|(?P<gitlab_token>\bglpat-[A-Za-z0-9_-]{20}\b)"
    rb"|(?P<google_key>\bAIza[A-Za-z0-9_-]{35}\b)"
    rb"|(?P<slack_token>\bxox[abprs]-[A-Za-z0-9-]{20,200}\b)"
)


def scan(path: str, size: int, content: bytes | None) -> ScannedFile:
    """Look at one file; `content` is None where it was too large to be read. O(bytes)."""
    program = "program" if ending(path) in PROGRAMS else ""
    if content is None:
        return ScannedFile(path, size, binary=program)
    if b"\0" in content[:SNIFFED] or content.startswith(_MAGICS):
        built = program or ("program" if content.startswith(_MAGICS) else "data")
        return ScannedFile(path, size, binary=built, scanned=True)
    head = content[:HEADER_BYTES]
    licences = tuple(_expression(one) for one in _SPDX.findall(head))
    return ScannedFile(
        path,
        size,
        language=language_of(path) if content.strip() else "",
        binary=program,
        scanned=True,
        header=bool(licences) or _NOTICE.search(head) is not None,
        licences=licences,
        secrets=_secrets(content),
    )


def _expression(raw: bytes) -> str:
    """What stands after the identifier's colon, without the end of the comment around it."""
    return _CLOSERS.sub("", raw.decode("utf-8", "replace")).strip()


def _secrets(content: bytes) -> tuple[Sighting, ...]:
    found = []
    for match in _SECRETS.finditer(content):
        kind = (match.lastgroup or "").replace("_", "-")
        found.append(Sighting(kind, content.count(b"\n", 0, match.start()) + 1))
        if len(found) == MAX_SIGHTINGS:
            break
    return tuple(found)
