"""One case of one submission: what is ordered, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from concours.evaluation.canonical import digest_of_facts
from concours.evaluation.manifest import Allowed, Evaluator

_DOMAIN = "concours.evaluation.case/1"


class CaseState(StrEnum):
    """SCORED and FAILED are verdicts on the entrant's program; FAULTED is ours or the evaluator's.

    FAILED scores what the manifest gives to a failure.
    """

    SCORED = "scored"
    FAILED = "failed"
    FAULTED = "faulted"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOrder:
    """A case to be run. It can be pickled and sent to another machine.

    Attributes:
        evaluator_folder, prepared_folder: as given to `load`, and as made by `prepare`.
        evaluator_digest: another one is refused; "" takes any.
        seed: of all chance in the run. secret: what sealed cases are made from; never shown.
        limits: in place of the manifest's.
        artefacts: a folder for what is worth keeping of the run; None keeps nothing.
    """

    evaluator_folder: Path
    split: str
    case: str
    prepared_folder: Path
    evaluator_digest: str = ""
    seed: int = 0
    secret: bytes = field(default=b"", repr=False)
    limits: Allowed | None = None
    artefacts: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What came of a case.

    Attributes:
        values: a number for every column; empty where faulted.
        code: "" where scored, else a short name of what went wrong. reason: one sentence for
            people; of a sealed case it tells no more than the code.
        digest: SHA-256 of case, state, values and details; the same on every machine.
        log: what may be shown of what was printed; "" for sealed cases.
        details: what can be computed again beside the values (a drive's trace digest).
        seconds: wall time. layers: how it was shut in. Neither is part of the digest.
        artefacts: the folder with result.zip and replay.html, None without.
    """

    case: str
    state: CaseState
    values: Mapping[str, float] = field(default_factory=dict)
    code: str = ""
    reason: str = ""
    log: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    layers: Mapping[str, str] = field(default_factory=dict)
    artefacts: Path | None = None

    @property
    def digest(self) -> str:
        """SHA-256 over what anyone must get again, whatever machine it ran on."""
        facts = {
            "domain": _DOMAIN,
            "case": self.case,
            "state": str(self.state),
            "values": {name: float(value).hex() for name, value in self.values.items()},
            "details": dict(self.details),
        }
        return digest_of_facts(facts)


def faulted(case: str, code: str, reason: str, *, seconds: float = 0.0) -> CaseResult:
    """A case that has no verdict, by no fault of the entrant's."""
    return CaseResult(case=case, state=CaseState.FAULTED, code=code, reason=reason, seconds=seconds)


def orders(
    evaluator: Evaluator,
    prepared: Path,
    split: str,
    *,
    seed: int = 0,
    secret: bytes = b"",
    artefacts: Path | None = None,
    cases: Sequence[str] | None = None,
) -> Iterator[CaseOrder]:
    """An order for each case of a split, or for those named; artefacts go to a folder a case.

    Raises KeyError for a split that the evaluator does not have.
    """
    for case in evaluator.cases(split) if cases is None else cases:
        yield CaseOrder(
            evaluator_folder=evaluator.folder,
            evaluator_digest=evaluator.digest,
            split=split,
            case=case,
            prepared_folder=prepared,
            seed=seed,
            secret=secret,
            artefacts=artefacts / case if artefacts is not None else None,
        )
