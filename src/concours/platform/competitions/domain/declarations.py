"""Whether large language models were used, as the track's rules ask it of entries and reviews."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.enums import LlmPolicy
from concours.platform.competitions.models import Track
from concours.platform.core.digests import keyed_digest
from concours.platform.core.errors import Refused
from concours.platform.core.wording import passage

MOST_TEXT = 2_000


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """`used` is None where nothing was said; `text` says which were used, and for what."""

    used: bool | None = None
    text: str = ""


NOTHING = Declaration()


def checked_declaration(declaration: Declaration, *, track: Track) -> Declaration:
    """The declaration as it is kept under the track's rules; nothing where they do not ask.

    Raises Refused where it is missing, says yes without saying what, or says yes although the
    rules forbid it.
    """
    policy = LlmPolicy(track.llm_policy)
    if policy == LlmPolicy.NONE:
        return NOTHING
    if type(declaration.used) is not bool:
        raise Refused("llm-undeclared", _("Say whether a large language model was used."))
    if not declaration.used:
        return Declaration(used=False)
    if policy == LlmPolicy.FORBID:
        raise Refused(
            "llm-forbidden", _("The rules of this track forbid the use of large language models.")
        )
    text = passage(declaration.text, most=MOST_TEXT).strip()
    if not text:
        raise Refused("llm-unexplained", _("Say which model was used, and for what."))
    return Declaration(used=True, text=text)


def declared_facts(declaration: Declaration, *, policy: str) -> dict[str, Any]:
    """What the record holds of a declaration."""
    return {
        "policy": policy,
        "used": declaration.used,
        "text_digest": keyed_digest("llm", declaration.text) if declaration.text else "",
    }
