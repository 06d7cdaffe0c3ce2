from concours.platform.rehearsal.models.clock_shift import ClockShift

__all__ = ["ClockShift"]
