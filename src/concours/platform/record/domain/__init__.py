from concours.platform.core.actors import System
from concours.platform.record.domain.acting import acting, current_via, name_of
from concours.platform.record.domain.appending import append, subject_name
from concours.platform.record.domain.verifying import (
    Report,
    export_lines,
    head,
    iterate,
    verify,
    verify_lines,
)

__all__ = [
    "Report",
    "System",
    "acting",
    "append",
    "current_via",
    "export_lines",
    "head",
    "iterate",
    "name_of",
    "subject_name",
    "verify",
    "verify_lines",
]
