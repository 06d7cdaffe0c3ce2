from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from concours.platform.accounts.domain import create_token
from concours.platform.accounts.models import User
from concours.platform.review.models import ReviewRound
from tests.factories import review as make


@pytest.fixture
def small(db: None, tmp_path: Path) -> ReviewRound:
    """An assigned round of eight entries, three reviews each."""
    return make.assigned(entries=8, folder=tmp_path)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def key_of(user: User, *scopes: Any) -> dict[str, str]:
    """Headers with a new API key of `user`."""
    _token, key = create_token(actor=user, name="test", scopes=list(scopes), days=30)
    return {"Authorization": f"Bearer {key}"}
