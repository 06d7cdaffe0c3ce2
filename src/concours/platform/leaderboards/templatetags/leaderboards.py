"""Filters of the leaderboards' pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_INTERVAL = (
    '<svg class="whisker" role="img" aria-label="{} {}–{}">'
    '<line class="whisker-axis" x1="0%" x2="100%" y1="50%" y2="50%"/>'
    '<line class="whisker-range" x1="{}%" x2="{}%" y1="50%" y2="50%"/>'
    '<line class="whisker-end" x1="{}%" x2="{}%" y1="30%" y2="70%"/>'
    '<line class="whisker-end" x1="{}%" x2="{}%" y1="30%" y2="70%"/>'
    '<circle class="whisker-point" cx="{}%" cy="50%" r="4"/></svg>'
)


@register.simple_tag
def interval(placed: Mapping[str, Any], word: str) -> SafeString:
    """A value's interval as plots.interval places it. Fifty stand on a page: no template each."""
    low, high = placed["x_low"], placed["x_high"]
    return format_html(
        _INTERVAL,
        word,
        placed["low"],
        placed["high"],
        *(low, high, low, low, high, high, placed["x_value"]),
    )


@register.filter
def at(items: Sequence[Any], number: int) -> Any:
    """The item of that number, from 0."""
    return items[number]


@register.filter
def field(item: Mapping[str, Any], name: str) -> Any:
    """What the mapping holds under that name."""
    return item[name]
