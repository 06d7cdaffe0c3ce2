from concours.platform.rehearsal.domain.time import (
    current_shift,
    return_to_real_time,
    set_clock,
)

__all__ = ["current_shift", "return_to_real_time", "set_clock"]
