"""Signatures by the scheme of Standard Webhooks 1.0.0 (https://www.standardwebhooks.com)."""

from __future__ import annotations

import base64
import hmac
import secrets

PREFIX = "whsec_"
BYTES = 32
PURPOSE = "webhook secrets"
"""Under which secrets are encrypted in the database."""


def new_secret() -> str:
    """A fresh secret: "whsec_" and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def signature(*, secret: str, message_id: str, timestamp: int, body: str) -> str:
    """ "v1," and the HMAC-SHA256 of "<id>.<timestamp>.<body>" in base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.digest(key, f"{message_id}.{timestamp}.{body}".encode(), "sha256")
    return "v1," + base64.b64encode(digest).decode()
