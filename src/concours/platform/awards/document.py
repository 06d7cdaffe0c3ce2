"""A result's inputs as one document that anyone can keep and compute again.

The document is canonical JSON; its SHA-256 is the inputs' digest in the result and in the record.
It names entries by code and holds no person: jury scores stand sorted, without their jurors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from concours.platform.awards.formula import VERSION, Candidate, Standing, Weights, rank
from concours.platform.awards.prizes import PrizePlan, Settlement, settle
from concours.platform.record.chain import canonical

FORMAT = "concours-result-inputs/1"


@dataclass(frozen=True, kw_only=True)
class PoolInput:
    """A prize pool as the result found it."""

    code: str
    currency: str
    total_minor: int
    prizes: tuple[PrizePlan, ...]


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """All that a result is computed from. `peer` says which peer standing it was.

    `left_out` are the codes of entries of the track without a place.
    """

    track: str
    weights: Weights
    peer: Mapping[str, Any]
    candidates: tuple[Candidate, ...]
    pools: tuple[PoolInput, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the inputs lead to: every place, and by pool who gets what."""

    standings: tuple[Standing, ...]
    settlements: Mapping[str, Settlement]


def outcome_of(inputs: Inputs) -> Outcome:
    """Compute the result. Raises ValueError for inputs that cannot be ranked or shared out."""
    standings = rank(inputs.candidates, inputs.weights)
    places = [(standing.candidate.code, standing.place) for standing in standings]
    return Outcome(
        standings=tuple(standings),
        settlements={
            pool.code: settle(total_minor=pool.total_minor, prizes=pool.prizes, places=places)
            for pool in inputs.pools
        },
    )


def to_text(inputs: Inputs) -> str:
    """The one text of these inputs, whatever order they came in."""
    return canonical(
        {
            "format": FORMAT,
            "formula": VERSION,
            "track": inputs.track,
            "weights": vars(inputs.weights),
            "peer": dict(inputs.peer),
            "entries": [
                {**vars(candidate), "jury": sorted(candidate.jury)}
                for candidate in sorted(inputs.candidates, key=lambda item: item.code)
            ],
            "pools": [
                {**vars(pool), "prizes": [vars(prize) for prize in _by_place(pool.prizes)]}
                for pool in sorted(inputs.pools, key=lambda item: item.code)
            ],
            "left_out": sorted(inputs.left_out),
        }
    )


def from_text(text: str) -> Inputs:
    """The inputs in a document. Raises ValueError for any other text or another formula."""
    try:
        document = json.loads(text)
        if (document["format"], document["formula"]) != (FORMAT, VERSION):
            raise ValueError(f"{document['format']} with formula {document['formula']} is unknown")
        return Inputs(
            track=document["track"],
            weights=Weights(**document["weights"]),
            peer=document["peer"],
            candidates=tuple(
                Candidate(**{**entry, "jury": tuple(entry["jury"])})
                for entry in document["entries"]
            ),
            pools=tuple(
                PoolInput(
                    **{**pool, "prizes": tuple(PrizePlan(**prize) for prize in pool["prizes"])}
                )
                for pool in document["pools"]
            ),
            left_out=tuple(document["left_out"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not the inputs of a result: {error!r}") from error


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _by_place(prizes: Sequence[PrizePlan]) -> list[PrizePlan]:
    return sorted(prizes, key=lambda prize: prize.place_from)
