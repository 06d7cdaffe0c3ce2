"""What other apps ask before they show anything of credentials."""

from __future__ import annotations

from concours.platform.profiles.rules import own_credentials

__all__ = ["own_credentials"]
