from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.factories.mailboxes import Mailbox


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """The installation's mail server. Not started: nobody listens at its port."""
    box = Mailbox()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", box.port, 2
    yield box
    box.stop()
