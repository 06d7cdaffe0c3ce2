from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from concours.evaluation import BadSecret, commitment, new_secret, read_secret
from concours.evaluation.sealing import derived


def test_a_new_secret_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    secret = new_secret(path)
    assert len(secret) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_secret(path) == secret
    with pytest.raises(FileExistsError):
        new_secret(path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
def test_a_secret_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret"
    new_secret(path)
    path.chmod(mode)
    with pytest.raises(BadSecret, match="chmod 600 secret"):
        read_secret(path)


@pytest.mark.parametrize("size", [0, 15, 4097])
def test_a_secret_that_is_too_short_or_too_long(tmp_path: Path, size: int) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"x" * size)
    path.chmod(0o600)
    with pytest.raises(BadSecret) as caught:
        read_secret(path)
    assert "xx" not in str(caught.value)


def test_a_device_is_no_secret() -> None:
    with pytest.raises(BadSecret, match="no plain file"):
        read_secret(Path(os.devnull))


def test_a_commitment_can_be_checked_with_sha256sum() -> None:
    secret = b"0123456789abcdef"
    told = b"concours.evaluation.secret/1\0" + secret
    assert commitment(secret) == hashlib.sha256(told).hexdigest()
    assert commitment(secret) != commitment(secret + b"\n")


def test_each_purpose_has_numbers_of_its_own() -> None:
    purposes = [("driving", "ranking"), ("driving", "final"), ("driving", "ranking", "sealed01")]
    assert len({derived(b"s" * 16, *purpose) for purpose in purposes}) == 3
    assert derived(b"s" * 16, "driving", "final") != derived(b"t" * 16, "driving", "final")
