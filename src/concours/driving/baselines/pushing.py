"""From a wished acceleration to the pedals."""

LEVER = 5.0
"""m/s2 that the whole of a pedal is worth, about."""


class Push:
    """Follows a speed that the wishes add up to: gears and slopes are left to the feedback."""

    def __init__(self):
        self._time = None
        self._aim = self._sum = 0.0

    def press(self, time, speed, wish):
        """(throttle, brake) at a time (s) for a speed (m/s) and a wished acceleration (m/s2)."""
        passed = 0.05 if self._time is None else time - self._time
        self._time = time
        if wish <= 0 and speed < 0.15:
            self._aim = self._sum = 0.0
            return 0.0, 0.4
        aim = self._aim + wish * passed
        self._aim = max(0.0, speed - 0.6, min(speed + 0.6, aim))
        error = self._aim - speed
        self._sum = max(-1.0, min(1.0, self._sum + error * passed))
        push = self._hold(speed) + wish / LEVER + 0.25 * error + 0.15 * self._sum
        if wish < -3.0:
            push = wish / 8.0
        if push >= 0.0:
            return min(push, 0.8), 0.0
        return 0.0, min(-push, 1.0)

    @staticmethod
    def _hold(speed):
        """The throttle that about keeps a speed."""
        return min(0.3 + 0.05 * speed, 0.45)
