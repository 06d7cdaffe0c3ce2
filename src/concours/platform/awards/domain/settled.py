"""The moment after which nothing of a track's judging changes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from concours.platform.awards.enums import ResultState
from concours.platform.awards.models import Result
from concours.platform.core.errors import Refused


def require_unpublished(track: Any) -> None:
    """Raise Refused once the track's result is published. Call with the track locked."""
    if Result.objects.filter(track=track, state=ResultState.PUBLISHED).exists():
        raise Refused(
            "result-published", _("The result of this track is published; nothing changes it now.")
        )
