"""Atom and JSON Feed 1.1 of a season's, a track's and the record's news."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import IO, Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed, SyndicationFeed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from concours.platform.competitions.domain.permissions import visible_seasons, visible_tracks
from concours.platform.feeds.domain import Item, last_of_projects, news_of, projects_of, record_of
from concours.platform.feeds.interfaces.languages import language_of
from concours.platform.record import domain as record

PUBLIC = AnonymousUser()


@dataclass(frozen=True, kw_only=True)
class Source:
    """What a feed is of."""

    title: str
    path: str
    items: list[Item] = field(default_factory=list)


class JsonFeed(SyndicationFeed):
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: IO[Any], encoding: str) -> None:
        feed = self.feed
        document = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": str(feed["title"]),
            "home_page_url": feed["link"],
            "feed_url": feed["feed_url"],
            "description": str(feed["description"]),
            "language": feed["language"],
            "authors": [{"name": feed["author_name"]}],
            "items": [self._item(item) for item in self.items],
        }
        outfile.write(json.dumps(document, ensure_ascii=False, indent=1))

    @staticmethod
    def _item(item: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": item["unique_id"],
            "url": item["link"],
            "title": str(item["title"]),
            "content_text": str(item["description"]),
            "date_published": item["pubdate"].isoformat(timespec="seconds"),
        }


class _News(Feed[Item, Source]):
    author_name = "Concours"
    address = ""

    def title(self, source: Source) -> str:
        return source.title

    def description(self, source: Source) -> str:
        return _("What everyone may know, from the record.")

    subtitle = description

    def link(self, source: Source) -> str:
        return settings.PUBLIC_URL + source.path

    def items(self, source: Source) -> list[Item]:
        return source.items

    def item_title(self, item: Item) -> str:
        return item.title

    def item_description(self, item: Item) -> str:
        return item.text

    def item_link(self, item: Item) -> str:
        return settings.PUBLIC_URL + item.path

    def item_guid(self, item: Item) -> str:
        return settings.PUBLIC_URL + reverse("record:event", args=[item.seq])

    def item_pubdate(self, item: Item) -> Any:
        return item.at

    item_updateddate = item_pubdate

    def feed_url(self, source: Source) -> str:
        return settings.PUBLIC_URL + self.address


FORMS: dict[str, type[SyndicationFeed]] = {"atom": Atom1Feed, "json": JsonFeed}


@require_safe
def of_season(request: HttpRequest, season: str, form: str) -> HttpResponseBase:
    found = get_object_or_404(visible_seasons(PUBLIC), slug=season)
    return _answer(
        request,
        form,
        seq=_seq(season),
        source=lambda: Source(
            title=str(found),
            path=reverse("competitions:season", args=[season]),
            items=news_of(season=found),
        ),
    )


@require_safe
def of_track(request: HttpRequest, season: str, track: str, form: str) -> HttpResponseBase:
    tracks = visible_tracks(PUBLIC).select_related("season")
    found = get_object_or_404(tracks, season__slug=season, slug=track)
    return _answer(
        request,
        form,
        seq=_seq(season),
        source=lambda: Source(
            title=f"{found} · {found.season}",
            path=reverse("competitions:track", args=[season, track]),
            items=news_of(season=found.season, track=found),
        ),
    )


@require_safe
def of_record(request: HttpRequest, form: str, season: str = "") -> HttpResponseBase:
    """The newest events of all, or of a season, as the record's pages show them to everyone."""
    if season:
        get_object_or_404(visible_seasons(PUBLIC), slug=season)
    path = reverse("record:events") + (f"?season={season}" if season else "")
    return _answer(
        request,
        form,
        seq=_seq(season),
        source=lambda: Source(
            title=_("Record of %(season)s") % {"season": season} if season else _("The record"),
            path=path,
            items=record_of(season=season),
        ),
    )


@require_safe
def of_projects(request: HttpRequest, form: str) -> HttpResponseBase:
    """What is new of the foundation's projects."""
    return _answer(
        request,
        form,
        seq=last_of_projects(),
        source=lambda: Source(
            title=_("Projects"), path=reverse("register:projects"), items=projects_of()
        ),
    )


def _seq(season: str) -> int:
    event = record.latest(season=season)
    return event.seq if event is not None else 0


def _answer(request: HttpRequest, form: str, *, seq: int, source: Any) -> HttpResponseBase:
    """The feed, or 304: what it shows changes only with an event of its season."""
    language = language_of(request)
    etag = f'W/"{form}-{language}-{seq}"'
    early = get_conditional_response(request, etag=etag)
    if early is not None:
        early["ETag"] = etag
        return early
    with translation.override(language):
        feed = _News()
        feed.feed_type = FORMS[form]
        feed.language = language
        feed.address = request.get_full_path()
        feed.get_object = lambda _request, *_a, **_k: source()  # type: ignore[method-assign]
        response = feed(request)
    response["ETag"] = etag
    return response
