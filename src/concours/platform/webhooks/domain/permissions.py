"""What other apps ask before they show anything of webhooks."""

from __future__ import annotations

from concours.platform.webhooks.rules import visible_webhooks

__all__ = ["visible_webhooks"]
