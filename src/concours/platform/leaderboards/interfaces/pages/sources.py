"""Published sources: nothing is here before the moment that the rules name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from concours.platform.core.cursor import page_after
from concours.platform.leaderboards.domain.publishing import SUMS, file_of, publication_of
from concours.platform.leaderboards.interfaces.showing import NOBODY, faces_of
from concours.platform.leaderboards.interfaces.support import name_of, track_url, url_of
from concours.platform.leaderboards.models import Publication
from concours.platform.leaderboards.rules import visible_publications
from concours.platform.web.interfaces.shared import cursor_of, the_track, track_trail

A_PAGE = 50


@never_cache
@require_safe
def sources(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = the_track(request, season, track)
    due = publication_of(track=found)
    if due is None:
        raise Http404
    published = visible_publications(request.user).filter(board__track=found)
    page = page_after(
        published.select_related("entry", "board", "submission"),
        field="pk",
        after=cursor_of(request),
        size=A_PAGE,
    )
    return render(
        request,
        "leaderboards/sources.html",
        {
            "track": found,
            "due": due,
            "rows": _rows(request, found, page.items),
            "previous": "" if page.previous is None else str(page.previous),
            "next": "" if page.next is None else str(page.next),
            "trail": track_trail(found, ("", _("Sources"))),
        },
    )


def _rows(request: HttpRequest, track: Any, items: list[Publication]) -> list[dict[str, Any]]:
    rows = []
    for one in items:
        one.board.track = track
        face = faces_of(request.user, one.board, [one.entry.code]).get(one.entry.code, NOBODY)
        rows.append(
            {
                "publication": one,
                "face": face,
                "name": name_of(one.board.split),
                "url": _url(one, "source"),
                "files": len(one.files),
                "size": sum(file["size"] for file in one.files),
            }
        )
    return rows


def the_publication(
    request: HttpRequest, season: str, track: str, split: str, code: str
) -> Publication:
    """The published source; 404 where it is not, whoever asks."""
    found = the_track(request, season, track)
    rows = visible_publications(request.user).select_related("entry", "submission", "board")
    publication = get_object_or_404(rows, board__track=found, board__split=split, entry__code=code)
    publication.board.track = found
    return publication


@never_cache
@require_safe
def entry(request: HttpRequest, season: str, track: str, split: str, code: str) -> HttpResponse:
    found = the_publication(request, season, track, split, code)
    face = faces_of(request.user, found.board, [code]).get(code, NOBODY)
    return render(
        request,
        "leaderboards/source.html",
        {
            "track": found.board.track,
            "publication": found,
            "face": face,
            "name": name_of(split),
            "board_url": url_of(found.board, "board"),
            "sums_url": _url(found, "source-sums"),
            "files": [
                {**file, "url": _url(found, "source-file", file["name"])} for file in found.files
            ],
            "bundles": [file for file in found.files if file["name"].endswith(".zip")][1:2],
            "trail": track_trail(
                found.board.track,
                (track_url(found.board.track, "sources"), _("Sources")),
                ("", face.title),
            ),
        },
    )


@never_cache
@require_safe
def sums(request: HttpRequest, season: str, track: str, split: str, code: str) -> HttpResponse:
    """The files' digests, for `sha256sum --check`."""
    found = the_publication(request, season, track, split, code)
    response = HttpResponse(found.sums, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{SUMS}"'
    return response


@never_cache
@require_safe
def file(
    request: HttpRequest, season: str, track: str, split: str, code: str, name: str
) -> HttpResponseBase:
    """One published file. Never shown in the page: it is a stranger's."""
    found = the_publication(request, season, track, split, code)
    stored = file_of(publication=found, name=name)
    if stored is None:
        raise Http404
    try:
        opened = stored.open("rb")
    except OSError as error:
        raise Http404 from error
    return FileResponse(
        opened,
        as_attachment=True,
        filename=Path(name).name,
        content_type="application/octet-stream",
    )


def _url(publication: Publication, name: str, *more: str) -> str:
    board = publication.board
    args = [board.track.season.slug, board.track.slug, board.split, publication.entry.code, *more]
    return reverse(f"leaderboards:{name}", args=args)
