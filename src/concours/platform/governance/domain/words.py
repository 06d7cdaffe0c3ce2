"""Texts that people write, bounded."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext_lazy as _

from concours.platform.core.errors import Refused
from concours.platform.core.wording import passage

MOST_REASON = 5_000
MOST_NOTE = 2_000
MOST_SUMMARY = 10_000


def needed(text: str, *, most: int) -> str:
    """The text without blanks around it. Raises Refused for none, and as `wording.passage`."""
    kept = passage(text.strip(), most=most)
    if not kept:
        raise Refused("text-needed", _("Give the reasons in writing."))
    return kept


def digest_of_text(text: str) -> str:
    """SHA-256 of the UTF-8 bytes, in hex; of "" the empty string."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""
