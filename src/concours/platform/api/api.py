"""The typed API, version 1: one router an app."""

from __future__ import annotations

from ninja import NinjaAPI

api = NinjaAPI(title="Concours", version="1")
