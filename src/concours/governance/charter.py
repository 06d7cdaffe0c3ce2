"""A charter: the bodies, their rules of voting, and which votes move a project between stages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from concours.governance.attendance import Suspension
from concours.governance.rule import Rule

STAGES = ("candidate", "preparation", "incubating", "graduated", "archived")


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a clause comes from. `confirmed` is false where the source could not be read, or says
    it of something else: then it is this preset's reading."""

    title: str
    title_zh: str
    address: str
    clause: str
    clause_zh: str
    dated: date | None
    says: str
    says_zh: str
    confirmed: bool


@dataclass(frozen=True, kw_only=True)
class CharterBody:
    """A body: `roles` are all there are in it, `voting` those that vote, `chair` the role whose
    vote can decide a tie. `seats` is 0 where the charter names no number."""

    key: str
    name: str
    name_zh: str
    seats: int
    roles: tuple[str, ...]
    voting: tuple[str, ...]
    chair: str
    suspension: Suspension | None


@dataclass(frozen=True, kw_only=True)
class Transition:
    """A project moves from one of `origins` to `to` once all `votes` (rules) passed, in order.

    Without votes the foundation's office decides, with its reasons.
    """

    origins: tuple[str, ...]
    to: str
    votes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Charter:
    """`digest` is the SHA-256 of the text it was read from."""

    name: str
    version: str
    title: str
    title_zh: str
    note: str
    note_zh: str
    sources: tuple[Source, ...]
    bodies: tuple[CharterBody, ...]
    rules: tuple[Rule, ...]
    transitions: tuple[Transition, ...]
    digest: str

    @property
    def unset(self) -> tuple[str, ...]:
        """The rules whose threshold the foundation has still to set."""
        return tuple(rule.key for rule in self.rules if rule.unset)

    def body(self, key: str) -> CharterBody:
        """Raises KeyError for a body that the charter does not know."""
        return {body.key: body for body in self.bodies}[key]

    def rule(self, key: str) -> Rule:
        """Raises KeyError for a rule that the charter does not know."""
        return {rule.key: rule for rule in self.rules}[key]

    def transition(self, *, origin: str, to: str) -> Transition | None:
        """The one from `origin` to `to`; None where the charter knows no such step."""
        for found in self.transitions:
            if found.to == to and origin in found.origins:
                return found
        return None

    def ways_from(self, origin: str) -> tuple[str, ...]:
        """The stages that can be asked for from `origin`."""
        return tuple(found.to for found in self.transitions if origin in found.origins)
