from concours.platform.core.actors import System
from concours.platform.record.domain.acting import acting, current_via, name_of
from concours.platform.record.domain.appending import append, subject_name
from concours.platform.record.domain.reading import (
    EventPage,
    actors_of,
    acts_of,
    digest_lines,
    page_before,
)
from concours.platform.record.domain.verifying import (
    Report,
    export_lines,
    head,
    iterate,
    last_moment,
    verify,
    verify_lines,
)

__all__ = [
    "EventPage",
    "Report",
    "System",
    "acting",
    "actors_of",
    "acts_of",
    "append",
    "current_via",
    "digest_lines",
    "export_lines",
    "head",
    "iterate",
    "last_moment",
    "name_of",
    "page_before",
    "subject_name",
    "verify",
    "verify_lines",
]
