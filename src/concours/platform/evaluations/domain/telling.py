"""Telling staff by mail what waits for them: at most one mail an hour about a kind of thing."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from concours.platform.accounts.domain.lookups import staff_addresses
from concours.platform.core.mailing import Letter, send_letters

PERIOD_S = 3_600


def tell_staff(*, track: Any, about: str, what: str) -> None:
    """Mail the track's organisers, or the operators without a track, after the commit.

    `what` is "faulted", "evaluator-set-aside" or "worker-set-aside", `about` names the thing as
    the record does.
    """
    season_id = None if track is None else track.season_id
    place = "" if track is None else track.code
    key = f"evaluations/told/{what}/{place or 'all'}".replace(" ", "-")
    transaction.on_commit(
        partial(_mail, key=key, season_id=season_id, place=place, about=about, what=what),
        robust=True,
    )


def _mail(*, key: str, season_id: int | None, place: str, about: str, what: str) -> None:
    if not cache.add(key, 1, PERIOD_S):
        return
    letters = []
    for address, language in staff_addresses(season_id=season_id):
        with translation.override(language or "en"):
            body = _("See the desk of evaluations about %(about)s.") % {"about": about}
            letters.append(Letter(address=address, subject=_subject(what, place), body=body))
    send_letters(letters)


def _subject(what: str, place: str) -> str:
    if what == "evaluator-set-aside":
        return _("The evaluator of %(place)s is set aside") % {"place": place}
    if what == "worker-set-aside":
        return _("A worker is set aside")
    return _("An evaluation of %(place)s could not be made") % {"place": place}
