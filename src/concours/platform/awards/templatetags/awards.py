"""Points on pages."""

from __future__ import annotations

from fractions import Fraction

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def points(milli: int | None, decimals: int = 0) -> str:
    """Thousandths of a point as points, with `decimals` to three decimals; a dash for none."""
    if milli is None:
        return "–"
    whole, rest = divmod(milli, 1_000)
    behind = f"{rest:03d}".rstrip("0").ljust(decimals, "0")
    return f"{number_format(whole)}.{behind}" if behind else number_format(whole)


@register.filter
def exactly(total: Fraction) -> str:
    """The exact total in thousandths of a point, as it is compared."""
    return f"{total.numerator}/{total.denominator}" if total.denominator > 1 else str(total)
