"""What others do in the next seconds: observations kept by id, and boxes along the time."""

import math

import numpy as np

STEP = 0.25
"""Seconds between two predictions."""
COUNT = 21
"""Predictions, the first of them of now."""
TIMES = STEP * np.arange(COUNT)
STANDS = 0.35
"""m/s below which something stands: the list's speeds are a little wrong."""
ALIKE = 0.4
"""Radians from the way's direction, or against it, within which somebody drives along it."""
BESIDE = 9.0
"""Metres beside the way within which this can be said."""
PERSON = (12, 18, 19, 21)
"""Kinds (tags of the object list) that are not in a vehicle with a roof."""
THING = 20
FADES = 2.0
"""Seconds after which somebody who is no longer seen is forgotten."""


class Track:
    """One object: place, heading, speed, how they change, and since when it stands."""

    def __init__(self, time, kind, x, y, heading, size, speed):
        self.kind, self.x, self.y, self.heading, self.size = kind, x, y, heading, size
        self.speed, self.gain, self.rate = speed, 0.0, 0.0
        self.time = self.born = time
        self._beside = None
        self.stands_since = time if abs(speed) < STANDS else None

    def update(self, time, x, y, heading, size, speed):
        """One more observation; the share of each is small where the noise is large."""
        passed = time - self.time
        self.time = time
        self._beside = None
        expected = self.heading + self.rate * passed
        wrong = math.remainder(heading - expected, 2 * math.pi)
        self.heading = expected + 0.2 * wrong
        self.rate += 0.025 * wrong / passed
        self.x += passed * self.speed * math.cos(self.heading)
        self.y += passed * self.speed * math.sin(self.heading)
        self.x += 0.4 * (x - self.x)
        self.y += 0.4 * (y - self.y)
        self.size = [was + 0.1 * (now - was) for was, now in zip(self.size, size, strict=True)]
        before = self.speed
        self.speed += self.gain * passed + 0.2 * (speed - before - self.gain * passed)
        self.gain += 0.02 * (speed - before) / passed
        if abs(self.speed) >= STANDS:
            self.stands_since = None
        elif self.stands_since is None:
            self.stands_since = time

    def beside(self, line):
        """Where it is beside the one line that is driven; see `Line.beside`."""
        if self._beside is None:
            self._beside = line.beside(self.x, self.y)
        return self._beside

    @property
    def person(self):
        """On foot or on two wheels."""
        return self.kind in PERSON

    def stood(self, time):
        """For how many seconds it has been standing."""
        return 0.0 if self.stands_since is None else time - self.stands_since

    def reach(self):
        """(least, most) metres along its heading by TIMES, as far as one can tell.

        Of what stands, for one time. It may brake or push a little, more if it is doing so, up to
        the speed of a street.
        """
        if abs(self.speed) < STANDS:
            return np.zeros(1), np.zeros(1)
        sign, speed = (1.0, self.speed) if self.speed > 0 else (-1.0, -self.speed)
        doubt = 0.4 if self.person else 0.8
        gain = sign * self.gain if abs(self.gain) > 0.5 else 0.0
        slow = _metres(speed, min(gain, 0.0) - doubt, 0.0)
        fast = _metres(speed, max(gain, 0.0) + doubt, max(speed, 2.0 if self.person else 10.0))
        return (slow, fast) if sign > 0 else (-fast, -slow)


def _metres(speed, gain, bound):
    """Metres by TIMES at a constant acceleration until a bound of the speed is met."""
    until = max((bound - speed) / gain, 0.0)
    there = np.minimum(TIMES, until)
    return speed * there + 0.5 * gain * there**2 + max(bound, 0.0) * (TIMES - there)


class Tracks:
    """Everybody who has been seen of late."""

    def __init__(self):
        self.known = {}

    def update(self, time, here, rows):
        """rows: the object list, in the vehicle's frame (y to the right); here: a Locator."""
        cos, sin = math.cos(here.heading), math.sin(here.heading)
        for row in rows:
            number, kind, ahead, right, up, yaw, *size, forth, aside = row.tolist()
            if abs(up - size[2] / 2) > 3.5:
                continue  # on a bridge above, or under one
            x = here.x + ahead * cos + right * sin
            y = here.y + ahead * sin - right * cos
            heading = here.heading - yaw
            speed = forth * math.cos(yaw) + aside * math.sin(yaw)
            seen = (x, y, heading, size, speed)
            track = self.known.get(number)
            if track is None:
                self.known[number] = Track(time, int(kind), *seen)
            else:
                track.update(time, *seen)
        self.known = {n: t for n, t in self.known.items() if time - t.time < FADES}

    def __iter__(self):
        return iter(self.known.values())


def boxes(track, line):
    """(COUNT, 5) where its box is: x, y, heading, half the length, half the width.

    (1, 5) of what stands. Whoever drives along the line (a way's `Line`) goes on along it and
    drifts as now; others keep speed and turn. The box is stretched by what is in doubt.
    """
    slow, fast = track.reach()
    middle = (slow + fast) / 2
    out = np.empty((len(middle), 5))
    out[:, 3] = track.size[0] / 2 + (fast - slow) / 2
    out[:, 4] = track.size[1] / 2
    metres, left, heading = track.beside(line)
    turned = math.remainder(track.heading - heading, 2 * math.pi)
    against = abs(turned) > math.pi / 2
    if against:
        turned = math.remainder(turned - math.pi, 2 * math.pi)
    if not track.person and abs(turned) < ALIKE and abs(left) < BESIDE:
        sign = -1.0 if against else 1.0
        along = metres + sign * middle * math.cos(turned)
        aside = left + sign * middle * math.sin(turned)
        x, y, heading = line.at(along)
        out[:, 0], out[:, 1] = x - aside * np.sin(heading), y + aside * np.cos(heading)
        out[:, 2] = heading + turned
        return out
    turning = abs(track.rate) > 0.15 and abs(track.speed) > STANDS and not track.person
    turns = middle * (track.rate / track.speed if turning else 0.0)
    half = track.heading + turns / 2
    chord = middle * np.sinc(turns / (2 * math.pi))
    out[:, 0] = track.x + chord * np.cos(half)
    out[:, 1] = track.y + chord * np.sin(half)
    out[:, 2] = track.heading + turns
    return out
