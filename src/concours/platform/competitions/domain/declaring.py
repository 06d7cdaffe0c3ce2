"""A team says again whether it used language models."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from concours.platform.competitions.domain.declarations import (
    Declaration,
    checked_declaration,
    declared_facts,
)
from concours.platform.competitions.domain.entries import require_submissions_open
from concours.platform.competitions.domain.locks import lock_entry
from concours.platform.competitions.models import Entry
from concours.platform.core.access import require
from concours.platform.record import domain as record


@transaction.atomic
def declare_use(*, actor: Any, entry: Entry, declaration: Declaration) -> Entry:
    """Keep what a team says of its use of language models, while its track takes submissions.

    Said again, it replaces what was said; the record keeps that, and a digest of each text. Does
    nothing where the rules do not ask. Raises Refused as `checked_declaration` does.
    """
    entry = lock_entry(entry)
    require(actor, "competitions.edit_entry", entry)
    require_submissions_open(entry)
    kept = checked_declaration(declaration, track=entry.track)
    if kept.used is None or (kept.used, kept.text) == (entry.llm_used, entry.llm_text):
        return entry
    entry.llm_used, entry.llm_text = kept.used, kept.text
    entry.save(update_fields=["llm_used", "llm_text"])
    record.append(
        actor=actor,
        verb="entry.llm_declared",
        subject=entry,
        season=entry.track.season.slug,
        data=declared_facts(kept, policy=entry.track.llm_policy),
    )
    return entry
