"""Evaluators of tracks: taken in, and one version made the active one."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours import evaluation
from concours.evaluation.folder import LEFT_OUT, SEASON, boundary
from concours.evaluation.sealing import BadSecret, commitment, new_secret, read_secret
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.evaluations.domain import places
from concours.platform.evaluations.domain.manifests import manifest_of
from concours.platform.evaluations.models import Evaluator
from concours.platform.record import domain as record


def attach_evaluator(*, actor: Any, track: Any, folder: Path, activate: bool = True) -> Evaluator:
    """Take the evaluator in `folder` as a version of the track's, with a copy of its files.

    The same version again changes nothing but, with `activate`, which one is active. Raises
    Refused for one that cannot be used, naming the faults, and for a version whose files differ
    from those it was taken in with.
    """
    require(actor, "evaluations.attach_evaluator", track)
    try:
        declared = evaluation.load(folder)
    except evaluation.BadEvaluator as error:
        raise Refused("bad-evaluator", str(error)) from error
    relative = _copied(declared)
    with transaction.atomic():
        track = lock(track)
        made = _version(actor=actor, track=track, declared=declared, relative=relative)
        if activate and not made.active:
            made = activate_evaluator(actor=actor, evaluator=made)
    return made


@transaction.atomic
def activate_evaluator(*, actor: Any, evaluator: Evaluator) -> Evaluator:
    """Make it the version with which new runs are made. Runs that wait keep theirs."""
    lock(evaluator.track)
    evaluator = lock(evaluator)
    require(actor, "evaluations.manage_evaluator", evaluator)
    if evaluator.active:
        raise Refused("active-already", _("This version is the active one already."))
    Evaluator.objects.filter(track=evaluator.track_id, active=True).update(active=False)
    evaluator.active = True
    evaluator.save(update_fields=["active"])
    _append(actor, "evaluator.activated", evaluator)
    return evaluator


def secret_of(evaluator: Evaluator) -> bytes:
    """The secret of its sealed cases, empty where it has none.

    Raises Refused when the file is gone, open to others, or not the one that was committed to.
    """
    if not evaluator.seed_commitment:
        return b""
    try:
        secret = read_secret(places.secret_file(evaluator))
    except (OSError, BadSecret) as error:
        raise Refused(
            "secret-unreadable", _("The secret of the sealed cases is not readable.")
        ) from error
    if commitment(secret) != evaluator.seed_commitment:
        raise Refused(
            "secret-changed", _("The secret of the sealed cases is not the one committed to.")
        )
    return secret


def _version(*, actor: Any, track: Any, declared: evaluation.Evaluator, relative: str) -> Evaluator:
    known = Evaluator.objects.filter(
        track=track, name=declared.name, version=declared.version
    ).first()
    if known is not None:
        if known.digest != declared.digest:
            raise Refused(
                "version-changed",
                _("Version %(version)s of “%(name)s” has other files. Give it a new number.")
                % {"version": declared.version, "name": declared.name},
            )
        return known
    made = Evaluator(
        track=track,
        name=declared.name,
        version=declared.version,
        kind=str(declared.kind),
        title=declared.title,
        title_zh=declared.title_zh,
        manifest=manifest_of(declared),
        digest=declared.digest,
        folder=relative,
        attached_at=clock.now(),
    )
    if any(split["sealed"] for split in made.manifest["splits"].values()):
        made.seed_commitment = commitment(_secret(made))
    made.save()
    _append(actor, "evaluator.attached", made)
    return made


def _secret(evaluator: Evaluator) -> bytes:
    """Made on first use, in a file of mode 600."""
    path = places.secret_file(evaluator)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return new_secret(path)
    except FileExistsError:
        return read_secret(path)


def _copied(declared: evaluation.Evaluator) -> str:
    """Copy the files to <digest>/<as in the season>; where the evaluator lies, from the root."""
    above = boundary(declared.folder)
    if above == declared.folder:
        above = declared.folder.parent
    target = places.evaluators() / declared.digest
    relative = f"{declared.digest}/{declared.folder.relative_to(above)}"
    if target.is_dir():
        return relative
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".new-") as name:
        fresh = Path(name, "files")
        fresh.mkdir()
        (fresh / SEASON).touch()
        for folder in {declared.folder, declared.data}:
            shutil.copytree(
                folder,
                fresh / folder.relative_to(above),
                ignore=shutil.ignore_patterns(*LEFT_OUT),
                dirs_exist_ok=True,
            )
        copy = evaluation.load(fresh / declared.folder.relative_to(above))
        if copy.digest != declared.digest:
            raise Refused("changed-meanwhile", _("The evaluator's files changed while being read."))
        try:
            fresh.rename(target)
        except OSError:
            if not target.is_dir():
                raise
    return relative


def _append(actor: Any, verb: str, evaluator: Evaluator) -> None:
    record.append(
        actor=actor,
        verb=verb,
        subject=evaluator,
        season=evaluator.track.season.slug,
        data={
            "track": evaluator.track.slug,
            "name": evaluator.name,
            "version": evaluator.version,
            "digest": evaluator.digest,
            "seed_commitment": evaluator.seed_commitment,
        },
    )
