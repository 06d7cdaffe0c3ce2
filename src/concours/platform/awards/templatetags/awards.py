"""Points on pages."""

from __future__ import annotations

from fractions import Fraction

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def points(milli: int | None) -> str:
    """Thousandths of a point as points, with up to three decimals; a dash where there are none."""
    if milli is None:
        return "–"
    whole, rest = divmod(milli, 1_000)
    if not rest:
        return number_format(whole)
    return f"{number_format(whole)}.{rest:03d}".rstrip("0")


@register.filter
def exactly(total: Fraction) -> str:
    """The exact total in thousandths of a point, as it is compared."""
    return f"{total.numerator}/{total.denominator}" if total.denominator > 1 else str(total)
