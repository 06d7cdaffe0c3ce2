"""The typed API of competitions."""

from __future__ import annotations

from ninja import Router

from concours.platform.competitions.interfaces.api import entries, proposals, seasons, teams, tracks

router = Router()
for part in (seasons, proposals, tracks, teams, entries):
    router.add_router("", part.router)

__all__ = ["router"]
