"""What the engine raises: every one is a ValueError that a person can act on."""

from __future__ import annotations


class PeerReviewError(ValueError):
    """Base of the engine's errors."""


class BadInput(PeerReviewError):
    """The input is malformed; the message names the array and the index."""


class InfeasibleAssignment(PeerReviewError):
    """No assignment meets all constraints, or none was found (code "not-found").

    Attributes:
        code: "entry-eligible", "reviewer-eligible", "load-total", "mutual", "loads", "jointly"
            or "not-found"; all but the last are proven.
        details: numbers behind the message, for a page that phrases it in its own language.
    """

    def __init__(self, code: str, message: str, **details: int) -> None:
        super().__init__(message)
        self.code = code
        self.details = details
