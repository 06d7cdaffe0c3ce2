from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.test import Client

from concours.platform.accounts.models import User
from concours.platform.core import clock
from concours.platform.record import domain as record
from concours.platform.record.models import Follower
from tests.conftest import SPRING


@pytest.fixture
def news(db: None) -> Iterator[datetime]:
    """The clock stands at SPRING, and what is recorded from now on is news."""
    Follower.objects.update_or_create(name="notifications", defaults={"seq": record.head()[0]})
    with clock.frozen_at(SPRING):
        yield SPRING


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
