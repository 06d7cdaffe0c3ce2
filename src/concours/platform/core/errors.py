"""What a domain function says when it does not do what was asked."""

from __future__ import annotations

from django.utils.functional import Promise


class Refused(Exception):
    """A refusal that a person can act on; nothing was changed.

    `code` is stable and for programs; `message` is translated and names the mend.
    """

    status = 409

    def __init__(self, code: str, message: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NotPermitted(Refused):
    """The actor may not do this. `hidden` when not even its existence is theirs to know."""

    status = 403

    def __init__(self, code: str, message: str | Promise, *, hidden: bool = False) -> None:
        super().__init__(code, message)
        self.hidden = hidden
