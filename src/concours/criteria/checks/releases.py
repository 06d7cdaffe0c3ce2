"""What the checks of releases share: which tags are releases."""

from __future__ import annotations

import re

from concours.criteria.checks.outcome import MAX_PLACES, Place
from concours.criteria.repository import Repository, Tag

_SEMANTIC = re.compile(
    r"(?:.*[-_/])?v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_RELEASE = re.compile(r"(?:.*[-_/])?(?:v|r|release)?[-_.]?\d+(?:[._]\d+)*(?:[-_.+]?[0-9A-Za-z.]+)*")


def is_semantic(tag: Tag) -> bool:
    """Whether the tag is a version as semver.org writes it, after a prefix such as v."""
    return _SEMANTIC.fullmatch(tag.name) is not None


def releases_of(repository: Repository) -> list[Tag]:
    """Tags that name a version, oldest first."""
    return [tag for tag in repository.tags if _RELEASE.fullmatch(tag.name)]


def at_tags(tags: list[Tag]) -> tuple[Place, ...]:
    return tuple(Place(commit=tag.name) for tag in tags[:MAX_PLACES])
