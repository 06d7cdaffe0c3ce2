"""What a profile tells: the chosen sections, computed anew from what the record proves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from concours.platform.accounts.domain.deeds import Deed, Section, sections_in_order


@dataclass(frozen=True, kw_only=True)
class Told:
    """A section with what it tells of one person; never an empty one."""

    section: Section
    deeds: tuple[Deed, ...]


def told_of(*, user: Any, sections: Collection[str]) -> list[Told]:
    """The named sections of what `user` did, in order; those with nothing in them are left out."""
    found = []
    for section in sections_in_order():
        if section.name in sections:
            deeds = tuple(section.deeds(user))
            if deeds:
                found.append(Told(section=section, deeds=deeds))
    return found


def section_names() -> frozenset[str]:
    return frozenset(section.name for section in sections_in_order())
