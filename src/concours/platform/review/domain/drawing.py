"""The draw itself, and what to say when no assignment meets all constraints."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concours.peerreview import (
    AssignmentProblem,
    AssignmentResult,
    InfeasibleAssignment,
    assign,
    check_assignment,
)
from concours.platform.review.domain.problem import Facts, parts_wanted, problem_of
from concours.platform.review.enums import ConflictKind

PLAIN = "balanced"
"""The method that tells whether there is an assignment at all."""
CAP_STEPS = 1_024
"""A cap that was raised is a whole multiple of 1 / CAP_STEPS."""
TRIES = 8
"""How many organisations, largest first, are tried as the ones to loosen."""

REASONS = {
    "entry-eligible": gettext_lazy(
        "{short} entries have too few eligible reviewers; the worst off has {eligible} and needs "
        "{needed}. Lower the reviews per entry to {eligible}, or loosen conflicts."
    ),
    "reviewer-eligible": gettext_lazy(
        "A reviewer may review {eligible} entries and must review {needed}. Lower the reviews per "
        "entry, or loosen conflicts."
    ),
    "load-total": gettext_lazy(
        "Reviewers can do {available} reviews and {needed} are needed. Lower the reviews per "
        "entry, or loosen conflicts."
    ),
    "mutual": gettext_lazy(
        "There are too few entries for {needed} reviews each without two entries that review each "
        "other. Lower the reviews per entry."
    ),
    "loads": gettext_lazy(
        "Conflicts leave no way to share the reviews evenly. Lower the reviews per entry, or "
        "loosen conflicts."
    ),
    "jointly": gettext_lazy(
        "Conflicts leave several entries too few reviewers together. Lower the reviews per entry, "
        "or loosen conflicts."
    ),
    "max-probability": gettext_lazy(
        "There are too few eligible reviewers to leave who meets whom to chance. Lower the reviews "
        "per entry, or loosen conflicts."
    ),
    "not-found": gettext_lazy(
        "No assignment was found. Lower the reviews per entry, or loosen conflicts."
    ),
}


def draw(facts: Facts, *, seed: bytes) -> tuple[AssignmentProblem, AssignmentResult]:
    """Problem and assignment, in parts where that is possible, else in one.

    Raises InfeasibleAssignment (for one part) where neither is.
    """
    wanted = parts_wanted(facts)
    if wanted > 1:
        try:
            return draw_in(facts, parts=wanted, seed=seed)
        except InfeasibleAssignment:
            pass
    return draw_in(facts, parts=1, seed=seed)


def draw_in(facts: Facts, *, parts: int, seed: bytes) -> tuple[AssignmentProblem, AssignmentResult]:
    """Problem and assignment in that many parts. Raises InfeasibleAssignment.

    Where the cap on chances leaves too few pairs, it is the least that leaves enough.
    """
    try:
        return _drawn(facts, parts=parts, seed=seed)
    except InfeasibleAssignment as error:
        if error.code != "max-probability" or not error.details:
            raise
        steps = -(-CAP_STEPS * error.details["numerator"] // error.details["denominator"])
        return _drawn(replace(facts, cap=min(1.0, steps / CAP_STEPS)), parts=parts, seed=seed)


def _drawn(facts: Facts, *, parts: int, seed: bytes) -> tuple[AssignmentProblem, AssignmentResult]:
    problem = problem_of(facts, parts=parts)
    result = assign(problem, seed=seed, method=facts.methods.assignment)
    broken = check_assignment(problem, result.pairs, part=result.part)
    if broken:
        raise InfeasibleAssignment("not-found", broken[0].message)
    return problem, result


def organisations_to_loosen(facts: Facts, *, seed: bytes) -> list[int]:
    """The largest organisations without whose conflicts an assignment exists; [] if none helps."""
    organisations = sorted(
        (group for group in facts.groups if group.kind == ConflictKind.ORGANISATION),
        key=lambda group: (-len(group.entry_ids), group.key),
    )
    facts = replace(facts, methods=replace(facts.methods, assignment=PLAIN))
    dropped: list[int] = []
    for group in organisations[:TRIES]:
        dropped.append(group.key)
        kept = tuple(
            other
            for other in facts.groups
            if other.kind != ConflictKind.ORGANISATION or other.key not in dropped
        )
        try:
            draw_in(replace(facts, groups=kept), parts=1, seed=seed)
        except InfeasibleAssignment:
            continue
        return dropped
    return []


def phrase(error: InfeasibleAssignment, *, organisations: list[str]) -> str:
    """The engine's reason in the reader's language, with the organisations to loosen."""
    reason = str(REASONS.get(error.code, REASONS["not-found"])).format(**error.details)
    if not organisations:
        return reason
    return _("{reason} It would do to let conflicts of these organisations pass: {names}.").format(
        reason=reason, names=", ".join(organisations)
    )
