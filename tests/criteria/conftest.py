"""A project as a foundation would like it, to be spoilt one thing at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from concours.criteria import CHECKS, Outcome, Repository, read_repository
from tests.factories.clones import PGP, CloneMaker

LICENCE = (Path(__file__).parents[2] / "LICENSE").read_text(encoding="utf-8")
WORDS = "\n\nThis is said in whole sentences that somebody can follow. " * 20
CHINESE = "\n\n本项目以完整的句子说明如何安装、使用与参与，任何人都能看懂。" * 20
HEADER = "# SPDX-License-Identifier: MulanPSL-2.0\n"


def good_files() -> dict[str, str]:
    return {
        "LICENSE": LICENCE,
        "README.md": "# Good\n\n## Installing\n" + WORDS,
        "README.zh.md": "# 好\n" + CHINESE,
        "CONTRIBUTING.md": "# Contributing\n" + WORDS,
        "CODE_OF_CONDUCT.md": "# Conduct\n" + WORDS,
        "SECURITY.md": "# Security\n" + WORDS,
        "GOVERNANCE.md": "# Governance\n" + WORDS,
        "MAINTAINERS.md": "# Maintainers\n" + WORDS,
        "ROADMAP.md": "# Roadmap\n" + WORDS,
        "RELEASING.md": "# Releasing\n" + WORDS,
        "ADOPTERS.md": "# Adopters\n" + WORDS,
        "CHANGELOG.md": "# Changes\n\n## 1.2.0\n\nMore is possible.\n",
        "pyproject.toml": "[project]\nname = 'good'\n",
        "uv.lock": "version = 1\n",
        ".github/workflows/test.yml": "on: push\n",
        "src/good.py": HEADER + "def good() -> bool:\n    return True\n",
        "tests/test_good.py": HEADER + "def test_good() -> None:\n    assert True\n",
    }


def good_clone() -> CloneMaker:
    """Twelve authors, each signing off three commits; three signed releases."""
    maker = CloneMaker()
    maker.commit({"README.md": "# Good\n"}, message="Begin", signed_off=True)
    names = list(good_files().items())
    for number in range(36):
        files = dict(names[number : number + 1]) or {"src/step.py": f"{HEADER}STEP = {number}\n"}
        maker.commit(
            files,
            author=f"Author {number % 12}",
            email=f"author{number % 12}@concours.dev",
            signed_off=True,
        )
        if number in (20, 28, 35):
            maker.tag(f"v1.{(20, 28, 35).index(number)}.0", signature=PGP)
    return maker


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The good project as read; it is not changed."""
    maker = good_clone()
    clone = maker.make(tmp_path_factory.mktemp("good") / "good")
    return read_repository(clone, at=datetime.fromtimestamp(maker.now + 60, UTC))


@pytest.fixture
def read(tmp_path: Path) -> Callable[[CloneMaker], Repository]:
    """Makes a clone and reads it a minute after its newest commit."""

    def make_and_read(maker: CloneMaker) -> Repository:
        clone = maker.make(tmp_path / f"clone{maker.count}")
        return read_repository(clone, at=datetime.fromtimestamp(maker.now + 60, UTC))

    return make_and_read


def look(name: str, repository: Repository, **parameters: int | str) -> Outcome:
    """A check with its usual parameters but for those given."""
    check = CHECKS[name]
    return check.look(repository, {**check.parameters, **parameters})


def aged(repository: Repository, days: int) -> Repository:
    """The same clone, looked at `days` days later."""
    later = datetime.fromtimestamp(repository.at.timestamp() + days * 86_400, UTC)
    return replace(repository, at=later)
