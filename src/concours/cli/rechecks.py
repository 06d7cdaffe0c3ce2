"""What `concours criteria recheck` does, with the platform awake."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from concours.cli.console import console, errors
from concours.criteria import CloneRefused
from concours.platform.core.actors import System
from concours.platform.core.errors import Refused
from concours.platform.criteria.domain import due_for_recheck, recheck

ACTOR = System("criteria")


def recheck_all(clones: Path, *, days: int, seconds: float) -> bool:
    """Whether every assessment that is due has its report now."""
    due = due_for_recheck(within=timedelta(days=days))
    if not due:
        console.print("nothing expires soon")
        return True
    table = Table("project", "assessment", "outcome", box=None, pad_edge=False)
    well = True
    for one in due:
        with errors.status(f"checking {escape(one.project.slug)} ..."):
            done, told = _outcome(one, clones, seconds)
        table.add_row(one.project.slug, f"{one.set_slug}, {one.stage}", escape(told))
        well = well and done
    console.print(table)
    return well


def _outcome(assessment: Any, clones: Path, seconds: float) -> tuple[bool, str]:
    """(whether it was checked, what to tell)."""
    slug = assessment.project.slug
    clone = next((one for one in (clones / slug, clones / f"{slug}.git") if one.is_dir()), None)
    if clone is None:
        return False, f"there is no clone {slug} or {slug}.git"
    try:
        made = recheck(actor=ACTOR, assessment=assessment, clone=clone, seconds=seconds)
    except CloneRefused as refusal:
        return False, refusal.message
    except Refused as refusal:
        return False, str(refusal.message)
    met = made.results.filter(verdict="met").count()
    return True, f"{met} of {made.results.count()} met at {made.head[:12]}"
