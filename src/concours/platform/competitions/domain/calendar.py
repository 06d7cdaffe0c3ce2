"""Arithmetic on the calendar."""

from concours.platform.core.calendar import add_months

__all__ = ["add_months"]
