"""The events of assessments."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from concours.platform.criteria.models import Assessment
from concours.platform.record import domain as record


def note(*, actor: Any, verb: str, assessment: Assessment, **data: Any) -> None:
    """The event of an assessment, with its project."""
    record.append(
        actor=actor,
        verb=verb,
        subject=assessment,
        data={"project": assessment.project.slug, **data},
    )


def person_or_none(actor: Any) -> Any:
    """The person who acts; None for a clock or the command line."""
    return actor if actor.pk is not None else None


def sealed(salt: str, content: str) -> str:
    """HMAC-SHA-256 of `content` under `salt`, in hex: it can be proved, and not guessed."""
    return hmac.new(salt.encode(), content.encode(), hashlib.sha256).hexdigest()
