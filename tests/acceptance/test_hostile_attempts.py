"""Limits that hold for the installation, not for each of its processes."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from tests.factories.people import person

SET = (
    "import django; django.setup(); from django.core.cache import cache; "
    "cache.set('attempts-elsewhere', 5, 60)"
)


def test_attempts_are_counted_across_processes() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "concours.platform.settings"}
    subprocess.run([sys.executable, "-c", SET], env=environment, check=True, timeout=120)
    assert cache.get("attempts-elsewhere") == 5


@pytest.mark.django_db
def test_guessing_a_password_ends_soon_whatever_address_is_claimed(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
    ada = person(email="ada@example.org", password="correct horse 9")
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    cache.clear()
    told = []
    for number in range(8):
        answer = Client(headers={"x-forwarded-for": f"9.9.9.{number}"}).post(
            "/account/login/", {"login": "ada@example.org", "password": f"wrong {number}"}
        )
        told.append("too many" in answer.content.decode().lower())
    assert told == [False] * 5 + [True] * 3
    right = {"login": "ada@example.org", "password": "correct horse 9"}
    assert "_auth_user_id" not in _session_after(right)
    cache.clear()
    assert "_auth_user_id" in _session_after(right)


def _session_after(right: dict[str, str]) -> Any:
    client = Client()
    client.post("/account/login/", right)
    return client.session
