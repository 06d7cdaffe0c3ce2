"""Moving what is one account's to another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.models import Affiliation, StaffRole, User
from concours.platform.core.errors import Refused

TWICE_IS_ONCE: list[type[models.Model]] = [Affiliation, StaffRole]
"""Rows that say the same of both accounts: one of the two is enough. Other apps append theirs."""


def move_rows(*, source: User, target: User) -> dict[str, int]:
    """Point every row of every app that names `source` at `target`. Returns how many of each kind.

    It follows the foreign keys themselves, so that no app is forgotten. Raises Refused where both
    hold what only one person may.
    """
    moved: dict[str, int] = {}
    for model, field in references():
        count = _move(model, field, source=source, target=target)
        if count:
            label = model._meta.label_lower
            moved[label] = moved.get(label, 0) + count
    return moved


def references() -> Iterator[tuple[Any, str]]:
    """(model, name of the foreign key) for whatever points at people, hidden ones included."""
    for relation in User._meta.get_fields(include_hidden=True):
        if relation.auto_created and (relation.one_to_many or relation.one_to_one):
            model: Any = relation.related_model
            if model is not User and not model._meta.auto_created:
                yield model, cast("Any", relation).field.name


def _move(model: Any, field: str, *, source: User, target: User) -> int:
    rows = model._base_manager.filter(**{field: source})
    if model not in TWICE_IS_ONCE:
        try:
            with transaction.atomic():
                return int(rows.update(**{field: target}))
        except IntegrityError:
            raise Refused(
                "both-hold-it",
                _("Both accounts hold something that one person holds once (%(kind)s).")
                % {"kind": model._meta.verbose_name},
            ) from None
    count = 0
    for row in rows:
        try:
            with transaction.atomic():
                model._base_manager.filter(pk=row.pk).update(**{field: target})
            count += 1
        except IntegrityError:
            row.delete()
    return count
