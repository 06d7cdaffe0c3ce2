"""What is kept of the texts of appeals: bounded, salted where the record names them by digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from concours.platform.core.errors import Refused
from concours.platform.core.wording import passage
from concours.platform.record.chain import canonical

MOST_SUBJECT = 200
MOST_REASON = 10_000
MOST_DECISION = 10_000
MOST_ASIDE = 2_000


def needed(text: str, *, most: int) -> str:
    """The text without blanks around it. Raises Refused for none, and as `wording.passage`."""
    kept = passage(text.strip(), most=most)
    if not kept:
        raise Refused("reason-needed", _("Give the reasons in writing."))
    return kept


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical(dict(content)).encode()).hexdigest()
