"""Addresses of calendars and feeds."""

from __future__ import annotations

from django.urls import path, register_converter

from concours.platform.feeds.interfaces import calendars, news

app_name = "feeds"


class Form:
    """The two forms of a feed."""

    regex = "atom|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Form, "feed_form")

SEASON = "seasons/<slug:season>/"
TRACK = SEASON + "tracks/<slug:track>/"

urlpatterns = [
    path(SEASON + "calendar.ics", calendars.of_season, name="season-calendar"),
    path(TRACK + "calendar.ics", calendars.of_track, name="track-calendar"),
    path("calendar/<slug:key>.ics", calendars.own, name="own"),
    path("account/calendar/", calendars.page, name="calendar"),
    path("account/calendar/end/", calendars.end, name="end-calendar"),
    path(SEASON + "news.<feed_form:form>", news.of_season, name="season-news"),
    path(TRACK + "news.<feed_form:form>", news.of_track, name="track-news"),
    path(SEASON + "record.<feed_form:form>", news.of_record, name="season-record"),
    path("projects/news.<feed_form:form>", news.of_projects, name="projects"),
    path("record/feed.<feed_form:form>", news.of_record, name="record"),
]
