"""Moments as credentials write them: XML Schema's dateTimeStamp."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from concours.credentials.why import BadDocument, Why

_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


def written(moment: datetime) -> str:
    """In UTC, to the second. Raises ValueError for a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment has a zone")
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def read_moment(text: object) -> datetime:
    """Raises BadDocument for anything but date, time and zone."""
    if not isinstance(text, str) or not text.isascii() or not _FORM.fullmatch(text):
        raise BadDocument(Why.BAD_DATE)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadDocument(Why.BAD_DATE) from None
