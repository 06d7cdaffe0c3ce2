"""Whether a season's money takes two people."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from concours.platform.awards.models import MoneyTerms
from concours.platform.core.access import require
from concours.platform.core.locking import lock
from concours.platform.record import domain as record


def four_eyes_in(*, season_id: int) -> bool:
    """Whether who asks for an act on money may not confirm it; unless changed, so it is."""
    terms = MoneyTerms.objects.filter(season_id=season_id).first()
    return terms is None or terms.four_eyes


@transaction.atomic
def set_four_eyes(*, actor: Any, season: Any, wanted: bool) -> None:
    """Demand two people for release, claw-back, grant and return, or do not.

    Only operators may: an organiser who could switch it off would not be held by it. Open requests
    keep the term under which they were asked.
    """
    season = lock(season)
    require(actor, "awards.set_four_eyes", season)
    if four_eyes_in(season_id=season.pk) == wanted:
        return
    MoneyTerms.objects.update_or_create(season=season, defaults={"four_eyes": wanted})
    record.append(
        actor=actor,
        verb="money.four-eyes-on" if wanted else "money.four-eyes-off",
        subject=season,
        season=season.slug,
        data={"four_eyes": wanted},
    )
