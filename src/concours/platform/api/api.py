"""The typed API, version 1: one router an app."""

from __future__ import annotations

from ninja import NinjaAPI

from concours.platform.api.errors import answer_errors
from concours.platform.record.interfaces.api import router as record_router

api = NinjaAPI(
    title="Concours",
    version="1",
    description="Seasons, tracks, entries, reviews, results and the record.",
    docs_url=None,
)
answer_errors(api)

# Each app's own, in alphabetical order.
api.add_router("/record", record_router)
