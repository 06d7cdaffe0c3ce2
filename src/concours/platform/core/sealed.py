"""What the database holds encrypted, under the installation's secret."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def encrypt(purpose: str, text: str) -> str:
    """`text`, readable again by `decrypt` for the same purpose and secret alone."""
    return _cipher(purpose).encrypt(text.encode()).decode()


def decrypt(purpose: str, sealed: str) -> str:
    """Raises cryptography.fernet.InvalidToken for anything that was not so encrypted."""
    return _cipher(purpose).decrypt(sealed.encode()).decode()


def _cipher(purpose: str) -> Fernet:
    key = hashlib.sha256(f"{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
