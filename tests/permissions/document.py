"""The matrix as a page of the documentation."""

from __future__ import annotations

from pathlib import Path

from tests.permissions.matrix import Matrix
from tests.permissions.world import EVERYBODY

PAGE = Path(__file__).parents[2] / "docs/reference/permissions.md"
HEAD = """# Permissions

Who gets past the door at each address, in an installation with something of everything. This page
is written by `tests/permissions`, which asks for every address in the name of each role and fails
where it says otherwise; to write it again, run `tests/permissions/test_matrix.py` with
`CONCOURS_WRITE_PERMISSIONS=1`. Where an address names an object (an entry, a review, an award),
whoever is listed reaches at least one of the kind: their own. That nobody reads what is of others
is the other half of the test, which looks for bait in every answer.

*Entrant* and *reviewer* are teams in peer review, *appellant* and *winner* of tracks whose
standings and results are out, *coder* of a track with a leaderboard; *juror* and *judge* serve on
the track of the appellant; *donor* acts for one of those who give a project that is not theirs to
show yet. *Organiser* is staff of the season in question, *other organiser* of
another. The API refuses a body that does not fit before anything else, so of its operations that
take one only those are listed where an empty body fits.

| address | | who |
|---|---|---|
"""


def page(matrix: Matrix) -> str:
    rows = [
        f"| `{pattern}` | {method} | {_who(roles)} |"
        for (method, pattern), roles in sorted(
            matrix.cells.items(), key=lambda cell: (cell[0][1], cell[0][0])
        )
    ]
    return HEAD + "\n".join(rows) + "\n"


def _who(roles: tuple[str, ...]) -> str:
    if roles == EVERYBODY:
        return "everybody"
    if roles == EVERYBODY[1:]:
        return "all who are signed in"
    return ", ".join(roles)
