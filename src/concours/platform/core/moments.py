"""Moments in words, day before month: the order that no reader of many lands mistakes."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language


def written(local: datetime, *, with_time: bool = True) -> str:
    """`local` as its own zone has it, in the active language, without the zone."""
    if (get_language() or "").startswith("zh"):
        return date_format(local, "Y年n月j日 H:i" if with_time else "Y年n月j日")
    return date_format(local, "j M Y, H:i" if with_time else "j M Y")


def written_with_zone(moment: datetime) -> str:
    """In the active time zone, with its name."""
    local = timezone.localtime(moment)
    return f"{written(local)} ({local.tzname()})"
