"""Why an entry is or is not a finalist, in the reader's language."""

from __future__ import annotations

import math
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
    "partition/within-quota": gettext_lazy(
        "Finalist: place {place} of {part_size} in part {part_number}, which has {seats} seats by "
        "its size."
    ),
    "partition/rounded-up": gettext_lazy(
        "Finalist: place {place} of {part_size} in part {part_number}. By its size the part is "
        "worth {quota:.2f} seats, and the lot rounded it up to {seats}."
    ),
    "partition/rounded-down": gettext_lazy(
        "Not a finalist: place {place} of {part_size} in part {part_number}. By its size the part "
        "is worth {quota:.2f} seats, and the lot rounded it down to {seats}."
    ),
    "partition/below-quota": gettext_lazy(
        "Not a finalist: place {place} of {part_size} in part {part_number}, which has {seats} "
        "seats by its size."
    ),
    "borda/within-quota": gettext_lazy(
        "Finalist: place {place} by the sum of places, and {seats} were to be chosen."
    ),
    "borda/below-quota": gettext_lazy(
        "Not a finalist: place {place} by the sum of places, and {seats} were to be chosen."
    ),
    "within-seats": gettext_lazy(
        "Finalist: place {place} of {part_size} in part {part_number}, which drew {seats} seats. "
        "Its share of all votes is worth {quota:.2f}."
    ),
    "beyond-seats": gettext_lazy(
        "Not a finalist: place {place} of {part_size} in part {part_number}, which drew {seats} "
        "seats. Its share of all votes is worth {quota:.2f}."
    ),
    "nominated": gettext_lazy(
        "Finalist: {nominations:g} of its {reviews} reviewers nominated it, and {enough} were "
        "needed."
    ),
    "nominated-by-coin": gettext_lazy(
        "Finalist: {nominations:g} of its {reviews} reviewers nominated it, and {enough} were "
        "needed. At the edge of a reviewer’s list the lot decides whether it is a nomination; it "
        "fell to this entry."
    ),
    "not-nominated-by-coin": gettext_lazy(
        "Not a finalist: {nominations:g} of its {reviews} reviewers nominated it, and {enough} "
        "were needed. At the edge of a reviewer’s list the lot decides whether it is a nomination; "
        "it did not fall to this entry."
    ),
    "not-nominated": gettext_lazy(
        "Not a finalist: {nominations:g} of its {reviews} reviewers nominated it, and {enough} "
        "were needed."
    ),
    "no-reviews": gettext_lazy("Not a finalist: it has no review."),
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
    code = str(reason.get("code"))
    text = TEXTS.get(f"{reason.get('method')}/{code}", TEXTS.get(code))
    if text is None:
        return _("The reason is not known to this version.")
    sentence = str(text).format(
        **reason,
        part_number=int(reason.get("part", 0)) + 1,
        enough=enough_nominations(reason),
    )
    return sentence if "machine_weight" not in reason else _with_machine(sentence, reason)


def _with_machine(sentence: str, reason: Mapping[str, Any]) -> str:
    """The sentence, and what the machine had to do with it."""
    place = reason["machine_place"]
    facts = {
        "sentence": sentence,
        "share": round(100 * float(reason["machine_weight"])),
        "place": place,
    }
    if place is None:
        return (
            _(
                "%(sentence)s The machine counts %(share)d %% of this; it has no score of the "
                "entry, which puts it last."
            )
            % facts
        )
    return (
        _(
            "%(sentence)s The machine counts %(share)d %% of this; by its scores the entry has "
            "place %(place)d."
        )
        % facts
    )


def enough_nominations(reason: Mapping[str, Any]) -> int:
    """How many nominations select an entry: half of its reviewers, rounded up."""
    return math.ceil(float(reason.get("needed", 0)))
