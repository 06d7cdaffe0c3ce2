"""What other apps hear of."""

from __future__ import annotations

from collections.abc import Callable

on_finished: list[Callable[[int], None]] = []
"""Called after the commit of an evaluation's end (any state that is not open), with its key.

Apps append to it in `AppConfig.ready()`. What raises is logged and keeps nobody back.
"""
