"""The book-keeping of awards, free of the database: integers in minor units of one currency.

A movement takes an amount out of one account and puts it into another, so whatever is written, all
accounts of a pool sum to zero. What has to be watched is that no account is overdrawn but `prizes`,
which is where the money of a pool comes from once its result is published, and where it goes back
to when that result is replaced by another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from concours.platform.awards.enums import Account, MovementKind

Key = TypeVar("Key", str, int)

ROUTES: Mapping[MovementKind, tuple[tuple[Account, Account], ...]] = {
    MovementKind.RESERVE: ((Account.PRIZES, Account.POOL),),
    MovementKind.HOLD: ((Account.PRIZES, Account.HELD),),
    MovementKind.GRANT: ((Account.POOL, Account.HELD),),
    MovementKind.RELEASE: ((Account.HELD, Account.RELEASED),),
    MovementKind.PAY: ((Account.RELEASED, Account.PAID),),
    MovementKind.WITHDRAW: ((Account.HELD, Account.POOL), (Account.RELEASED, Account.POOL)),
    MovementKind.DEMAND: ((Account.PAID, Account.OWED),),
    MovementKind.RECOVER: ((Account.OWED, Account.POOL),),
    MovementKind.GIVE_BACK: ((Account.POOL, Account.SPONSOR),),
    MovementKind.UNDO: (
        (Account.POOL, Account.PRIZES),
        (Account.HELD, Account.PRIZES),
        (Account.RELEASED, Account.PRIZES),
    ),
}
"""From which account to which each kind of movement goes."""

OF_WINNERS = (Account.HELD, Account.RELEASED, Account.PAID, Account.OWED)
"""The accounts that every award has for itself; the others are the pool's."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """One movement. `payout` is the award's code, "" for a movement of the pool itself."""

    kind: str
    source: str
    target: str
    amount_minor: int
    payout: str = ""

    @property
    def allowed(self) -> bool:
        """Whether a movement of this kind goes this way, with a positive amount."""
        routes = ROUTES.get(MovementKind(self.kind), ())
        return self.amount_minor > 0 and (self.source, self.target) in routes


class Books:
    """The accounts of one pool, kept by replaying its movements."""

    def __init__(self) -> None:
        self._balances: Counter[tuple[str, str]] = Counter()

    def post(self, move: Move) -> None:
        """Write a movement. Raises ValueError for one that is not allowed or overdraws."""
        if move.kind not in MovementKind or not move.allowed:
            raise ValueError(
                f"a movement {move.kind} of {move.amount_minor} from {move.source} to {move.target}"
                " is not allowed"
            )
        source, target = self._key(move.source, move), self._key(move.target, move)
        if source[0] != Account.PRIZES and self._balances[source] < move.amount_minor:
            raise ValueError(
                f"{move.kind} takes {move.amount_minor} out of {' '.join(source).strip()}, "
                f"which holds {self._balances[source]}"
            )
        self._balances[source] -= move.amount_minor
        self._balances[target] += move.amount_minor

    def balance(self, account: str, payout: str = "") -> int:
        """What an account holds, in minor units: the pool's, or that of one award."""
        return self._balances[(str(account), payout)]

    def total(self, account: str) -> int:
        """What all accounts of that name hold together."""
        return sum(held for (name, _), held in self._balances.items() if name == account)

    @property
    def sum(self) -> int:
        """All accounts together: 0, whatever was posted."""
        return sum(self._balances.values())

    @staticmethod
    def _key(account: str, move: Move) -> tuple[str, str]:
        return str(account), move.payout if account in OF_WINNERS else ""


def split(amount: int, parts: Mapping[Key, int]) -> dict[Key, int]:
    """`amount` shared out in proportion to whole `parts` (not negative, not all 0), exactly.

    What does not divide goes, one minor unit each, to the largest remainders; equal remainders in
    order of key. Sums to `amount`. Raises ValueError for parts or an amount that cannot be.
    """
    whole = sum(parts.values())
    if amount < 0 or whole <= 0 or min(parts.values()) < 0:
        raise ValueError("parts and amount are not negative, and some part is positive")
    shares = {key: amount * part // whole for key, part in parts.items()}
    left = amount - sum(shares.values())
    by_remainder = sorted(parts, key=lambda key: (-(amount * parts[key] % whole), key))
    for key in by_remainder[:left]:
        shares[key] += 1
    return shares


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A claw-back: what is taken out of what was held and released, and from whom the rest is
    demanded, by key."""

    held: int
    released: int
    demanded: Mapping[int, int]


def take_back(amount: int, *, held: int, released: int, paid: Mapping[int, int]) -> Taken:
    """How a claw-back of `amount` is met: first by what has not left us, then by each payee in
    proportion to what they got. Raises ValueError for more than there is."""
    if not 0 < amount <= held + released + sum(paid.values()):
        raise ValueError("more than there is to take back")
    from_held = min(amount, held)
    from_released = min(amount - from_held, released)
    rest = amount - from_held - from_released
    demanded = split(rest, paid) if rest else {}
    return Taken(
        held=from_held,
        released=from_released,
        demanded={key: part for key, part in demanded.items() if part},
    )


def dues(standing: int, *, parts: Mapping[int, int], paid: Mapping[int, int]) -> dict[int, int]:
    """What each payee is still to get of what is theirs now; never negative."""
    shares = split(standing, parts)
    return {key: max(0, share - paid.get(key, 0)) for key, share in shares.items()}


def replay(moves: Iterable[Move]) -> Books:
    """The books after all movements. Raises ValueError at the first that cannot be."""
    books = Books()
    for move in moves:
        books.post(move)
    return books


def moves_as_json(moves: Sequence[Move]) -> list[list[str | int]]:
    """As events hold them: [kind, from, to, amount in minor units]."""
    return [[str(m.kind), str(m.source), str(m.target), m.amount_minor] for m in moves]
