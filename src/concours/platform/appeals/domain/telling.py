"""Mails about appeals: to those who judge, and to the team. They name no reviewer and no judge."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from concours.platform.accounts.domain.lookups import staff_addresses
from concours.platform.appeals.models import Appeal
from concours.platform.appeals.rules import serving_judges
from concours.platform.core.mailing import Letter, send_letters
from concours.platform.core.text import localised

Addresses = Iterable[tuple[str, str]]


def tell_judges(appeal: Appeal) -> None:
    """Say that an appeal waits, to staff and appointed judges, after the commit."""
    transaction.on_commit(partial(_send, list(addresses_of_judges(appeal)), appeal, "filed"))


def tell_team(appeal: Appeal) -> None:
    """Say that the appeal moved on, to all of the team, after the commit."""
    rows = appeal.entry.team.memberships.select_related("user").order_by("pk")
    people = [(row.user.email, row.user.language) for row in rows if row.user.is_active]
    transaction.on_commit(partial(_send, people, appeal, "moved"))


def remind_judges(appeal: Appeal, addresses: Addresses) -> None:
    """Say that the day to decide is near, after the commit."""
    transaction.on_commit(partial(_send, list(addresses), appeal, "remind"))


def addresses_of_judges(appeal: Appeal) -> Addresses:
    """(address, language) of the season's staff and the track's appointed judges, each once."""
    found = dict(staff_addresses(season_id=appeal.track.season_id))
    for judge in serving_judges(appeal.track).select_related("user"):
        if judge.user.is_active and judge.user.email:
            found.setdefault(judge.user.email, judge.user.language)
    return found.items()


def _send(addresses: list[tuple[str, str]], appeal: Appeal, about: str) -> None:
    letters = []
    for email, language in addresses:
        with translation.override(language or "en"):
            subject, body = _words(appeal, about)
        letters.append(Letter(address=email, subject=subject, body=body))
    send_letters(letters)


def _words(appeal: Appeal, about: str) -> tuple[str, str]:
    values = {
        "track": localised(appeal.track, "title").replace("\n", " "),
        "subject": appeal.subject,
        "state": appeal.get_state_display(),
        "deadline": date_format(appeal.decide_by, "DATETIME_FORMAT"),
    }
    if about == "moved":
        return (
            _("Your appeal: %(state)s") % values,
            _(
                "Your appeal “%(subject)s” in “%(track)s” is now: %(state)s.\n"
                "You find it, with all that was written, on the page of the track’s appeals.\n"
            )
            % values,
        )
    title = (
        _("An appeal was filed: %(track)s")
        if about == "filed"
        else _("An appeal is still to be decided: %(track)s")
    )
    return (
        title % values,
        _(
            "An appeal in “%(track)s” waits: %(subject)s.\n"
            "It is to be decided by %(deadline)s (UTC).\n"
            "You find it on the desk of the track’s appeals. Stand aside if you should not "
            "judge it.\n"
        )
        % values,
    )
