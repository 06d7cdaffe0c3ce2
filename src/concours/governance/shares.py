"""Exact shares such as 2/3 and 55%, and setting one that a preset leaves open."""

from __future__ import annotations

import re
from fractions import Fraction

_SHARE = re.compile(r"(\d{1,6})/(\d{1,6})|(\d{1,3})%")


def share_of(value: str) -> Fraction | None:
    """The exact share that "2/3" or "55%" means, in [0, 1]; None for anything else."""
    match = _SHARE.fullmatch(value.strip())
    if match is None:
        return None
    top, bottom, percent = match.groups()
    if percent:
        found = Fraction(int(percent), 100)
    elif int(bottom) == 0:
        return None
    else:
        found = Fraction(int(top), int(bottom))
    return found if 0 <= found <= 1 else None


def with_thresholds(text: str, share: str) -> str:
    """The charter's text with every threshold that is to be set, set to `share` ("2/3", "55%").

    Raises ValueError for what is no share above 0.
    """
    found = share_of(share)
    if not found:
        raise ValueError("a threshold is a fraction such as 2/3 or 55%, above 0 and at most 1")
    return re.sub(
        r'^(\s*threshold\s*=\s*)"to-be-set"', rf'\g<1>"{found}"', text, flags=re.MULTILINE
    )
