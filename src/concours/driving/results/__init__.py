"""Results that anyone can compute again: what was driven, packed in one file, and verified."""

from concours.driving.results.bundle import MOST_BYTES, BadBundle, Bundle, pack, unpack
from concours.driving.results.digest import sha256, trace_digest
from concours.driving.results.manifest import ENGINE_VERSION, Driven, bundle_of, judge
from concours.driving.results.shape import require_shape
from concours.driving.results.sources import Sources, sources_of
from concours.driving.results.verifying import Difference, driven_of, verify

__all__ = [
    "ENGINE_VERSION",
    "MOST_BYTES",
    "BadBundle",
    "Bundle",
    "Difference",
    "Driven",
    "Sources",
    "bundle_of",
    "driven_of",
    "judge",
    "pack",
    "require_shape",
    "sha256",
    "sources_of",
    "trace_digest",
    "unpack",
    "verify",
]
