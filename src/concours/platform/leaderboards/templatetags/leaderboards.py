"""Filters of the leaderboards' pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(items: Sequence[Any], number: int) -> Any:
    """The item of that number, from 0."""
    return items[number]


@register.filter
def field(item: Mapping[str, Any], name: str) -> Any:
    """What the mapping holds under that name."""
    return item[name]
