"""Digests that stand in the record for what people wrote, so that it can be erased outside."""

from __future__ import annotations

import hmac

from django.conf import settings


def keyed_digest(kind: str, text: str) -> str:
    """A SHA-256 of `text` under the installation's secret, in hex.

    It can be compared with a text in a dispute, and tells nothing to whoever lacks the secret.
    `kind` keeps the digests of different things apart: the same text of two kinds differs.
    """
    return hmac.digest(
        settings.SECRET_KEY.encode(), f"{kind}:{text}".encode("utf-8", "surrogateescape"), "sha256"
    ).hex()
