"""Names and texts made to keep a matcher busy: every check ends soon all the same."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from concours.criteria import CHECKS, Repository
from concours.criteria.repository import Document, Tag
from concours.criteria.repository.scanning import scan
from tests.criteria.conftest import look

AT = datetime(2026, 1, 1, tzinfo=UTC)
LONG = 250_000
TEXTS = {
    "brackets": "[" + "](" * (LONG // 2),
    "hashes": "#" * LONG,
    "signs": ("#" + " a" * 40 + "\n") * (LONG // 82),
    "spaces": " " * LONG + "x",
    "licence words": "permission is hereby granted " * (LONG // 29),
    "one word": "a" * LONG,
    "parentheses": "(" * LONG,
}
NAMES = [
    "1" + "a" * 180 + "é",
    "v1" + ".a" * 90 + "é",
    "1." * 90 + "é",
    "-" * 190 + "é",
    "v1.0.0-" + "a-" * 90 + "é",
    "a" * 100_000,
]


def hostile(text: str) -> Repository:
    files = ["LICENSE", "README.md", "CHANGELOG" + "-_" * 60 + "!.md", "LICENSES/MIT.txt"]
    return Repository(
        head="0" * 40,
        branch="main",
        at=AT,
        commits=[],
        tags=[Tag(name, annotated=False, made_at=1, signature="") for name in NAMES],
        files=[scan(path, len(text), text.encode()) for path in files],
        documents={path: Document(path, text) for path in files},
        links=0,
        submodules=0,
        imported=0,
        complete_scan=True,
    )


@pytest.mark.parametrize("kind", sorted(TEXTS))
def test_every_check_ends(kind: str) -> None:
    repository = hostile(TEXTS[kind])

    started = time.process_time()
    for name in CHECKS:
        look(name, repository)
        look("document", repository, kind="install")

    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "content",
    [
        b"xoxa-" + b"-" * LONG,
        b"AKIA" * (LONG // 4),
        b"SPDX-License-Identifier: " * (LONG // 25),
        b"under the " * (LONG // 10),
        b"-----BEGIN " * (LONG // 11),
    ],
    ids=["slack", "aws", "spdx", "under", "key"],
)
def test_every_scan_ends(content: bytes) -> None:
    started = time.process_time()

    scan("a.py", len(content), content)

    assert time.process_time() - started < 5
