"""Texts that people write, bounded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from concours.platform.core.errors import Refused
from concours.platform.core.wording import one_line, passage

MOST_REASON = 2_000
MOST_SECTION = 10_000


def needed(text: str, *, most: int = MOST_REASON) -> str:
    """The text without blanks around it. Raises Refused for none, and as `wording.passage`."""
    kept = passage(text.strip(), most=most)
    if not kept:
        raise Refused("text-needed", _("Give the reasons in writing."))
    return kept


def needed_line(text: str, *, most: int = 200) -> str:
    """As `wording.one_line`. Raises Refused for none."""
    kept = one_line(text, most=most)
    if not kept:
        raise Refused("empty", _("Fill in what is asked for."))
    return kept
