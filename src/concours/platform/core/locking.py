"""Row locks, so that two people who press the same button take turns."""

from __future__ import annotations

from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


def lock(instance: M) -> M:
    """`instance` as it is stored now, locked until the transaction ends.

    Rows that point to it can still be stored: they need its key alone, and whoever stores one may
    hold the record's head already. On SQLite the transaction already holds the one write lock (it
    began IMMEDIATE).
    """
    rows = instance.__class__._default_manager.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=instance.pk)
