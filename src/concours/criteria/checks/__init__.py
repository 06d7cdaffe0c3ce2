"""The machine checks, by name: one file each."""

from __future__ import annotations

from concours.criteria.checks import (
    activity,
    author_identities,
    bus_factor,
    changelog,
    continuous_integration,
    contributors,
    document,
    history_complete,
    licence_file,
    licence_headers,
    no_binaries,
    no_secrets,
    rebuildable,
    release_cadence,
    release_tags,
    response_times,
    semantic_versions,
    signed_off,
    signed_releases,
    spdx_identifiers,
    tests_present,
)
from concours.criteria.checks.outcome import Check, Outcome, Place, Said, Verdict

__all__ = ["CHECKS", "Check", "Outcome", "Place", "Said", "Verdict"]

CHECKS: dict[str, Check] = {
    module.CHECK.name: module.CHECK
    for module in (
        activity,
        author_identities,
        bus_factor,
        changelog,
        continuous_integration,
        contributors,
        document,
        history_complete,
        licence_file,
        licence_headers,
        no_binaries,
        no_secrets,
        rebuildable,
        release_cadence,
        release_tags,
        response_times,
        semantic_versions,
        signed_off,
        signed_releases,
        spdx_identifiers,
        tests_present,
    )
}
