"""What one verb of the record tells whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from concours.platform.notifications.domain.concerned import Who
from concours.platform.notifications.enums import Kind

About = Callable[[Any], str]
"""event -> the name of what its readers are shown, and of what `who` is asked."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """What one verb tells.

    `about` names what readers are shown; without one, the event's own subject. `detail` is what
    the words need of the event itself, open to all who see the subject. `mailed` says that
    another mail goes about it already, so that this one is for the page alone. `own` tells the
    actor too.
    """

    kind: Kind
    who: Who
    title: str | Promise
    text: str | Promise
    about: About | None = None
    detail: About | None = None
    mailed: bool = False
    own: bool = False
