"""Seasons and their batches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.enums import SeasonState
from concours.platform.competitions.models import Batch, Season
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record


@transaction.atomic
def create_season(
    *,
    actor: Any,
    slug: str,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    title_zh: str = "",
    summary: str = "",
    summary_zh: str = "",
    proposals_open_at: datetime | None = None,
    proposals_close_at: datetime | None = None,
) -> Season:
    """Create a season as a draft.

    Raises Refused for a slug that is taken or dates in the wrong order, NotPermitted unless
    `actor` organises the installation.
    """
    require(actor, "competitions.create_season", None)
    if ends_at <= starts_at:
        raise Refused("dates-in-wrong-order", _("A season ends after it starts."))
    season = Season(
        slug=slug,
        title=title,
        title_zh=title_zh,
        summary=summary,
        summary_zh=summary_zh,
        starts_at=starts_at,
        ends_at=ends_at,
        proposals_open_at=proposals_open_at,
        proposals_close_at=proposals_close_at,
    )
    try:
        with transaction.atomic():
            season.save(force_insert=True)
    except IntegrityError:
        raise Refused("slug-taken", _("A season with this short name exists already.")) from None
    record.append(
        actor=actor,
        verb="season.created",
        subject=season,
        season=slug,
        data={
            "title": title,
            "starts_at": starts_at.isoformat(),
            "ends_at": ends_at.isoformat(),
        },
    )
    return season


@transaction.atomic
def create_batch(
    *,
    actor: Any,
    season: Season,
    number: int,
    title: str,
    starts_at: datetime,
    final_at: datetime,
    title_zh: str = "",
) -> Batch:
    """Add a batch within the season's time. Raises Refused for a taken number or wrong dates."""
    season = lock(season)
    require(actor, "competitions.edit_season", season)
    if not season.starts_at <= starts_at < final_at <= season.ends_at:
        raise Refused(
            "dates-in-wrong-order", _("A batch starts before its final, both within the season.")
        )
    if season.batches.filter(number=number).exists():
        raise Refused("number-taken", _("The season has a batch of this number already."))
    batch = Batch.objects.create(
        season=season,
        number=number,
        title=title,
        title_zh=title_zh,
        starts_at=starts_at,
        final_at=final_at,
    )
    record.append(
        actor=actor,
        verb="batch.created",
        subject=season,
        season=season.slug,
        data={
            "number": number,
            "starts_at": starts_at.isoformat(),
            "final_at": final_at.isoformat(),
        },
    )
    return batch


@transaction.atomic
def open_season(*, actor: Any, season: Season) -> Season:
    """Make a drafted season public. Raises Refused when it is not a draft."""
    season = lock(season)
    require(actor, "competitions.edit_season", season)
    if season.state != SeasonState.DRAFT:
        raise Refused("not-a-draft", _("The season has been opened already."))
    season.state = SeasonState.OPEN
    season.save(update_fields=["state"])
    record.append(actor=actor, verb="season.opened", subject=season, season=season.slug)
    return season
