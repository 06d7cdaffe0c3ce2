"""Pages by cursor: the cost of a page does not grow with its number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """`items` in order; `next` and `previous` are cursors, None where there is nothing."""

    items: list[M]
    next: int | None
    previous: int | None


def page_after(
    queryset: models.QuerySet[M], *, field: str, after: int = 0, size: int = 50
) -> Page[M]:
    """The `size` rows whose integer `field` (unique, >= 1, indexed) comes after `after`.

    The numbers may have gaps. Two queries, each reading at most `size` + 1 index entries.
    """
    rows = list(queryset.filter(**{f"{field}__gt": after}).order_by(field)[: size + 1])
    items = rows[:size]
    return Page(
        items=items,
        next=getattr(items[-1], field) if len(rows) > size else None,
        previous=_before(queryset, field=field, after=after, size=size) if after > 0 else None,
    )


def _before(queryset: models.QuerySet[M], *, field: str, after: int, size: int) -> int:
    """The cursor of the page that ends at `after`; 0 for the first page."""
    seen = queryset.filter(**{f"{field}__lte": after}).order_by(f"-{field}")
    found: list[int] = list(seen.values_list(field, flat=True)[size : size + 1])
    return found[0] if found else 0
