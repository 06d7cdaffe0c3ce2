"""Tags signed for real, and every way to be misled about them."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from concours.criteria import BadKeys, Keys, Outcome, Verdict, load_keys, read_repository
from concours.criteria.repository import Trust
from tests.criteria.conftest import look
from tests.factories.clones import PGP, CloneMaker, run_git

MET, NOT_MET, CANNOT_TELL = Verdict.MET, Verdict.NOT_MET, Verdict.CANNOT_TELL
NOW = datetime.now(UTC)
ssh = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="ssh-keygen is not installed")
gpg = pytest.mark.skipif(not shutil.which("gpg"), reason="gpg is not installed")
PATH = os.environ["PATH"]
KINDS = [pytest.param("ssh", marks=ssh), pytest.param("pgp", marks=gpg)]


class Signer:
    """Somebody with a key of a kind, who signs tags of a clone."""

    def __init__(self, kind: str, folder: Path, name: str = "ada") -> None:
        self.kind, self.home = kind, folder / name
        self.home.mkdir(mode=0o700, parents=True)
        self.email = f"{name}@example.org"
        if kind == "ssh":
            self._run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.home / "key"))
            public = " ".join((self.home / "key.pub").read_text().split()[:2])
            self.public = f"{self.email} {public}\n"
            self.name = "allowed_signers"
        else:
            self._run(
                "gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key",
                f"{name} <{self.email}>", "ed25519", "sign", "never",
            )  # fmt: skip
            self.public = self._run("gpg", "--armor", "--export", self.email)
            self.name = "KEYS"

    def sign(self, clone: Path, tag: str) -> None:
        key = str(self.home / "key") if self.kind == "ssh" else self.email
        form = "ssh" if self.kind == "ssh" else "openpgp"
        run_git(
            "-c", f"gpg.format={form}", "-c", f"user.signingkey={key}",
            "-c", f"gpg.program={self._wrapper()}", "tag", "-s", "-m", "Release", tag, folder=clone,
        )  # fmt: skip

    def close(self) -> None:
        if self.kind == "pgp":
            command = ["gpgconf", "--homedir", str(self.home), "--kill", "all"]
            subprocess.run(command, env={"PATH": PATH}, check=True)

    def _wrapper(self) -> Path:
        path = self.home / "gpg-of-ours"
        path.write_text(f'#!/bin/sh\nexec gpg --homedir "{self.home}" "$@"\n')
        path.chmod(0o700)
        return path

    def _run(self, *command: str) -> str:
        environment = {"PATH": PATH, "GNUPGHOME": str(self.home)}
        return subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True
        ).stdout


@pytest.fixture
def signer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    # A short path: gpg's agent listens at a socket below it.
    one = Signer(request.param, tmp_path_factory.mktemp("k"))
    yield one
    one.close()


def clone_of(tmp_path: Path, files: dict[str, str] | None = None) -> Path:
    return CloneMaker().commit(files or {"a": "b"}).make(tmp_path / "clone")


def outcome_of(clone: Path, keys: Keys | None = None) -> Outcome:
    return look("signed-releases", read_repository(clone, at=datetime.now(UTC), keys=keys))


def trust_of(clone: Path, keys: Keys | None = None) -> Trust | None:
    [tag] = read_repository(clone, at=datetime.now(UTC), keys=keys).tags
    return tag.trust


@pytest.mark.parametrize("signer", KINDS, indirect=True)
def test_keys_are_published_in_the_repository(tmp_path: Path, signer: Signer) -> None:
    clone = clone_of(tmp_path, {signer.name: signer.public})
    signer.sign(clone, "v1.0.0")

    outcome = outcome_of(clone)

    assert outcome.verdict is MET, outcome
    assert outcome.facts["keys"] == "repository"
    assert "1 signed by the keys that the repository publishes" in outcome.said.en
    assert outcome.facts["verified"] == 1


@pytest.mark.parametrize("signer", KINDS, indirect=True)
def test_keys_are_given_and_then_the_repositorys_count_for_nothing(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, signer: Signer
) -> None:
    other = Signer(signer.kind, tmp_path_factory.mktemp("o"), "eve")
    clone = clone_of(tmp_path, {other.name: other.public})
    signer.sign(clone, "v1.0.0")
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / signer.name).write_text(signer.public)

    given = outcome_of(clone, load_keys(folder))
    published = outcome_of(clone)
    other.close()

    assert (given.verdict, given.facts["keys"]) == (MET, "given")
    assert published.verdict is NOT_MET
    assert "signed by none of the keys that the repository publishes" in published.said.en
    assert given.facts["keys_digest"] != published.facts["keys_digest"]


@pytest.mark.parametrize("signer", KINDS, indirect=True)
def test_a_tag_that_was_changed_after_it_was_signed(tmp_path: Path, signer: Signer) -> None:
    clone = clone_of(tmp_path, {signer.name: signer.public})
    signer.sign(clone, "v1.0.0")
    content = run_git("cat-file", "tag", "v1.0.0", folder=clone).stdout
    forged = content.replace(b"Release", b"Malware")
    made = run_git("hash-object", "-t", "tag", "-w", "--stdin", folder=clone, input=forged).stdout
    run_git("update-ref", "refs/tags/v1.0.0", made.decode().strip(), folder=clone)

    outcome = outcome_of(clone)

    assert trust_of(clone) is Trust.BAD
    assert outcome.verdict is NOT_MET
    assert "a signature that does not fit" in outcome.said.en


@pytest.mark.parametrize("signer", KINDS, indirect=True)
def test_an_old_tag_under_a_new_name(tmp_path: Path, signer: Signer) -> None:
    clone = clone_of(tmp_path, {signer.name: signer.public})
    signer.sign(clone, "v1.0.0")
    run_git("update-ref", "refs/tags/v9.0.0", "refs/tags/v1.0.0", folder=clone)
    run_git("update-ref", "-d", "refs/tags/v1.0.0", folder=clone)

    assert trust_of(clone) is Trust.BAD


@pytest.mark.parametrize("signer", KINDS, indirect=True)
def test_without_keys_nothing_is_known(tmp_path: Path, signer: Signer) -> None:
    clone = clone_of(tmp_path)
    signer.sign(clone, "v1.0.0")

    outcome = outcome_of(clone)

    assert outcome.verdict is CANNOT_TELL
    assert "not known by whom: there are no keys" in outcome.said.en
    assert "--keys" in outcome.mend.en


@pytest.mark.parametrize("signer", KINDS, indirect=True)
def test_without_the_program_nothing_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, signer: Signer
) -> None:
    clone = clone_of(tmp_path, {signer.name: signer.public})
    signer.sign(clone, "v1.0.0")
    alone = tmp_path / "bin"
    alone.mkdir()
    (alone / "git").symlink_to(str(shutil.which("git")))
    monkeypatch.setenv("PATH", str(alone))

    outcome = outcome_of(clone)

    assert outcome.verdict is CANNOT_TELL
    assert "the program for it is not installed here" in outcome.said.en
    assert "Install gpg and ssh-keygen" in outcome.mend.en


@pytest.mark.parametrize("signer", KINDS, indirect=True)
def test_no_program_that_the_clone_names_is_run(tmp_path: Path, signer: Signer) -> None:
    clone = clone_of(tmp_path, {signer.name: signer.public})
    signer.sign(clone, "v1.0.0")
    bait = tmp_path / "bait"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {bait}\nexit 0\n")
    program.chmod(0o755)
    for key in ("gpg.program", "gpg.openpgp.program", "gpg.ssh.program", "gpg.x509.program",
                "gpg.ssh.defaultKeyCommand", "core.fsmonitor", "core.sshCommand"):  # fmt: skip
        run_git("config", key, str(program), folder=clone)
    run_git("config", "gpg.ssh.allowedSignersFile", str(tmp_path / "nothing"), folder=clone)

    assert outcome_of(clone).verdict is MET
    assert not bait.exists()


@gpg
def test_settings_of_whoever_runs_it_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    signer = Signer("pgp", tmp_path_factory.mktemp("k"))
    clone = clone_of(tmp_path)
    signer.sign(clone, "v1.0.0")
    signer.close()
    # The runner's own ring has the key, which is no reason to trust it for this project.
    monkeypatch.setenv("GNUPGHOME", str(signer.home))
    monkeypatch.setenv("HOME", str(signer.home))

    assert outcome_of(clone).verdict is CANNOT_TELL


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\0", b"* ssh-ed25519 not-base64\n" * 1000, b"a b c\n\0", b"# only a remark\n"],
)
def test_broken_keys_trust_nobody(tmp_path: Path, content: bytes) -> None:
    if not shutil.which("ssh-keygen"):
        pytest.skip("ssh-keygen is not installed")
    signer = Signer("ssh", tmp_path)
    clone = CloneMaker().commit({"allowed_signers": content}).make(tmp_path / "clone")
    signer.sign(clone, "v1.0.0")

    assert outcome_of(clone).verdict is not MET


@gpg
def test_a_block_that_only_looks_like_a_signature(tmp_path: Path) -> None:
    maker = CloneMaker().commit(
        {"KEYS": "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----"}
    )
    clone = maker.tag("v1.0.0", signature=f"[GNUPG:] GOODSIG x\n{PGP}").make(tmp_path / "clone")

    assert trust_of(clone) is Trust.BAD


def test_x509_is_not_verified(tmp_path: Path) -> None:
    signature = "-----BEGIN SIGNED MESSAGE-----\nAAAA\n-----END SIGNED MESSAGE-----\n"
    clone = CloneMaker().commit({"a": "b"}).tag("v1.0.0", signature=signature)

    assert trust_of(clone.make(tmp_path / "clone")) is Trust.NO_TOOL


def test_the_oldest_of_many_are_not_looked_at(tmp_path: Path) -> None:
    maker = CloneMaker().commit({"a": "b"})
    for number in range(103):
        maker.tag(f"v1.{number}.0", signature=PGP, at=1_700_000_000 + number)
    tags = read_repository(maker.make(tmp_path / "clone"), at=NOW).tags

    assert [tag.trust for tag in tags[:4]] == [Trust.UNCHECKED] * 3 + [Trust.NO_KEYS]


def test_a_file_named_alone_is_of_signers(tmp_path: Path) -> None:
    path = tmp_path / "people"
    path.write_text("ada@example.org ssh-ed25519 AAAA\n")
    assert load_keys(path) == Keys(origin="given", signers=(path.read_bytes(),))


@pytest.mark.parametrize("kind", ["nothing", "empty", "large", "many"])
def test_keys_that_cannot_be_read(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "keys"
    if kind != "nothing":
        folder.mkdir()
    if kind == "large":
        (folder / "KEYS").write_bytes(b"x" * (2**20 + 1))
    for number in range(51 if kind == "many" else 0):
        (folder / f"{number}.asc").write_text("x")
    with pytest.raises(BadKeys, match="keys"):
        load_keys(folder)
