"""Whether the tags of the newest releases are signed by keys that are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from concours.criteria.checks.outcome import Check, Outcome, Parameters, Said, Verdict, number
from concours.criteria.checks.releases import at_tags, releases_of
from concours.criteria.repository import Repository, Tag, Trust

FALSE = {None, Trust.BAD, Trust.STRANGER}
KEYS = {
    "given": Said("the keys that were given", "所给的公钥"),
    "repository": Said("the keys that the repository publishes", "仓库中公布的公钥"),
}


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where each of the `newest` releases has a tag that one of the keys signed.

    Keys in the repository show that releases come from whoever publishes them; who that is they
    do not. Where the keys or the program that verifies are missing, a machine cannot tell.
    """
    latest = releases_of(repository)[-number(parameters, "newest") :]
    wrong = [tag for tag in latest if tag.trust in FALSE]
    unknown = [tag for tag in latest if tag.trust not in {*FALSE, Trust.GOOD}]
    verdict = Verdict.MET
    if wrong or not latest:
        verdict = Verdict.NOT_MET
    elif unknown:
        verdict = Verdict.CANNOT_TELL
    return Outcome(
        verdict=verdict,
        said=_said(repository, latest),
        mend=_mend(wrong, unknown),
        facts={
            "looked_at": len(latest),
            "signed": sum(bool(tag.signature) for tag in latest),
            "verified": sum(tag.trust is Trust.GOOD for tag in latest),
            "keys": repository.keys_from,
            "keys_digest": repository.keys_digest,
        },
        places=at_tags(wrong or unknown),
    )


def _said(repository: Repository, latest: Sequence[Tag]) -> Said:
    """What was seen of each kind, in one sentence."""
    counted = Counter(tag.trust for tag in latest)
    keys = KEYS.get(repository.keys_from, Said("no key", "无公钥"))
    parts = [
        (counted[Trust.GOOD], f"signed by {keys.en}", f"个由{keys.zh}签名"),
        (counted[None], "not signed", "个未签名"),
        (
            counted[Trust.BAD],
            "with a signature that does not fit",
            "个签名与内容不符",
        ),
        (counted[Trust.STRANGER], f"signed by none of {keys.en}", f"个不是由{keys.zh}签名"),
        (
            counted[Trust.NO_KEYS],
            "signed, not known by whom: there are no keys",
            "个已签名但无公钥可验证",
        ),
        (
            counted[Trust.NO_TOOL],
            "signed, not verified: the program for it is not installed here",
            "个已签名但此处未安装验证程序",
        ),
        (counted[Trust.UNCHECKED], "signed, too old to be looked at", "个已签名但过旧未验证"),
    ]
    told = [(en, zh, count) for count, en, zh in parts if count]
    return Said(
        f"Of the {len(latest)} newest releases: "
        + ("; ".join(f"{count} {en}" for en, _, count in told) or "none")
        + ".",
        f"最近 {len(latest)} 个发布："
        + ("；".join(f"{count} {zh}" for _, zh, count in told) or "无")
        + "。",
    )


def _mend(wrong: Sequence[Tag], unknown: Sequence[Tag]) -> Said:
    if wrong or not unknown:
        return Said(
            "Sign tags with `git tag -s`, and publish the keys in the repository as KEYS or "
            "allowed_signers.",
            "用 `git tag -s` 签名，并在仓库中以 KEYS 或 allowed_signers 公布公钥。",
        )
    if unknown[0].trust is Trust.NO_TOOL:
        return Said(
            "Install gpg and ssh-keygen where the check runs; X.509 signatures are not verified.",
            "在运行检查处安装 gpg 与 ssh-keygen；X.509 签名不予验证。",
        )
    return Said(
        "Publish the keys in the repository as KEYS or allowed_signers, or name them with --keys.",
        "在仓库中以 KEYS 或 allowed_signers 公布公钥，或用 --keys 指定。",
    )


CHECK = Check(
    name="signed-releases",
    title=Said("Signed releases", "签名发布"),
    parameters={"newest": 3},
    look=look,
)
