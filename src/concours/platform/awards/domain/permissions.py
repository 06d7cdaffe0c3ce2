"""What other apps ask before they show anything of awards."""

from __future__ import annotations

from concours.platform.awards.rules import own_payouts

__all__ = ["own_payouts"]
