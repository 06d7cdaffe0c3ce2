"""Who has judged an entry as a juror, for those who must not judge it twice."""

from __future__ import annotations

from typing import Any

from concours.platform.awards.models import JuryScore


def scored_by(*, user: Any, entry: Any) -> bool:
    """Whether `user` ever scored the entry, removed jurors included."""
    return JuryScore.objects.filter(entry=entry, juror__user_id=user.pk).exists()
