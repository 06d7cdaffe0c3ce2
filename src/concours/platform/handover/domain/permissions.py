"""What other apps ask before they show anything of handovers."""

from __future__ import annotations

from concours.platform.handover.rules import visible_handovers

__all__ = ["visible_handovers"]
