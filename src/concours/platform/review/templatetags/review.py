"""What the pages of peer review show."""

from __future__ import annotations

from typing import Any

from django import template

from concours.platform.core.text import localised as in_the_readers_language

register = template.Library()


@register.filter
def points(milli: int | None) -> str:
    """Thousandths of a point as points with one place: 81,250 is "81.3"; half rounds up."""
    if milli is None:
        return ""
    tenths = (milli + 50) // 100
    return f"{tenths // 10}.{tenths % 10}"


@register.simple_tag
def localised(instance: Any, field: str) -> str:
    """The field in the reader's language."""
    return in_the_readers_language(instance, field)
