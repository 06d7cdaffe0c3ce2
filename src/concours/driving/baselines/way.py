"""The way that was told, as a line to measure along."""

import bisect
import math
from itertools import pairwise


class Way:
    """Points x, y (m) of the way and what to do at each."""

    def __init__(self, points, commands):
        kept = [0]
        for number in range(1, len(points)):
            if math.dist(points[number], points[kept[-1]]) > 0.2:
                kept.append(number)
        self.points = [points[number] for number in kept]
        self.commands = [commands[number] for number in kept]
        self.along = [0.0]
        for before, after in pairwise(self.points):
            self.along.append(self.along[-1] + math.dist(before, after))
        self.length = self.along[-1]
        self._pieces = []
        for (ax, ay), (bx, by) in pairwise(self.points):
            self._pieces.append((ax, ay, bx - ax, by - ay, math.hypot(bx - ax, by - ay)))

    def project(self, x, y, near=None):
        """(metres along, metres to the left) of a place; near: look only around these metres."""
        low, high = 0, len(self.points) - 1
        if near is not None:
            low = max(0, bisect.bisect_left(self.along, near - 15) - 1)
            high = min(high, bisect.bisect_right(self.along, near + 25))
        best = (math.inf, 0.0, 0.0)
        for number in range(low, max(high, low + 1)):
            best = min(best, self._beside(number, x, y))
        return best[1], best[2]

    def _beside(self, number, x, y):
        """(distance, metres along, metres to the left) of a place from one piece of the way."""
        if number + 1 >= len(self.points):
            return math.dist((x, y), self.points[-1]), self.length, 0.0
        ax, ay, dx, dy, size = self._pieces[number]
        ahead = ((x - ax) * dx + (y - ay) * dy) / size
        inside = min(max(ahead, 0.0), size)
        last = number + 2 == len(self.points)
        if last:
            inside = max(ahead, 0.0)  # the way goes on straight beyond its end
        left = ((y - ay) * dx - (x - ax) * dy) / size
        away = math.hypot(left, ahead - inside)
        return away, self.along[number] + inside, left

    def at(self, metres):
        """(x, y, heading) so many metres along, straight on beyond the end."""
        number = min(max(bisect.bisect_right(self.along, metres) - 1, 0), len(self.points) - 2)
        (ax, ay), (bx, by) = self.points[number], self.points[number + 1]
        size = self.along[number + 1] - self.along[number]
        part = (metres - self.along[number]) / size
        return ax + part * (bx - ax), ay + part * (by - ay), math.atan2(by - ay, bx - ax)

    def bend(self, metres, over=6.0):
        """Curvature (1/m) of the way around a place, by the turn over a few metres."""
        before, after = self.at(max(metres - over / 2, 0.0))[2], self.at(metres + over / 2)[2]
        return math.remainder(after - before, 2 * math.pi) / over
