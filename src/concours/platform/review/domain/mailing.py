"""Letters to reviewers: each in the reader's language, sent after the commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import translation

from concours.platform.core import mailing


@dataclass(frozen=True, kw_only=True)
class Letter:
    """To whom, and what makes (subject, body) once the reader's language is set."""

    person: Any
    words: Callable[[], tuple[str, str]]


def send_after_commit(letters: Sequence[Letter]) -> None:
    """Send them once the transaction is through; it stands however the mail fares."""
    if letters:
        transaction.on_commit(partial(_send, list(letters)))


def _send(letters: list[Letter]) -> None:
    mailing.send_letters([_written(letter) for letter in letters])


def _written(letter: Letter) -> mailing.Letter:
    with translation.override(getattr(letter.person, "language", "") or "en"):
        subject, body = letter.words()
    return mailing.Letter(address=letter.person.email, subject=subject, body=body)
