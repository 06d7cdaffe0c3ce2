"""Places and directions, left-handed: x forward, y right, z up; yaw clockwise, in degrees."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

V = TypeVar("V", bound="Vector3D")


@dataclass(slots=True)
class Vector2D:
    x: float = 0.0
    y: float = 0.0

    def length(self) -> float:
        """Euclidean."""
        return math.hypot(self.x, self.y)

    def squared_length(self) -> float:
        """The length, squared."""
        return self.x**2 + self.y**2

    def make_unit_vector(self) -> Vector2D:
        """Of the same direction and length 1. Raises RuntimeError for a vector of length 0."""
        length = self.length()
        if length == 0.0:
            raise RuntimeError("a vector of length 0 has no direction")
        return self / length

    def __iter__(self) -> Iterator[float]:
        return iter((self.x, self.y))

    def __add__(self, other: Vector2D) -> Vector2D:
        return Vector2D(self.x + other.x, self.y + other.y)

    def __sub__(self, other: Vector2D) -> Vector2D:
        return Vector2D(self.x - other.x, self.y - other.y)

    def __mul__(self, factor: float) -> Vector2D:
        return Vector2D(self.x * factor, self.y * factor)

    __rmul__ = __mul__

    def __truediv__(self, divisor: float) -> Vector2D:
        return Vector2D(self.x / divisor, self.y / divisor)


@dataclass(slots=True)
class Vector3D:
    x: float = 0.0
    y: float = 0.0
    z: float = 0.0

    def __iter__(self) -> Iterator[float]:
        return iter((self.x, self.y, self.z))

    def __add__(self: V, other: Vector3D) -> V:
        return type(self)(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self: V, other: Vector3D) -> V:
        return type(self)(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self: V, factor: float) -> V:
        return type(self)(self.x * factor, self.y * factor, self.z * factor)

    __rmul__ = __mul__

    def __truediv__(self: V, divisor: float) -> V:
        return type(self)(self.x / divisor, self.y / divisor, self.z / divisor)

    def __neg__(self: V) -> V:
        return self * -1.0

    def length(self) -> float:
        """Euclidean."""
        return math.sqrt(self.squared_length())

    def squared_length(self) -> float:
        """The length, squared."""
        return self.x**2 + self.y**2 + self.z**2

    def make_unit_vector(self) -> Vector3D:
        """Of the same direction and length 1. Raises RuntimeError for a vector of length 0."""
        length = self.length()
        if length == 0.0:
            raise RuntimeError("a vector of length 0 has no direction")
        return Vector3D(self.x / length, self.y / length, self.z / length)

    def dot(self, other: Vector3D) -> float:
        """Scalar product."""
        return self.x * other.x + self.y * other.y + self.z * other.z

    def dot_2d(self, other: Vector3D) -> float:
        """Scalar product of x and y."""
        return self.x * other.x + self.y * other.y

    def cross(self, other: Vector3D) -> Vector3D:
        """Vector product."""
        return Vector3D(
            self.y * other.z - self.z * other.y,
            self.z * other.x - self.x * other.z,
            self.x * other.y - self.y * other.x,
        )

    def distance(self, other: Vector3D) -> float:
        """Metres between two points."""
        return math.dist(tuple(self), tuple(other))

    def distance_2d(self, other: Vector3D) -> float:
        """Metres between two points, seen from above."""
        return math.hypot(self.x - other.x, self.y - other.y)

    def distance_squared(self, other: Vector3D) -> float:
        """The distance, squared."""
        return self.distance(other) ** 2

    def distance_squared_2d(self, other: Vector3D) -> float:
        """The distance seen from above, squared."""
        return self.distance_2d(other) ** 2

    def __abs__(self: V) -> V:
        return type(self)(abs(self.x), abs(self.y), abs(self.z))

    abs = __abs__

    def get_vector_angle(self, other: Vector3D) -> float:
        """Radians between two vectors."""
        length = self.length() * other.length()
        return math.acos(max(-1.0, min(1.0, self.dot(other) / length)))


@dataclass(slots=True)
class Location(Vector3D):
    """A place, in metres."""


@dataclass(slots=True)
class GeoLocation:
    """A place on the earth: degrees and metres."""

    latitude: float = 0.0
    longitude: float = 0.0
    altitude: float = 0.0


@dataclass(slots=True)
class Rotation:
    """Degrees: pitch nose up, yaw to the right, roll left side up."""

    pitch: float = 0.0
    yaw: float = 0.0
    roll: float = 0.0

    def _axes(self) -> tuple[Vector3D, Vector3D, Vector3D]:
        """Forward, right and up."""
        sp, cp = _sin_cos(self.pitch)
        sy, cy = _sin_cos(self.yaw)
        sr, cr = _sin_cos(self.roll)
        forward = Vector3D(cp * cy, cp * sy, sp)
        right = Vector3D(cy * sp * sr - sy * cr, sy * sp * sr + cy * cr, -cp * sr)
        up = Vector3D(-cy * sp * cr - sy * sr, -sy * sp * cr + cy * sr, cp * cr)
        return forward, right, up

    def get_forward_vector(self) -> Vector3D:
        """Where the nose points."""
        return self._axes()[0]

    def get_right_vector(self) -> Vector3D:
        """Where the right side points."""
        return self._axes()[1]

    def get_up_vector(self) -> Vector3D:
        """Where the roof points."""
        return self._axes()[2]


def _sin_cos(degrees: float) -> tuple[float, float]:
    angle = math.radians(degrees)
    return math.sin(angle), math.cos(angle)


@dataclass(slots=True)
class Transform:
    """A place and an attitude."""

    location: Location = field(default_factory=Location)
    rotation: Rotation = field(default_factory=Rotation)

    def transform(self, point: Vector3D) -> Location:
        """A point of this frame, in the world's."""
        forward, right, up = self.rotation._axes()
        moved = forward * point.x + right * point.y + up * point.z
        return self.location + moved

    def inverse_transform(self, point: Vector3D) -> Location:
        """A point of the world, in this frame."""
        apart = point - self.location
        return Location(*(axis.dot(apart) for axis in self.rotation._axes()))

    def transform_vector(self, vector: Vector3D) -> Vector3D:
        """A direction of this frame, in the world's."""
        forward, right, up = self.rotation._axes()
        return forward * vector.x + right * vector.y + up * vector.z

    def get_forward_vector(self) -> Vector3D:
        """Where the nose points."""
        return self.rotation.get_forward_vector()

    def get_right_vector(self) -> Vector3D:
        """Where the right side points."""
        return self.rotation.get_right_vector()

    def get_up_vector(self) -> Vector3D:
        """Where the roof points."""
        return self.rotation.get_up_vector()

    def get_matrix(self) -> list[list[float]]:
        """4 x 4, from this frame to the world."""
        rows = zip(*self.rotation._axes(), self.location, strict=True)
        return [list(row) for row in rows] + [[0.0, 0.0, 0.0, 1.0]]

    def get_inverse_matrix(self) -> list[list[float]]:
        """4 x 4, from the world to this frame."""
        origin = self.inverse_transform(Location())
        rows = zip(self.rotation._axes(), origin, strict=True)
        return [[*axis, moved] for axis, moved in rows] + [[0.0, 0.0, 0.0, 1.0]]


@dataclass(slots=True)
class BoundingBox:
    """A box; extent is half its length, width and height."""

    location: Location = field(default_factory=Location)
    extent: Vector3D = field(default_factory=Vector3D)
    rotation: Rotation = field(default_factory=Rotation)
