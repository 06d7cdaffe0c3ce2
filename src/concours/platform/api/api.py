"""The typed API, version 1: one router an app."""

from __future__ import annotations

from concours.platform.accounts.interfaces.api import router as accounts_router
from concours.platform.api.described import DescribedAPI
from concours.platform.api.errors import answer_errors
from concours.platform.api.parsing import PlainTextParser
from concours.platform.api.rates import PerCaller
from concours.platform.appeals.interfaces.api import router as appeals_router
from concours.platform.awards.interfaces.api import router as awards_router
from concours.platform.awards.interfaces.money_api import router as money_router
from concours.platform.competitions.interfaces.api import router as competitions_router
from concours.platform.criteria.interfaces.api import router as criteria_router
from concours.platform.donations.interfaces.api import router as donations_router
from concours.platform.evaluations.interfaces.api import router as evaluations_router
from concours.platform.governance.interfaces.api import router as governance_router
from concours.platform.handover.interfaces.api import router as handover_router
from concours.platform.incubation.interfaces.api import router as incubation_router
from concours.platform.integrity.interfaces.api import router as integrity_router
from concours.platform.leaderboards.interfaces.api import router as leaderboards_router
from concours.platform.notifications.interfaces.api import router as notifications_router
from concours.platform.profiles.interfaces.api import router as profiles_router
from concours.platform.record.interfaces.api import router as record_router
from concours.platform.register.interfaces.api import router as projects_router
from concours.platform.review.interfaces.api import router as review_router

api = DescribedAPI(
    title="Concours",
    version="1",
    description="Seasons, tracks, entries, reviews, results and the record.",
    docs_url=None,
    parser=PlainTextParser(),
    throttle=PerCaller(),
)
answer_errors(api)

# Each app's own, in alphabetical order.
api.add_router("/account", accounts_router)
api.add_router("/appeals", appeals_router)
api.add_router("/awards", awards_router)
api.add_router("", competitions_router)
api.add_router("/criteria", criteria_router)
api.add_router("/donations", donations_router)
api.add_router("/incubation", incubation_router)
api.add_router("", evaluations_router)
api.add_router("/boards", leaderboards_router)
api.add_router("/governance", governance_router)
api.add_router("/dossiers", handover_router)
api.add_router("/integrity", integrity_router)
api.add_router("/money", money_router)
api.add_router("/notifications", notifications_router)
api.add_router("/people", profiles_router)
api.add_router("/projects", projects_router)
api.add_router("/record", record_router)
api.add_router("/review", review_router)
