"""Actors that are not people."""

from __future__ import annotations


class System:
    """A clock, an import, the command line of the machine's own operator.

    Only code can name one, never a request; `core.access.require` lets it do what that code does.
    """

    is_authenticated = False
    is_anonymous = True
    is_active = True
    is_superuser = False
    is_staff = False
    pk = None

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"System({self.name!r})"
