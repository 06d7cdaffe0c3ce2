from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.platform.register.reading import SourceFile, Step, read_podlings


def read(text: str, name: str = "podlings_graduated.txt"):
    return read_podlings([SourceFile(name, text.encode())])


def test_a_graduated_podling_was_in_incubation_from_its_first_day():
    reading = read("kite,2010-01-02,2012-03-04\n")

    (kite,) = reading.projects
    assert (kite.slug, kite.name, kite.stage) == ("kite", "kite", "graduated")
    assert kite.steps == (
        Step(stage="incubating", on=date(2010, 1, 2)),
        Step(stage="graduated", on=date(2012, 3, 4)),
    )
    assert len(kite.digest) == 64


@pytest.mark.parametrize(
    ("name", "row", "stages"),
    [
        ("podlings_retired.txt", "kite,2010-01-02,2012-03-04", ["incubating", "archived"]),
        ("podlings_current.txt", "kite,2010-01-02,", ["incubating"]),
        ("list.csv", "kite,2010-01-02,2012-03-04,retired", ["incubating", "archived"]),
        ("podlings_retired.txt", "kite,2010-01-02,,current", ["incubating"]),
    ],
)
def test_the_files_name_or_a_fourth_field_says_what_it_became(name, row, stages):
    (kite,) = read(row, name).projects
    assert [step.stage for step in kite.steps] == stages


def test_a_day_that_is_not_told_is_unknown():
    (kite,) = read("kite,2010-01-02,").projects
    assert kite.steps[-1] == Step(stage="graduated", on=None)


def test_heads_comments_and_empty_lines_are_no_rows():
    reading = read("id,start,end\n# since 2002\n\nkite,2010-01-02,2012-03-04\r\n")
    assert [one.name for one in reading.projects] == ["kite"]
    assert reading.unread == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("kite", "has 1 fields"),
        ("kite,2010-01-02,2012-03-04,graduated,x", "has 5 fields"),
        (",2010-01-02,2012-03-04", "has no name"),
        ("kite,2010-02-30,2012-03-04", "start: '2010-02-30' is no date"),
        ("kite,20100102,2012-03-04", "is no date"),
        ("kite,2010-W01-2,2012-03-04", "is no date"),
        ("kite,0001-01-01,2012-03-04", "is no date"),
        ("kite,2012-03-04,2010-01-02", "wrong order: end 2010-01-02 is before start 2012-03-04"),
        ("kite,2010-01-02,2012-03-04,famous", "nobody says what it became"),
        ("kite,2010-01-02,2012-03-04,current", "has an end"),
        ("x" * 201 + ",2010-01-02,2012-03-04", "more than 200 letters"),
        ("ki\x07te,2010-01-02,2012-03-04", "control characters"),
        ("风筝,2010-01-02,2012-03-04", "no short name"),
    ],
)
def test_a_broken_row_is_told_with_its_line_and_the_others_are_read(row, reason):
    reading = read(f"sail,2010-01-02,2012-03-04\n{row}\nlock,2010-01-02,2012-03-04\n")

    assert [one.name for one in reading.projects] == ["sail", "lock"]
    (unread,) = reading.unread
    assert (unread.file, unread.line) == ("podlings_graduated.txt", 2)
    assert reason in unread.reason
    assert unread.text.isprintable()


def test_a_name_that_stands_twice_is_read_once_over_all_files():
    reading = read_podlings(
        [
            SourceFile("podlings_graduated.txt", b"kite,2010-01-02,2012-03-04"),
            SourceFile("podlings_retired.txt", b"Kite,2011-01-02,2012-03-04"),
        ]
    )
    assert len(reading.projects) == 1
    assert reading.unread[0].reason == "named twice: before in podlings_graduated.txt, line 1"


def test_files_that_are_no_text_or_too_large_are_told():
    reading = read_podlings([SourceFile("a", b"\xff\xfe"), SourceFile("b", None)])
    assert [row.reason for row in reading.unread] == ["not UTF-8 at byte 0", "larger than 16 MiB"]


@given(st.binary(max_size=400))
def test_whatever_the_bytes_every_row_is_read_or_told(content):
    reading = read_podlings([SourceFile("podlings_graduated.txt", content)])

    for history in reading.projects:
        days = [step.on for step in history.steps if step.on]
        assert days == sorted(days)
    for row in reading.unread:
        assert row.reason
        assert len(row.text) <= 160


HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet href="podlings.xsl" type="text/xsl" ?>
<!-- a licence -->
<!DOCTYPE podlings SYSTEM "podlings.dtd">
"""
KITE = """<podling name="Kite Mail" status="graduated" resource="kite" sponsor="Incubator"
  startdate="2010-01-02" enddate="2012-03-04">
  <description>Letters on a
    string &amp; a tail.</description>
  <resolution tlp="true"/>
  <mentors><mentor username="x">Somebody</mentor><description>No</description></mentors>
</podling>"""


def in_xml(*podlings: str, head: str = HEAD):
    rows = "\n".join(podlings)
    return read(f"{head}<podlings>\n{rows}\n</podlings>\n", "podlings.xml")


def test_the_registers_own_xml_is_read():
    reading = in_xml(KITE, '<podling name="Sail" status="current" startdate="2016-03-31"/>')

    kite, sail = reading.projects
    assert (kite.slug, kite.name, kite.stage) == ("kite", "Kite Mail", "graduated")
    assert kite.summary == "Letters on a string & a tail."
    assert [step.on for step in kite.steps] == [date(2010, 1, 2), date(2012, 3, 4)]
    assert kite.homepage == "https://incubator.apache.org/projects/kite.html"
    assert (sail.slug, sail.stage) == ("sail", "incubating")
    assert reading.unread == []


@pytest.mark.parametrize(
    ("podling", "reason"),
    [
        ('<podling status="current" startdate="2016-03-31"/>', "no short name"),
        ('<podling name="Sail" startdate="2016-03-31"/>', "its status is ''"),
        ('<podling name="Sail" status="famous"/>', "its status is 'famous'"),
        ('<podling name="Sail" status="retired" startdate="last year"/>', "is no date"),
        (
            '<podling name="Sail" status="retired" startdate="2016-02-01" enddate="2016-01-01"/>',
            "wrong order",
        ),
        ('<podling name="Sail" status="current" enddate="2016-01-01"/>', "has an end"),
        ('<podling name="KITE MAIL" resource="kite" status="current"/>', "named twice"),
    ],
)
def test_a_broken_podling_is_told_with_its_line_and_the_others_are_read(podling, reason):
    reading = in_xml(KITE, podling)

    assert [one.slug for one in reading.projects] == ["kite"]
    (unread,) = reading.unread
    assert unread.line == 13
    assert reason in unread.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<podlings>", "no XML: no element found"),
        ("<html></html>", "its first element is not podlings"),
        ('<!DOCTYPE p [<!ENTITY a "b">]><podlings/>', "declares entities"),
        ('<!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]><podlings>&a;</podlings>', "entit"),
        ("<podlings>&nothing;</podlings>", "no XML: undefined entity"),
    ],
)
def test_a_document_that_cannot_be_taken_is_told(text, reason):
    reading = read(text, "podlings.xml")

    assert reading.projects == []
    assert reason in reading.unread[0].reason


def test_lines_and_xml_tell_of_one_project():
    reading = read_podlings(
        [
            SourceFile("podlings_graduated.txt", b"kite,2010-01-02,2012-03-04"),
            SourceFile("podlings.xml", f"<podlings>{KITE}</podlings>".encode()),
        ]
    )
    assert [one.slug for one in reading.projects] == ["kite"]


@given(st.text(alphabet='<>/&;"= ap', max_size=60))
def test_whatever_the_xml_it_is_read_or_told(text):
    reading = read(f"<podlings>{text}", "podlings.xml")

    assert reading.projects == []
    assert len(reading.unread) == 1
