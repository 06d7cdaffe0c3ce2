"""Calendars as iCalendar (RFC 5545): of a season, of a track, and one's own by a secret address."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe
from icalendar import Alarm, Calendar, Event

from concours.platform.competitions.domain.permissions import visible_seasons, visible_tracks
from concours.platform.core import clock
from concours.platform.core.moments import written_with_zone
from concours.platform.feeds import domain
from concours.platform.feeds.domain import Deadline
from concours.platform.feeds.interfaces.languages import language_of
from concours.platform.notifications.domain import zone_of
from concours.platform.record import domain as record

PUBLIC = AnonymousUser()
ALARM = timedelta(days=-1)


@require_safe
def of_season(request: HttpRequest, season: str) -> HttpResponse:
    """Drafts are nobody's here, also not their staff's: a calendar is passed on."""
    found = get_object_or_404(visible_seasons(PUBLIC), slug=season)
    with translation.override(language_of(request)):
        deadlines = domain.deadlines_of_season(user=PUBLIC, season=found)
        return _answer(request, deadlines, name=str(found), season=season)


@require_safe
def of_track(request: HttpRequest, season: str, track: str) -> HttpResponse:
    tracks = visible_tracks(PUBLIC).select_related("season", "phase")
    found = get_object_or_404(tracks, season__slug=season, slug=track)
    with translation.override(language_of(request)):
        deadlines = domain.deadlines_of_track(track=found)
        return _answer(request, deadlines, name=str(found), season=season)


@require_safe
@sensitive_variables("key")
def own(request: HttpRequest, key: str) -> HttpResponse:
    """One's own, for whoever has the key; it opens nothing else and changes nothing."""
    user = domain.user_of_key(key=key)
    if user is None:
        raise Http404
    with translation.override(user.language or "en"), timezone.override(zone_of(user=user)):
        deadlines = domain.own_deadlines(user=user)
        response = _answer(request, deadlines, name=_("Concours: my deadlines"))
    patch_cache_control(response, private=True, max_age=300)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@login_required
@sensitive_variables("key")
def page(request: HttpRequest) -> HttpResponse:
    """Whether one has an address; making one shows it on the answer to that POST alone."""
    address = ""
    if request.method == "POST":
        key = domain.make_key(actor=request.user)
        address = settings.PUBLIC_URL + reverse("feeds:own", args=[key])
    context = {
        "address": address,
        "has_key": domain.has_key(user=request.user),
        "trail": [
            ("/", _("Home")),
            (reverse("accounts:overview"), _("Account")),
            ("", _("Calendar of deadlines")),
        ],
    }
    return render(request, "feeds/calendar.html", context)


@require_POST
@login_required
def end(request: HttpRequest) -> HttpResponse:
    if domain.end_key(actor=request.user):
        messages.success(request, _("The calendar’s address opens nothing any longer."))
    return redirect("feeds:calendar")


def _answer(
    request: HttpRequest, deadlines: list[Deadline], *, name: str, season: str = ""
) -> HttpResponse:
    zone, moment = timezone.get_current_timezone_name(), clock.now()
    latest = record.latest(season=season) if season else None
    stamp = latest.at if latest else moment.replace(hour=0, minute=0, second=0, microsecond=0)
    body = as_calendar(deadlines, name=name, zone=zone, stamp=stamp)
    # Without the stamp, which moves while nothing else does.
    shown = [name, zone, *((one, one.at > moment) for one in deadlines)]
    etag = f'W/"{hashlib.sha256(repr(shown).encode()).hexdigest()}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    answered = get_conditional_response(request, etag=etag, response=response)
    return answered or response


def as_calendar(deadlines: list[Deadline], *, name: str, zone: str, stamp: datetime) -> bytes:
    """The deadlines, in UTC, each with an alarm a day before. `zone` is what descriptions use."""
    calendar = Calendar()
    calendar.add("prodid", "-//Concours//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone)
    for one in deadlines:
        calendar.add_component(_event(one, stamp))
    return bytes(calendar.to_ical())


def _event(one: Deadline, stamp: datetime) -> Any:
    address = settings.PUBLIC_URL + one.path
    event = Event()
    event.add("uid", f"{one.uid}@{settings.PUBLIC_HOST}")
    event.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", one.at.astimezone(UTC).replace(microsecond=0))
    event.add("summary", one.title)
    event.add("description", f"{written_with_zone(one.at)}\n{address}")
    event.add("url", address)
    event.add("transp", "TRANSPARENT")
    if one.at > clock.now():
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", one.title)
        alarm.add("trigger", ALARM)
        event.add_component(alarm)
    return event
