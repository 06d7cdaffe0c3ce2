from concours.platform.rehearsal.domain.time import current_shift, set_clock

__all__ = ["current_shift", "set_clock"]
