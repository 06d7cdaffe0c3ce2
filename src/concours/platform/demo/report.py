"""Where to look after the demo."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.urls import reverse

from concours.platform.competitions.domain.lookups import season_exists
from concours.platform.demo.play import Played
from concours.platform.record import domain as record


def free_slug(wanted: str) -> str:
    """`wanted`, or the first of wanted-2, wanted-3 ... that no season has."""
    slug, number = wanted, 1
    while season_exists(slug=slug):
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def where_to_look(played: Sequence[Played]) -> Iterator[str]:
    """Addresses of the pages that show what was played, and the record's head."""
    base = f"http://{settings.CONFIG.host}:{settings.CONFIG.port}"
    for item in played:
        arguments = [item.track.season.slug, item.track.slug]
        yield f"{item.track}"
        yield f"  standings  {base}{reverse('review:standings', args=arguments)}"
        yield f"  result     {base}{reverse('awards:result', args=arguments)}"
    count, digest = record.head()
    yield f"The record holds {count} events; its head is {digest}"
