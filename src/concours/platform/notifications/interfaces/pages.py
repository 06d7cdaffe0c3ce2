"""One's notifications, how one wants them, and the link that ends a mail's kind."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from concours.platform.competitions.domain.permissions import visible_seasons
from concours.platform.core.cursor import Page
from concours.platform.notifications import domain
from concours.platform.notifications.enums import Kind
from concours.platform.notifications.interfaces.forms import PreferencesForm
from concours.platform.notifications.models import Notification
from concours.platform.notifications.rules import visible_notifications
from concours.platform.web.interfaces.shared import attempt, cursor_of

SIZE = 30


def _trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("/", _("Home")), (reverse("notifications:page"), _("Notifications")), *more]


@require_safe
@never_cache
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """The newest first, all or the unread, of all seasons or one."""
    own = visible_notifications(request.user)
    unread, season = request.GET.get("unread") == "1", request.GET.get("season", "")[:80]
    rows = own.filter(read_at__isnull=True) if unread else own
    if season:
        rows = rows.filter(season=season)
    found = _before(rows, cursor_of(request))
    seasons = visible_seasons(request.user).filter(
        slug__in=own.exclude(season="").order_by().values_list("season", flat=True).distinct()
    )
    context = {
        "told": domain.told_to(request.user, found.items),
        "next": found.next,
        "unread_only": unread,
        "season": season,
        "seasons": seasons,
        "any_unread": own.filter(read_at__isnull=True).exists(),
        "up_to": own.order_by("-pk").values_list("pk", flat=True).first() or 0,
        "undo": _moment(request.GET.get("undo", "")),
        "trail": [("/", _("Home")), ("", _("Notifications"))],
    }
    return render(request, "notifications/page.html", context)


@require_safe
@never_cache
@login_required
def open_one(request: HttpRequest, code: str) -> HttpResponse:
    """Mark it read and go where it leads; back to the list where that is hidden by now."""
    row = get_object_or_404(visible_notifications(request.user), code=code)
    domain.mark_read(actor=request.user, notification=row)
    told = domain.told_to(request.user, [row])[0]
    return redirect(told.path or "notifications:page")


@require_POST
@login_required
def mark(request: HttpRequest, code: str, state: str) -> HttpResponse:
    row = get_object_or_404(visible_notifications(request.user), code=code)
    act = domain.mark_read if state == "read" else domain.mark_unread
    act(actor=request.user, notification=row)
    return redirect(_back(request))


@require_POST
@login_required
def mark_all(request: HttpRequest) -> HttpResponse:
    """Mark read what was there when the page was shown."""
    given = request.POST.get("up_to", "")
    up_to = int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0
    season = request.POST.get("season", "")[:80]
    moment = domain.mark_all_read(actor=request.user, season=season, up_to=up_to)
    query = {"season": season} if season else {}
    if moment is not None:
        query["undo"] = moment.isoformat()
    return redirect(f"{reverse('notifications:page')}?{urlencode(query)}")


@require_POST
@login_required
def undo(request: HttpRequest) -> HttpResponse:
    moment = _moment(request.POST.get("moment", ""))
    if moment is not None:
        domain.undo_mark_all(actor=request.user, moment=moment)
    return redirect("notifications:page")


@never_cache
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, user=request.user)

    def choose() -> bool:
        domain.choose(
            actor=request.user,
            channels=form.channels(),
            time_zone=form.cleaned_data["time_zone"],
        )
        return True

    if request.method == "POST" and form.is_valid() and attempt(form, choose):
        messages.success(request, _("Saved."))
        return redirect("notifications:preferences")
    context = {"form": form, "trail": _trail(("", _("What you are told")))}
    return render(request, "notifications/preferences.html", context)


@csrf_exempt
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on opening, act on a POST: mail programs open links by themselves (RFC 8058)."""
    user, kinds = domain.read_token(token)
    done = request.method == "POST"
    if done:
        for kind in kinds:
            domain.stop_mail(user=user, kind=kind)
    context = {"kinds": [Kind(kind).label for kind in kinds], "done": done}
    return render(request, "notifications/unsubscribe.html", context)


def _before(rows: Any, cursor: int) -> Page[Notification]:
    """SIZE rows, the newest first, below the key `cursor` where it is given."""
    if cursor:
        rows = rows.filter(pk__lt=cursor)
    items = list(rows.order_by("-pk")[: SIZE + 1])
    more = len(items) > SIZE
    return Page(items=items[:SIZE], next=items[SIZE - 1].pk if more else None, previous=None)


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _back(request: HttpRequest) -> str:
    given = request.POST.get("next", "")
    # A word without a slash would be looked up as the name of a page.
    if given.startswith("/") and url_has_allowed_host_and_scheme(given, allowed_hosts=None):
        return given
    return reverse("notifications:page")
