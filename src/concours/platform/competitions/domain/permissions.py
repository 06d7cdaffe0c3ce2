"""What other apps ask before they show anything of competitions."""

from __future__ import annotations

from concours.platform.competitions.rules import (
    visible_entries,
    visible_proposals,
    visible_seasons,
    visible_tracks,
)

__all__ = ["visible_entries", "visible_proposals", "visible_seasons", "visible_tracks"]
