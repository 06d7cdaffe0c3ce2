"""Who contributes to a project and how healthy that is, from its own history.

    figures = health_of(read_history(Path("clone")), at=datetime.now(UTC))
    print(to_json(figures, name="project", head=history.head))

A library: no Django. The clone is a stranger's: nothing of it is run. Figures name no person.
"""

from concours.clones import CloneRefused, Code, Limits
from concours.contribution.health import (
    Health,
    History,
    Month,
    Organisation,
    Retention,
    Year,
    absence_factor,
    health_of,
    is_bot,
    read_history,
)
from concours.contribution.report import BadHealth, StoredHealth, read_health, to_json

__all__ = [
    "BadHealth",
    "CloneRefused",
    "Code",
    "Health",
    "History",
    "Limits",
    "Month",
    "Organisation",
    "Retention",
    "StoredHealth",
    "Year",
    "absence_factor",
    "health_of",
    "is_bot",
    "read_health",
    "read_history",
    "to_json",
]
