"""What other apps' pages show of prizes."""

from __future__ import annotations

from typing import Any

from django import template

from concours.platform.awards.domain.queries import pools_of, season_totals

register = template.Library()


@register.simple_tag(takes_context=True)
def prize_pools(context: dict[str, Any], track: Any) -> list[Any]:
    """The track's prize pools that the reader may see, with their prizes."""
    return pools_of(user=context["request"].user, track=track)


@register.simple_tag(takes_context=True)
def prize_totals(context: dict[str, Any], season: Any) -> list[tuple[str, int]]:
    """[(currency, total in minor units)] over the season's tracks that the reader may see."""
    return season_totals(user=context["request"].user, season=season)
