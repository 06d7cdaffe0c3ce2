"""Which tags are releases."""

from __future__ import annotations

import re

# No repetition stands within another: names are a stranger's, and matching must end.
_RELEASE = re.compile(r"(?:.*[-_/])?(?:v|r|release)?[-_.]?\d[0-9A-Za-z.+_-]*")
_PASSING = re.compile(r"nightly|snapshot|daily", re.IGNORECASE)
_LONGEST = 200


def is_release(name: str) -> bool:
    """Whether a tag of that name names a version: not a nightly build, not a bookmark."""
    return (
        len(name) <= _LONGEST
        and _RELEASE.fullmatch(name) is not None
        and _PASSING.search(name) is None
    )
