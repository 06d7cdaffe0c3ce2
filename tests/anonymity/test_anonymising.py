from __future__ import annotations

import json
import time
import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.anonymity import (
    Action,
    Bounds,
    Kind,
    Scrubber,
    Subject,
    identities_of,
)
from concours.anonymity.identities import is_weak
from concours.snapshots import Code, Limits, SnapshotRefused
from tests.anonymity import packs
from tests.anonymity.packs import BAITS, IDENTITIES, clean
from tests.snapshots.packing import make_tar, special

NAME = "Zhang Sanfeng"
MAIL = "sanfeng.zhang@cs.quokka-university.edu.cn"
FULL_WIDTH = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in NAME)
BAITED: dict[str, bytes] = {
    "README.md": f"# Work\n\nBy {NAME}, ZHANG SANFENG, zhang_sanfeng, {FULL_WIDTH}, 张三丰, 张 三丰"
    f" and Jose\u0301 Nu\u0301n\u0303ez, Jose Nunez ({MAIL}, pepe77@gmail.com).\n"
    "Write to sanfeng.zhang at cs.quokka-university.edu.cn or other.person@corp.com.\n"
    "See github.com/zhangsf88/car-driver/ and Quokka  University, 袋鼠大学.\n".encode().decode(),
    "src/main.py": f'"""Drives."""\n# Author: {NAME}\n__author__ = "{NAME}"\n'
    'TEAM = "Quokka Racers"\nESC = "\\u5f20\\u4e09\\u4e30"\nL = "x\\tZhang Sanfeng"\n'
    "def zhangsanfeng_utils():\n    return w @ x.T\n",
    "src/zhangsf88/quokka_racers.py": "x = 1\n",
    "pyproject.toml": f'[project]\nname = "car"\nauthors = [\n  {{name = "{NAME}", '
    f'email = "{MAIL}"}},'
    '\n]\nversion = "1"\n[project.urls]\nhome = "https://github.com/zhangsf88"\n[tool.x]\na = 1\n',
    "Cargo.toml": f'[package]\nname = "car"\nauthors = ["{NAME} <{MAIL}>"]\n',
    "setup.cfg": f"[metadata]\nname = car\nauthor = {NAME}\nauthor_email =\n    {MAIL}\n"
    "version = 1\n",
    "setup.py": f'setup(name="car", author="{NAME}", author_email="{MAIL}", version="1")\n',
    "package.json": json.dumps({"name": "car", "author": NAME, "contributors": [{"name": NAME}]}),
    "demo.ipynb": json.dumps(
        {"cells": [{"source": ["hi"]}], "metadata": {"authors": [{"name": NAME}]}, "nbformat": 4}
    ),
    "pom.xml": f"<project><developers><developer><name>{NAME}</name></developer></developers>"
    "<name>car</name></project>",
    "LICENSE": f"MIT License\n\nCopyright (c) 2023-2024 {NAME} and Somebody Else\n\nPermission …\n",
    "vendor/lib/LICENSE": "Copyright (c) 2018 The Other Authors\n",
    "AUTHORS": NAME,
    "docs/CONTRIBUTORS.md": NAME,
    ".mailmap": f"{NAME} <{MAIL}>",
    ".github/CODEOWNERS": "* @zhangsf88",
    "CITATION.cff": NAME,
    ".hg/store": NAME,
    "sub/.svn/entries": NAME,
    ".idea/workspace.xml": NAME,
    "pic.png": packs.png(NAME.encode()),
    "pic.jpg": packs.jpeg(MAIL.encode()),
    "paper.pdf": f"%PDF-1.7\n<< /Author ({NAME}) /Title (Car) >>\n{MAIL}\n%%EOF\n".encode(),
    "gbk.c": '/* 作者：张三丰 */\nchar *t = "袋鼠大学";\n'.encode("gb18030"),
    "wide.txt": NAME.encode("utf-16"),
    "tool.bin": b"\x7fELF\0\0"
    + f"/home/zhangsf88/{NAME}\0张三丰\0".encode()
    + NAME.encode("utf-16-le"),
}
FILES = {
    name: content if isinstance(content, bytes) else content.encode()
    for name, content in BAITED.items()
}


def folded(data: bytes) -> list[str]:
    """The data as it reads in every encoding in which a name may hide."""
    found = []
    for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"):
        text = data.decode(encoding, "ignore")
        found.append(unicodedata.normalize("NFKC", text).casefold())
    return found


class TestBaits:
    def test_no_identity_is_anywhere_in_what_comes_out(self, tmp_path: Path) -> None:
        done, out = clean(tmp_path, FILES)

        everything = [*out, *[text for data in out.values() for text in folded(data)]]
        assert [bait for bait in BAITS for text in everything if bait in text.casefold()] == []
        assert not any(r"\u5f20" in text for text in everything)
        assert "other.person" not in out["README.md"].decode()
        assert done.file_count == len(out)

    def test_the_work_itself_is_still_there(self, tmp_path: Path) -> None:
        _done, out = clean(tmp_path, FILES)

        assert b"return w @ x.T" in out["src/main.py"]
        assert tomllib.loads(out["pyproject.toml"].decode()) == {
            "project": {"name": "car", "version": "1"},
            "tool": {"x": {"a": 1}},
        }
        assert tomllib.loads(out["Cargo.toml"].decode()) == {"package": {"name": "car"}}
        assert out["setup.cfg"] == b"[metadata]\nname = car\nversion = 1\n"
        assert b'name="car", author="", author_email="", version="1"' in out["setup.py"]
        assert json.loads(out["package.json"]) == {"name": "car"}
        assert out["pom.xml"] == b"<project><name>car</name></project>"
        assert b"Copyright (c) 2023-2024 [anonymous]\n" in out["LICENSE"]
        assert out["vendor/lib/LICENSE"] == FILES["vendor/lib/LICENSE"]
        assert len(out["tool.bin"]) == len(FILES["tool.bin"])
        assert len(out["paper.pdf"]) == len(FILES["paper.pdf"])
        assert out["gbk.c"].decode("gb18030").startswith("/* 作者：[anonymous]")

    def test_files_that_tell_people_are_left_out_and_listed(self, tmp_path: Path) -> None:
        done, out = clean(tmp_path, FILES)

        gone = {
            one.path: one.rule for one in done.report.findings() if one.action == Action.REMOVED
        }
        assert gone == {
            "AUTHORS": "people",
            "docs/CONTRIBUTORS.md": "people",
            ".mailmap": "version-control",
            ".github/CODEOWNERS": "people",
            "CITATION.cff": "people",
            ".hg/store": "version-control",
            "sub/.svn/entries": "version-control",
            ".idea/workspace.xml": "editor",
        }
        assert not set(gone) & set(out)

    def test_the_report_names_rules_and_counts_and_never_a_value(self, tmp_path: Path) -> None:
        done, _out = clean(tmp_path, {"a.txt": f"{NAME} {NAME} {MAIL}".encode()})

        assert done.report.as_json() == [
            ["a.txt", "email", "replaced", 1],
            ["a.txt", "name", "replaced", 2],
        ]
        assert done.report.totals() == {"replaced": 3}

    def test_pictures_lose_what_they_say_and_stay_pictures(self, tmp_path: Path) -> None:
        done, out = clean(tmp_path, FILES)

        assert out["pic.png"].startswith(b"\x89PNG")
        assert b"IDAT" in out["pic.png"]
        assert b"tEXt" not in out["pic.png"]
        assert out["pic.jpg"].endswith(b"\x12\x34\xff\xd9")
        assert b"Exif" not in out["pic.jpg"]
        rows = {(one.path, one.rule): one.action for one in done.report.findings()}
        assert rows["paper.pdf", "pdf"] == Action.UNREAD

    def test_what_is_packed_within_is_told_to_be_unread(self, tmp_path: Path) -> None:
        inner = packs.pack_zip({"AUTHORS": b"x" * 50})
        done, out = clean(tmp_path, {"a.py": b"1\n", "data.zip": inner})
        assert out["data.zip"] == inner
        assert [(one.path, one.rule, one.action) for one in done.report.findings()] == [
            ("data.zip", "zip", Action.UNREAD)
        ]


class TestTheSameAgain:
    def test_packing_order_and_times_change_nothing(self, tmp_path: Path) -> None:
        first, _ = clean(tmp_path, packs.pack_zip(FILES))
        again, _ = clean(tmp_path, packs.pack_zip(FILES))
        other, _ = clean(tmp_path, packs.pack_tar(dict(reversed(FILES.items()))))
        assert first.digest == again.digest == other.digest
        assert first.content_digest == other.content_digest

    def test_what_is_anonymous_stays_as_it_is(self, tmp_path: Path) -> None:
        first, out = clean(tmp_path, FILES)
        second, _ = clean(tmp_path, out)
        assert second.content_digest == first.content_digest

    def test_without_names_nothing_changes(self, tmp_path: Path) -> None:
        files = {"a.py": b"print(1)\r\n", "b/c.bin": bytes(range(256)), "LICENSE": b"MIT\n"}
        done, out = clean(tmp_path, files)
        assert out == files
        assert done.report.as_json() == []


class TestNamesOfFiles:
    def test_two_names_that_become_one_stay_two_files(self, tmp_path: Path) -> None:
        files = {"Zhang Sanfeng.py": b"1", "zhang_sanfeng.py": b"2", "anon2.py": b"3"}
        _done, out = clean(tmp_path, files)
        assert sorted(out.values()) == [b"1", b"2", b"3"]
        assert len({name.casefold() for name in out}) == 3
        assert not any("sanfeng" in name.casefold() for name in out)

    def test_a_file_does_not_become_the_folder_of_another(self, tmp_path: Path) -> None:
        _done, out = clean(tmp_path, {"zhangsf88": b"file", "anon2/x": b"below"})
        assert sorted(out.values()) == [b"below", b"file"]
        assert "anon2" not in out


class TestWhatStays:
    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("LICENSE", "“贡献者”或版权所有者不承担责任，1999 年起。\n"),
            ("LICENSE", "The above copyright notice (c) shall be included in 2 copies.\n"),
            ("main.py", 'ET.Element("FileHeader", author="Concours")\n'),
            ("main.py", "# authors of papers are cited below\n"),
            ("main.js", "const author = book.author\n"),
            ("README.md", "Written by hand, created by nobody.\n"),
        ],
    )
    def test_text_about_authors_is_no_author(self, tmp_path: Path, name: str, text: str) -> None:
        _done, out = clean(tmp_path, {name: text.encode()})
        assert out[name].decode() == text

    @pytest.mark.parametrize(
        "line",
        [
            "Copyright 2024 Somebody",
            "  Copyright (C) 2019-2024, Somebody",
            "© 2024 Somebody",
            "// Portions Copyright (c) 2020 Somebody",
            "版权所有 (c) 2024 Somebody",
        ],
    )
    def test_copyright_lines_keep_their_years_alone(self, tmp_path: Path, line: str) -> None:
        _done, out = clean(tmp_path, {"LICENSE.txt": f"{line}\nMay be used.\n".encode()})
        text = out["LICENSE.txt"].decode()
        assert "Somebody" not in text
        assert "20" in text
        assert text.endswith("[anonymous]\nMay be used.\n")


class TestAddresses:
    @pytest.mark.parametrize(
        "text",
        [
            "colleague.too@cs.quokka-university.edu.cn",
            "colleague.too@deep.sub.cs.quokka-university.edu.cn",
            "COLLEAGUE.TOO@CS.QUOKKA-UNIVERSITY.EDU.CN",
            "https://colleague.too.cs.quokka-university.edu.cn/x",
        ],
    )
    def test_an_address_goes_as_a_whole(self, text: str) -> None:
        clean_text, counts = Scrubber(IDENTITIES).replace(f"see {text} now")
        assert "colleague" not in clean_text.casefold()
        assert "quokka" not in clean_text.casefold()
        assert sum(counts.values()) == 1

    @pytest.mark.parametrize(
        "code",
        ["q @ k.transpose(-2, -1)", "x@w.T", "a@b.to(device)", "@decorator.com", "git@h.com"],
    )
    def test_what_only_looks_like_one_stays(self, code: str) -> None:
        assert Scrubber(IDENTITIES).replace(code) == (code, {})


class TestWeakWords:
    @pytest.mark.parametrize(
        ("text", "kind", "weak"),
        [
            ("Li", Kind.NAME, True),
            ("test", Kind.TEAM, True),
            ("Google", Kind.ORGANISATION, True),
            ("2024", Kind.ACCOUNT, True),
            ("李", Kind.NAME, True),
            ("李四", Kind.NAME, False),
            ("Quokka", Kind.TEAM, False),
            ("a@b.cn", Kind.EMAIL, False),
        ],
    )
    def test_short_and_common_words_are_told_not_replaced(
        self, text: str, kind: Kind, weak: bool
    ) -> None:
        assert is_weak(text, kind) is weak

    def test_they_stand_in_the_list_as_left(self, tmp_path: Path) -> None:
        names = identities_of([Subject(kind=Kind.TEAM, names=("Test",))])
        done, out = clean(tmp_path, {"a.py": b"import test\ntestify()\n"}, identities=names)
        assert out["a.py"] == b"import test\ntestify()\n"
        assert done.report.as_json() == [["a.py", "team", "left", 1]]


class TestHostile:
    @pytest.mark.parametrize(
        "line",
        [
            b"a" * 4_000_000,
            b"a@" * 2_000_000,
            b"a.b-c@" * 600_000,
            b"copyright " * 400_000,
            b"copyright 2020" + b" 2020" * 800_000,
            b"author=" * 500_000,
            b"<developersX" * 300_000 + b"</developers",
            b"zhang" * 800_000,
            ("张" * 1_300_000).encode(),
            b"[" * 4_000_000,
            b"# author:" * 400_000,
        ],
    )
    @pytest.mark.parametrize("name", ["LICENSE", "pom.xml", "setup.py", "pyproject.toml"])
    def test_long_lines_take_time_in_proportion(self, line: bytes, name: str) -> None:
        from concours.anonymity.metadata import rules_for

        text = line.decode()
        scrubber = Scrubber(IDENTITIES)
        begun = time.process_time()
        for _rule, scrub in rules_for(name):
            text, _count = scrub(text)
        if name == "LICENSE":
            scrubber.replace(text)
        assert time.process_time() - begun < 20

    def test_json_that_nests_too_deep_is_left_as_text(self, tmp_path: Path) -> None:
        deep = b"[" * 100_000 + NAME.encode()
        _done, out = clean(tmp_path, {"package.json": deep, "a": b"1"})
        assert out["package.json"] == b"[" * 100_000 + b"anon2"

    def test_bombs_and_names_that_leave_are_refused(self, tmp_path: Path) -> None:
        bomb = packs.pack_zip({"zeros": bytes(40_000_000)})
        for data, code in (
            (bomb, Code.RATIO_TOO_HIGH),
            (make_tar("../out"), Code.UNSAFE_PATH),
            (make_tar("a", "a"), Code.DUPLICATE),
            (make_tar(".git/config"), Code.REPOSITORY_INSIDE),
            (b"nothing", Code.UNKNOWN_FORMAT),
        ):
            with pytest.raises(SnapshotRefused) as refusal:
                clean(tmp_path, data)
            assert refusal.value.code == code

    def test_links_are_left_out_and_listed(self, tmp_path: Path) -> None:
        done, out = clean(tmp_path, make_tar("d/a", special("d/b", b"2", "a")))
        assert list(out) == ["a"]
        assert done.report.as_json() == [["d/b", "symlink", "removed", 1]]

    def test_large_files_are_searched_as_bytes_across_pieces(self, tmp_path: Path) -> None:
        # The name lies over the border of two pieces of a megabyte.
        data = b"." * (1024 * 1024 - 5) + NAME.encode() + b"\n" + b"." * 1_000_000
        bounds = Bounds(max_text_bytes=1_000)
        done, out = clean(tmp_path, {"log.txt": data, "a": b"1"}, bounds=bounds)
        assert len(out["log.txt"]) == len(data)
        assert b"Sanfeng" not in out["log.txt"]
        assert ["log.txt", "bytes", "overwritten", 1] in done.report.as_json()

    def test_it_ends_when_its_time_is_up(self, tmp_path: Path) -> None:
        with pytest.raises(SnapshotRefused) as refusal:
            clean(tmp_path, FILES, bounds=Bounds(limits=Limits(), max_seconds=0))
        assert refusal.value.code == Code.TOO_SLOW

    @pytest.mark.parametrize("cut", [8, 12, 20, 33, 40, 60])
    def test_broken_pictures_are_kept_and_searched(self, tmp_path: Path, cut: int) -> None:
        files = {"a.png": FILES["pic.png"][:cut], "a.jpg": FILES["pic.jpg"][:cut], "a": b"1"}
        _done, out = clean(tmp_path, files)
        assert not any(b"Sanfeng" in data for data in out.values())


letters = st.text(alphabet="abcdefghijklmnopqrstuvwxyzéüñ", min_size=3, max_size=9)


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(letters, min_size=2, max_size=3),
    how=st.sampled_from([str.upper, str.lower, str.title]),
    between=st.sampled_from([" ", "_", "-", ".", "", "  "]),
    around=st.sampled_from(["{}", "({})", "by {}.", '"{}"', "x\n{}\ny", "//{}"]),
)
def test_a_name_is_found_in_every_spelling(
    words: list[str], how: object, between: str, around: str
) -> None:
    name = " ".join(words)
    identities = identities_of([Subject(kind=Kind.NAME, names=(name,))])
    assert callable(how)
    spelt = how(between.join(words))
    text, counts = Scrubber(identities).replace(around.format(spelt))
    assert text == around.format("anon1")
    assert counts == {"name": 1}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_scrubbed_once_and_for_all(text: str) -> None:
    once, _ = Scrubber(IDENTITIES).replace(text)
    again, counts = Scrubber(IDENTITIES).replace(once)
    assert (again, counts) == (once, {})
