"""What the pages of peer review show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from concours.platform.core.text import localised as in_the_readers_language
from concours.platform.review import pictures

register = template.Library()


@register.filter
def points(milli: int | None) -> str:
    """Thousandths of a point as points with one place: 81,250 is "81.3"; half rounds up."""
    if milli is None:
        return ""
    tenths = (milli + 50) // 100
    return f"{tenths // 10}.{tenths % 10}"


@register.filter
def percent(chance: float | None) -> str:
    """A probability in whole per cent; nothing is written as sure, nor as never."""
    if chance is None:
        return ""
    if chance < 0.005:
        return "< 1 %"
    if chance > 0.995:
        return "> 99 %"
    return f"{int(chance * 100 + 0.5)} %"


@register.simple_tag
def localised(instance: Any, field: str) -> str:
    """The field in the reader's language."""
    return in_the_readers_language(instance, field)


@register.inclusion_tag("review/parts/reason_picture.html")
def reason_picture(reason: Mapping[str, Any], entries: int) -> dict[str, Any]:
    """Why an entry is or is not a finalist, as a picture; nothing where there is nothing to draw.

    `entries` is the number of entries ranked.
    """
    return {
        "seats": pictures.seats(reason, entries=entries),
        "nominations": pictures.nominations(reason),
    }


@register.inclusion_tag("review/parts/apart.html")
def apart(points: float, others: float) -> dict[str, float]:
    """Points out of 100 and the mean of others' on one line."""
    low, high = sorted((points, others))
    return {"points": points, "others": others, "low": low, "high": high}


@register.inclusion_tag("review/parts/noise.html")
def noise(turnover: float | None, size: int, reviews: int) -> dict[str, Any]:
    """How many of the best `size` other reviewers would change, with `reviews` an entry."""
    if turnover is None or size < 1:
        return {}
    return {**pictures.noise(turnover=turnover, size=size), "reviews": reviews}
