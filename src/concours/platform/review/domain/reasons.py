"""Why an entry is or is not a finalist, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TEXTS = {
    "within-quota": gettext_lazy(
        "Finalist: place {place} of {part_size} in part {part_number}, whose share of all votes is "
        "worth {quota:.2f} seats."
    ),
    "rounded-up": gettext_lazy(
        "Finalist: place {place} of {part_size} in part {part_number}. Its share of all votes is "
        "worth {quota:.2f} seats, and the lot rounded it up to {seats}."
    ),
    "rounded-down": gettext_lazy(
        "Not a finalist: place {place} of {part_size} in part {part_number}. Its share of all "
        "votes is worth {quota:.2f} seats, and the lot rounded it down to {seats}."
    ),
    "below-quota": gettext_lazy(
        "Not a finalist: place {place} of {part_size} in part {part_number}, whose share of all "
        "votes is worth {quota:.2f} seats."
    ),
    "by-rank": gettext_lazy("Finalist: place {place} of all, and {size} were to be chosen."),
    "below-rank": gettext_lazy(
        "Not a finalist: place {place} of all, and {size} were to be chosen."
    ),
    "all-selected": gettext_lazy("Finalist: there were no more entries than seats."),
    "no-finalists": gettext_lazy("No finalists were to be chosen."),
    "duty-not-fulfilled": gettext_lazy(
        "Cannot be a finalist: the duty to review is not fulfilled ({defaulted} of {owed} reviews "
        "were not written)."
    ),
}


def phrase_reason(reason: Mapping[str, Any]) -> str:
    """The sentence for a reason as `Standing.reason` holds it; empty for an empty reason."""
    if not reason:
        return ""
    text = TEXTS.get(str(reason.get("code")))
    if text is None:
        return _("The reason is not known to this version.")
    return str(text).format(**reason, part_number=int(reason.get("part", 0)) + 1)
