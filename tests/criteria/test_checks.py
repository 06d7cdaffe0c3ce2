"""Each check on the good project, and on the same one spoilt in one thing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from concours.criteria import CHECKS, Place, Repository, Verdict
from tests.criteria.conftest import CHINESE, HEADER, LICENCE, WORDS, aged, look
from tests.factories.clones import PGP, CloneMaker

Read = Callable[[CloneMaker], Repository]
FROM_ELSEWHERE = {"signed-releases", "response-times"}
"""What needs keys or a forge's data beside the clone: tests of their own."""
MET, NOT_MET, CANNOT_TELL = Verdict.MET, Verdict.NOT_MET, Verdict.CANNOT_TELL


@pytest.mark.parametrize("name", sorted(CHECKS.keys() - FROM_ELSEWHERE))
def test_the_good_project_meets_every_check(name: str, good: Repository) -> None:
    outcome = look(name, good)

    assert outcome.verdict is MET, outcome.said
    assert outcome.said.en
    assert outcome.said.zh


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_project_of_one_file_is_never_guessed_at(name: str, read: Read) -> None:
    outcome = look(name, read(CloneMaker().commit({"x": ""}, email="x@localhost")))

    met_by_nothing = {
        "activity",
        "history-complete",
        "no-binaries",
        "no-secrets",
        "release-cadence",
    }
    assert outcome.verdict is not MET or name in met_by_nothing - {"release-cadence"}


def test_licences_are_named(read: Read) -> None:
    outcome = look("licence-file", read(CloneMaker().commit({"LICENSE": LICENCE})))

    assert outcome.facts == {"licences": "MulanPSL-2.0"}
    assert outcome.places == (Place(path="LICENSE"),)


@pytest.mark.parametrize(
    ("files", "among", "expected"),
    [
        ({"LICENSE": LICENCE}, "Apache-2.0 MIT", NOT_MET),
        ({"LICENSE": LICENCE}, "Apache-2.0 MulanPSL-2.0", MET),
        ({"LICENSES/MulanPSL-2.0.txt": LICENCE}, "", MET),
        ({"COPYING.md": LICENCE}, "", MET),
        ({"LICENSE": "You may use this if you are nice."}, "", CANNOT_TELL),
        ({"LICENSE": ""}, "", CANNOT_TELL),
        ({"docs/LICENSE": LICENCE}, "", NOT_MET),
        ({"NOLICENSE": LICENCE}, "", NOT_MET),
    ],
)
def test_licence_file(read: Read, files: dict[str, str], among: str, expected: Verdict) -> None:
    outcome = look("licence-file", read(CloneMaker().commit(files)), among=among)

    assert outcome.verdict is expected


def test_headers_are_counted_by_language_and_what_lacks_one_is_named(read: Read) -> None:
    files = {
        "a.py": HEADER,
        "b.py": "# Licensed under the Apache License\n",
        "c.py": "import os\n",
        "d.go": "package d\n",
        "empty.py": "",
        "vendor/e.py": "import os\n",
        "f.min.js": "f()",
        "data.csv": "1,2",
    }

    outcome = look("licence-headers", read(CloneMaker().commit(files)))

    assert outcome.verdict is NOT_MET
    assert outcome.facts == {"share": 50, "files": 4, "with_notice": 2}
    assert outcome.places == (Place(path="c.py"), Place(path="d.go"))
    assert "Python 66 %, Go 0 %" in outcome.said.en


def test_a_notice_far_below_the_beginning_is_no_header(read: Read) -> None:
    maker = CloneMaker().commit({"a.py": "x = 1\n" * 2000 + HEADER})

    assert look("licence-headers", read(maker)).verdict is NOT_MET


@pytest.mark.parametrize(
    ("line", "files", "expected"),
    [
        ("MulanPSL-2.0", {"LICENSE": LICENCE}, MET),
        ("MulanPSL-2.0 */", {"LICENSE": LICENCE}, MET),
        ("MIT OR MulanPSL-2.0", {"LICENSE": LICENCE}, NOT_MET),
        ("MIT OR MulanPSL-2.0", {"LICENSE": LICENCE, "LICENSES/MIT.txt": "..."}, MET),
        ("Mulan PSL v2", {"LICENSE": LICENCE}, NOT_MET),
        ("Nonsense-9.9", {"LICENSE": LICENCE}, NOT_MET),
        ("(MIT", {"LICENSE": LICENCE}, NOT_MET),
        ("GPL-2.0-or-later", {"LICENSES/GPL-2.0.txt": "..."}, MET),
    ],
)
def test_identifiers(read: Read, line: str, files: dict[str, str], expected: Verdict) -> None:
    source = f"/* SPDX-License-Identifier: {line}\n"

    outcome = look("spdx-identifiers", read(CloneMaker().commit({"a.c": source, **files})))

    assert outcome.verdict is expected


def test_a_product_that_came_in_as_one_commit_has_no_history(read: Read) -> None:
    files = {f"src/{number}.py": f"N = {number}\n" for number in range(40)}
    maker = CloneMaker().commit(files).commit({"new.py": "N = 1\n"})

    outcome = look("history-complete", read(maker))

    assert outcome.verdict is NOT_MET
    assert outcome.facts == {"commits": 2, "imported_share": 97, "imported": 40}


def test_a_small_beginning_is_no_import(read: Read) -> None:
    maker = CloneMaker().commit({f"{number}.py": "x" for number in range(19)})

    assert look("history-complete", read(maker)).verdict is MET


@pytest.mark.parametrize(
    "email", ["", "root@localhost", "me@laptop.local", "nobody", "x@host", "a b@x.org"]
)
def test_nameless_authors_are_named_by_their_commits(read: Read, email: str) -> None:
    repository = read(CloneMaker().commit({"a": "a"}, email=email).commit({"a": "b"}))

    outcome = look("author-identities", repository)

    assert outcome.verdict is NOT_MET
    assert outcome.places == (Place(commit=repository.commits[-1].id),)


def test_authors_are_who_mailmap_says_and_their_sign_offs_stand(read: Read) -> None:
    maker = CloneMaker().commit({"a": "a"}, email="root@localhost", signed_off=True)
    maker.commit({".mailmap": "Ada Lee <ada@concours.dev> <root@localhost>\n"}, signed_off=True)

    repository = read(maker)

    assert look("author-identities", repository).verdict is MET
    assert look("signed-off", repository).verdict is MET
    assert {commit.email for commit in repository.commits} == {"ada@concours.dev"}


def test_a_sign_off_of_somebody_else_does_not_count(read: Read) -> None:
    maker = CloneMaker().commit({"a": "a"}, message="A\n\nSigned-off-by: Eve <eve@x.org>")

    assert look("signed-off", read(maker)).verdict is NOT_MET


def test_old_commits_say_nothing_of_sign_offs_now(good: Repository) -> None:
    assert look("signed-off", aged(good, 400)).verdict is CANNOT_TELL


def test_the_newest_releases_are_to_be_signed(read: Read) -> None:
    maker = CloneMaker().commit({"a": "a"}).tag("v1.0.0").commit({"a": "b"})
    maker.tag("v1.1.0", signature=PGP).commit({"a": "c"}).tag("v1.2.0", signature=PGP)
    repository = read(maker)

    assert look("signed-releases", repository, newest=2).verdict is CANNOT_TELL
    outcome = look("signed-releases", repository, newest=3)
    assert outcome.verdict is NOT_MET
    assert outcome.places == (Place(commit="v1.0.0"),)


@pytest.mark.parametrize(
    ("tags", "releases", "share"),
    [
        (["v1.0.0", "v1.0.1-rc.1", "2.0.0+build"], 3, 100),
        (["v1.0", "v1.0.0"], 2, 50),
        (["api/v1.2.3"], 1, 100),
        (["nightly", "latest"], 0, None),
        (["v01.0.0"], 1, 0),
    ],
)
def test_versions(read: Read, tags: list[str], releases: int, share: int | None) -> None:
    maker = CloneMaker().commit({"a": "a"})
    for tag in tags:
        maker.plain_tag(tag)
    repository = read(maker)

    assert look("release-tags", repository).facts["releases"] == releases
    assert look("semantic-versions", repository).facts.get("share") == share


def test_releases_grow_old(good: Repository) -> None:
    assert look("release-cadence", good).facts["releases"] == 3
    assert look("release-cadence", aged(good, 365)).verdict is NOT_MET


def test_a_change_log_that_stopped(read: Read) -> None:
    maker = CloneMaker().commit({"CHANGES.rst": "1.0.0\n=====\n"}).tag("v1.0.0")
    assert look("changelog", read(maker)).verdict is MET

    assert look("changelog", read(maker.commit({"a": "a"}).tag("v1.1.0"))).verdict is NOT_MET


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["pyproject.toml"], NOT_MET),
        (["pyproject.toml", "uv.lock"], MET),
        (["package.json", "pnpm-lock.yaml"], MET),
        (["pom.xml"], MET),
        (["sub/pom.xml"], NOT_MET),
    ],
)
def test_what_builds(read: Read, files: list[str], expected: Verdict) -> None:
    repository = read(CloneMaker().commit(dict.fromkeys(files, "x")))

    assert look("rebuildable", repository).verdict is expected


@pytest.mark.parametrize(
    ("kind", "path", "text", "expected"),
    [
        ("readme", "README.md", "# Title\n", NOT_MET),
        ("readme", "README.md", "# Title\n\n[![badge](x)](y)\n" * 40, NOT_MET),
        ("readme", "README.md", WORDS, MET),
        ("readme", "readme.rst", WORDS, MET),
        ("contributing", ".github/CONTRIBUTING.md", WORDS, MET),
        ("security", "docs/security.md", WORDS, MET),
        ("security", "src/security.py", WORDS, NOT_MET),
        ("maintainers", "OWNERS", WORDS, MET),
        ("install", "README.md", "## 安装\n" + CHINESE, MET),
        ("install", "README.md", "## Names\n" + WORDS, NOT_MET),
    ],
)
def test_documents(read: Read, kind: str, path: str, text: str, expected: Verdict) -> None:
    repository = read(CloneMaker().commit({path: text}))

    assert look("document", repository, kind=kind).verdict is expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [("zh", CHINESE, MET), ("zh", WORDS, NOT_MET), ("en", WORDS, MET), ("en", CHINESE, NOT_MET)],
)
def test_a_document_has_its_language(
    read: Read, language: str, text: str, expected: Verdict
) -> None:
    repository = read(CloneMaker().commit({"README.md": text}))

    assert look("document", repository, language=language).verdict is expected


def test_one_person_carries_it_all(read: Read) -> None:
    maker = CloneMaker()
    for number in range(9):
        maker.commit({"a": str(number)})
    maker.commit({"a": "x"}, email="bo@concours.dev")
    maker.commit({"a": "y"}, author="dependabot[bot]", email="1+dependabot[bot]@x.org")

    repository = read(maker)

    assert look("contributors", repository).facts == {"authors": 2, "commits": 10}
    assert look("bus-factor", repository).facts == {"bus_factor": 1, "authors": 2}
    assert look("bus-factor", repository).verdict is NOT_MET


def test_work_has_stopped(good: Repository) -> None:
    assert look("activity", aged(good, 91)).verdict is NOT_MET


KEY = "-----BEGIN RSA " + "PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("conf/id", "one\ntwo\n" + KEY, NOT_MET),
        ("a.py", "key = 'AK" + "IA" + "ABCDEFGHIJKLMNOP'\n", NOT_MET),
        ("a.py", "token = 'gh" + "p_" + "a" * 36 + "'\n", NOT_MET),
        ("tests/key.pem", KEY, CANNOT_TELL),
        ("a.py", "AKIA is how they begin\n", MET),
        ("pub.pem", "-----BEGIN PUBLIC KEY-----\n", MET),
    ],
)
def test_secrets(read: Read, path: str, text: str, expected: Verdict) -> None:
    outcome = look("no-secrets", read(CloneMaker().commit({path: text})))

    assert outcome.verdict is expected


def test_a_secret_is_shown_by_its_line_and_never_itself(read: Read) -> None:
    outcome = look("no-secrets", read(CloneMaker().commit({"conf/id": "one\ntwo\n" + KEY})))

    assert outcome.places == [Place(path="conf/id", line=3)]
    assert "BEGIN" not in repr(outcome)


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("bin/tool", b"\x7fELF\x02\x01\x01" + b"\0" * 50, NOT_MET),
        ("lib/x.so", b"text", NOT_MET),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0", MET),
        ("data.bin", b"x" * (2 * 2**20), NOT_MET),
    ],
)
def test_binaries(read: Read, path: str, content: bytes, expected: Verdict) -> None:
    outcome = look("no-binaries", read(CloneMaker().commit({path: content})), most_mb=1)

    assert outcome.verdict is expected
