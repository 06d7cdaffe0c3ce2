"""The administration's rows to look at."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """No row is added, changed or deleted here: an act would be missing from the record."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
