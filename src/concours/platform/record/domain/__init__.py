from concours.platform.core.actors import System
from concours.platform.record.domain.acting import acting, current_via, name_of
from concours.platform.record.domain.appending import append, subject_name
from concours.platform.record.domain.following import follow
from concours.platform.record.domain.reading import (
    EventPage,
    actors_of,
    acts_of,
    after,
    digest_lines,
    latest,
    of_subjects,
    of_verbs,
    page_before,
    state_of,
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
    "after",
    "append",
    "current_via",
    "digest_lines",
    "export_lines",
    "follow",
    "head",
    "iterate",
    "last_moment",
    "latest",
    "name_of",
    "of_subjects",
    "of_verbs",
    "page_before",
    "state_of",
    "subject_name",
    "verify",
    "verify_lines",
]
