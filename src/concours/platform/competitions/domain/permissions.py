"""What other apps ask before they show anything of competitions."""

from __future__ import annotations

from concours.platform.competitions.rules import (
    is_of_team,
    member_team_ids,
    scores_are_public,
    visible_entries,
    visible_proposals,
    visible_seasons,
    visible_submissions,
    visible_teams,
    visible_tracks,
)

__all__ = [
    "is_of_team",
    "member_team_ids",
    "scores_are_public",
    "visible_entries",
    "visible_proposals",
    "visible_seasons",
    "visible_submissions",
    "visible_teams",
    "visible_tracks",
]
