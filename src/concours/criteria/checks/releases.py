"""What the checks of releases share: which tags are releases."""

from __future__ import annotations

import re

from concours.clones import is_release
from concours.criteria.checks.outcome import MAX_PLACES, Place
from concours.criteria.repository import Repository, Tag

_SEMANTIC = re.compile(
    r"(?:.*[-_/])?v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_LONGEST = 200


def is_semantic(tag: Tag) -> bool:
    """Whether the tag is a version as semver.org writes it, after a prefix such as v."""
    return len(tag.name) <= _LONGEST and _SEMANTIC.fullmatch(tag.name) is not None


def releases_of(repository: Repository) -> list[Tag]:
    """Tags that name a version, oldest first."""
    return [tag for tag in repository.tags if is_release(tag.name)]


def at_tags(tags: list[Tag]) -> tuple[Place, ...]:
    return tuple(Place(commit=tag.name) for tag in tags[:MAX_PLACES])
