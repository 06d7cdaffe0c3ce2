"""The database's own refusal to change or drop a movement of money."""

from __future__ import annotations

from concours.platform.core.append_only import AppendOnly

MOVEMENTS = AppendOnly(
    table="awards_movement", name="movement", message="movements of money are only added to"
)
install, remove = MOVEMENTS.install, MOVEMENTS.remove
