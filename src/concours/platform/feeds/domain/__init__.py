"""Calendars and feeds: what is due, and what is new."""

from concours.platform.feeds.domain.deadlines import (
    Deadline,
    deadlines_of_season,
    deadlines_of_track,
    own_deadlines,
)
from concours.platform.feeds.domain.keys import end_key, has_key, make_key, user_of_key
from concours.platform.feeds.domain.news import Item, news_of, record_of
from concours.platform.feeds.domain.projects import last_of_projects, projects_of

__all__ = [
    "Deadline",
    "Item",
    "deadlines_of_season",
    "deadlines_of_track",
    "end_key",
    "has_key",
    "last_of_projects",
    "make_key",
    "news_of",
    "own_deadlines",
    "projects_of",
    "record_of",
    "user_of_key",
]
