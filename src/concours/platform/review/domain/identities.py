"""The one accessor of aliases. Who is behind an alias is told to staff, for a reason, on record."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core.access import require
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record import domain as record
from concours.platform.review.domain.alarms import lock_reader, note_read
from concours.platform.review.enums import AliasKind
from concours.platform.review.models import Pseudonym, ReviewRound

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
BATCH = 5_000


def secret_order(*, key: bytes, count: int) -> list[int]:
    """The places 0 .. count - 1 in an order that only the holder of `key` can tell."""
    return sorted(range(count), key=lambda place: _mac(key, "order", place))


def make_aliases(*, key: bytes, kind: AliasKind, count: int) -> list[str]:
    """`count` different aliases, a function of key, kind and place alone.

    Short while they are few: entries from 4 characters, reviewers from 2.
    """
    length = 4 if kind == AliasKind.ENTRY else 2
    while len(ALPHABET) ** length < 20 * count:
        length += 1
    taken: set[str] = set()
    aliases: list[str] = []
    for place in range(count):
        draw = 0
        while (alias := _alias(_mac(key, f"{kind}/{draw}", place), length)) in taken:
            draw += 1
        taken.add(alias)
        aliases.append(alias)
    return aliases


def give_aliases(
    *,
    round: ReviewRound,  # noqa: A002
    kind: AliasKind,
    subject_ids: Sequence[int],
) -> None:
    """Give each of those entries or people its alias in the round."""
    aliases = make_aliases(key=bytes.fromhex(round.alias_key), kind=kind, count=len(subject_ids))
    Pseudonym.objects.bulk_create(
        [
            Pseudonym(round=round, kind=kind, subject_id=subject, alias=alias)
            for subject, alias in zip(subject_ids, aliases, strict=True)
        ],
        batch_size=BATCH,
    )


def give_further_alias(
    *,
    round: ReviewRound,  # noqa: A002
    kind: AliasKind,
    subject_id: int,
) -> str:
    """The alias of an entry or person who comes in later; the one they have, if they have one."""
    aliases = Pseudonym.objects.filter(round=round, kind=kind)
    own = aliases.filter(subject_id=subject_id).values_list("alias", flat=True).first()
    if own is not None:
        return own
    taken, key = set(aliases.values_list("alias", flat=True)), bytes.fromhex(round.alias_key)
    length = max((len(alias) for alias in taken), default=2)
    while len(ALPHABET) ** length < 20 * len(taken):
        length += 1
    draw = 0
    while (found := _alias(_mac(key, f"{kind}/further/{draw}", len(taken)), length)) in taken:
        draw += 1
    Pseudonym.objects.create(round=round, kind=kind, subject_id=subject_id, alias=found)
    return found


def aliases_of(
    *,
    round: ReviewRound,  # noqa: A002
    kind: AliasKind,
    subject_ids: Collection[int] | None = None,
) -> dict[int, str]:
    """{key of entry or person: alias}: how to call those that the caller knows already."""
    rows = Pseudonym.objects.filter(round=round, kind=kind)
    if subject_ids is not None:
        rows = rows.filter(subject_id__in=list(subject_ids))
    return dict(rows.values_list("subject_id", "alias"))


@transaction.atomic
def reveal(
    *,
    actor: Any,
    round: ReviewRound,  # noqa: A002
    kind: AliasKind,
    alias: str,
    reason: str,
) -> int:
    """The key of the entry or person behind an alias; the record keeps who asked and why.

    Many within an hour raise an alarm that other staff see. Raises NotPermitted unless `actor`
    runs the round, Refused without a reason.
    """
    require(actor, "review.reveal_identity", round)
    if not reason.strip():
        raise Refused("reason-needed", _("Say why; the record keeps it."))
    found = Pseudonym.objects.filter(round=round, kind=kind, alias=alias.strip().upper()).first()
    if found is None:
        raise NotPermitted("no-such-alias", _("There is no such alias."), hidden=True)
    lock_reader(actor)
    record.append(
        actor=actor,
        verb="identity.revealed",
        subject=round,
        season=round.track.season.slug,
        data={"kind": str(kind), "alias": found.alias, "reason": reason.strip()[:500]},
    )
    note_read(actor=actor, round=round)
    return found.subject_id


def pass_aliases_on(*, source_id: int, target_id: int) -> None:
    """Let the aliases of one person's account stand for another account of theirs."""
    Pseudonym.objects.filter(kind=AliasKind.REVIEWER, subject_id=source_id).update(
        subject_id=target_id
    )


def _mac(key: bytes, purpose: str, place: int) -> bytes:
    return hmac.digest(key, f"{purpose}/{place}".encode(), "sha256")


def _alias(digest: bytes, length: int) -> str:
    number = int.from_bytes(digest, "big")
    letters = []
    for _place in range(length):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)
