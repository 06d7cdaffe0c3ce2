"""Every role at every address: who gets in, and that nobody reads what is not theirs.

About ten thousand requests. The page docs/reference/permissions.md is what the first test expects.
"""

from __future__ import annotations

import os

import pytest

from concours.platform.core import clock
from tests.bait import stands_in
from tests.permissions import document
from tests.permissions.matrix import Matrix, look
from tests.permissions.routes import routes
from tests.permissions.world import EVERYBODY, NOW, World

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.xdist_group("permissions")]
STAFF = {"organiser", "operator"}
AUDIENCES = {
    "draft season": {"other organiser", "operator"},
    "draft track": STAFF,
    "address": {"entrant"},
    "team": {"entrant", *STAFF},
    "team of a known link": {*EVERYBODY},
    "code": {"entrant", "reviewer", *STAFF},
    "invited address": {"entrant"},
    "name of a key": {"entrant"},
    "review before its release": {"reviewer"},
    "appeal": {"appellant", "judge", *STAFF},
    "comment of a juror": {"juror"},
    "staged change": STAFF,
    "reference of a payment": {"winner", *STAFF},
    "reason for money": STAFF,
    "sealed value": STAFF,
    "log of a run": {"coder", *STAFF},
    "address of a webhook": STAFF,
    "office in a donation under-way": {"donor", "operator"},
    "name of a donation under way": {"donor", "operator"},
    "office in a donation given": {"operator"},
    "name of a contract": {"operator"},
    "text of a contract": {"operator"},
    "reason of a secret ballot": {"judge"},
    "name of a quiet member": {"winner", *STAFF},
    "review kept back": {"winner", *STAFF},
    "review that goes along": {*EVERYBODY},
    "reason of a conflict": {"winner", "operator"},
    "why somebody is invited": {"somebody", "operator"},
    "subject of a credential": {"winner"},
    "reason for a revocation": {"winner", "operator"},
}
"""Who reads each bait somewhere, in whatever answer: they all, and nobody else."""


@pytest.fixture(scope="module")
def matrix(world: World) -> Matrix:
    return look(world, routes(world))


def test_nothing_breaks(matrix: Matrix) -> None:
    assert matrix.broken == []


def test_everybody_reads_what_is_theirs_and_nobody_else_does(matrix: Matrix) -> None:
    assert matrix.seen == AUDIENCES, {
        cell: sorted(paths)[:3]
        for cell, paths in matrix.where.items()
        if cell[1] not in AUDIENCES[cell[0]]
    }


def test_who_gets_in_is_as_documented(matrix: Matrix) -> None:
    if os.environ.get("CONCOURS_WRITE_PERMISSIONS") == "1":
        document.PAGE.write_text(document.page(matrix))
    assert document.page(matrix) == document.PAGE.read_text()


def test_mails_tell_nobody_what_is_not_theirs(world: World) -> None:
    with clock.frozen_at(NOW):
        addresses = {user.email: role for role, user in world.people.items() if user is not None}
        wrong = [
            (what, sorted(to))
            for text, to in world.mails
            for what, word in world.baits.items()
            if stands_in(text, word) and what not in ("invited address", "team of a known link")
            for address in to
            if addresses.get(address) not in AUDIENCES[what]
            # Who is invited is told by which team.
            and (what, address) != ("team", world.baits["invited address"])
        ]
    assert len(world.mails) > 1
    assert wrong == []
