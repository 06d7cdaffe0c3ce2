"""Letters to reviewers: each in the reader's language, sent after the commit."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.mail import get_connection, send_mail
from django.db import transaction
from django.utils import translation

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """To whom, and what makes (subject, body) once the reader's language is set."""

    person: Any
    words: Callable[[], tuple[str, str]]


def send_after_commit(letters: Sequence[Letter], *, about: str) -> None:
    """Send them once the transaction is through; `about` names the track where one fails."""
    if letters:
        transaction.on_commit(partial(_send, list(letters), about))


def _send(letters: list[Letter], about: str) -> None:
    """Over one connection; a letter that cannot be sent is logged and does not stop the others."""
    with get_connection() as connection:
        for letter in letters:
            with translation.override(getattr(letter.person, "language", "") or "en"):
                subject, body = letter.words()
            try:
                send_mail(subject, body, None, [letter.person.email], connection=connection)
            except OSError:
                logger.exception("a letter about %s could not be sent", about)
