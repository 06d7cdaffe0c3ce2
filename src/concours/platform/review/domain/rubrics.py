"""Rubrics: written once under a slug, never changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.record.chain import canonical
from concours.platform.review.models import Criterion, Rubric

FULL_MILLI = 100_000
"""100 points in thousandths: the best that a review can give."""

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?")


@dataclass(frozen=True, kw_only=True)
class CriterionPlan:
    """One criterion as planned: whole points 0 .. max_points (1 .. 100), weight 1 .. 1,000."""

    key: str
    title: str
    weight: int
    max_points: int
    title_zh: str = ""
    description: str = ""
    description_zh: str = ""


@transaction.atomic
def create_rubric(
    *, actor: Any, slug: str, title: str, title_zh: str = "", criteria: Sequence[CriterionPlan]
) -> Rubric:
    """Write a rubric. The same content under the same slug again is the same rubric.

    Raises Refused for other content under a slug in use, and for criteria that cannot be scored.
    """
    require(actor, "review.create_rubric")
    _require_sound(slug=slug, title=title, criteria=criteria)
    content = {
        "title": title,
        "title_zh": title_zh,
        "criteria": [asdict(criterion) for criterion in criteria],
    }
    digest = hashlib.sha256(canonical(content).encode()).hexdigest()
    rubric, created = Rubric.objects.get_or_create(
        slug=slug, defaults={"title": title, "title_zh": title_zh, "digest": digest}
    )
    if not created:
        if rubric.digest != digest:
            raise Refused(
                "slug-taken",
                _("A rubric of this name exists with other content. Choose another name."),
            )
        return rubric
    Criterion.objects.bulk_create(
        Criterion(rubric=rubric, position=position, **asdict(criterion))
        for position, criterion in enumerate(criteria, start=1)
    )
    record.append(
        actor=actor, verb="rubric.written", subject=rubric, data={**content, "digest": digest}
    )
    return rubric


def rubric_by_slug(*, slug: str) -> Rubric | None:
    """The rubric of that name, if there is one."""
    return Rubric.objects.filter(slug=slug).first()


def terms(rubric: Rubric) -> list[dict[str, Any]]:
    """The criteria as a round fixes them: [{"key", "weight", "max_points"}] in order."""
    return [
        {"key": row.key, "weight": row.weight, "max_points": row.max_points}
        for row in rubric.criteria.order_by("position")
    ]


def points_milli(*, criteria: Sequence[dict[str, Any]], scores: dict[str, int]) -> int:
    """The weighted share of all points, in thousandths of a point out of 100; half rounds up.

    Exact: whole numbers and fractions only. `scores` is complete and within bounds.
    """
    weights: int = sum(criterion["weight"] for criterion in criteria)
    share = sum(
        (
            Fraction(criterion["weight"] * scores[criterion["key"]], criterion["max_points"])
            for criterion in criteria
        ),
        start=Fraction(0),
    )
    exact: Fraction = share * FULL_MILLI / weights
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def _require_sound(*, slug: str, title: str, criteria: Sequence[CriterionPlan]) -> None:
    if not _SLUG.fullmatch(slug) or len(slug) > 80:
        raise Refused("bad-slug", _("Name the rubric in small letters, digits and hyphens."))
    if not title.strip():
        raise Refused("empty", _("Give the rubric a title."))
    if not 1 <= len(criteria) <= 50:
        raise Refused("no-criteria", _("A rubric has 1 to 50 criteria."))
    keys = [criterion.key for criterion in criteria]
    if len(set(keys)) != len(keys) or not all(
        _SLUG.fullmatch(key) and len(key) <= 40 for key in keys
    ):
        raise Refused(
            "bad-key", _("Give each criterion a key of its own in small letters and digits.")
        )
    for criterion in criteria:
        if not (_within(criterion.weight, 1_000) and _within(criterion.max_points, 100)):
            raise Refused(
                "bad-numbers",
                _("Criterion %(key)s: weights run from 1 to 1000 and points from 1 to 100.")
                % {"key": criterion.key},
            )
        if not criterion.title.strip():
            raise Refused("empty", _("Give each criterion a title."))


def _within(value: Any, most: int) -> bool:
    return type(value) is int and 1 <= value <= most
