from __future__ import annotations

import pytest

from concours.platform.core.errors import Refused
from concours.platform.seasons import judged
from concours.platform.seasons.agreement import read_truth
from concours.platform.seasons.judged import read_judged

ENTRIES = "id,title,team\nx,Ex,One\ny,Why,Two\nz,Zed,Three\n"
REVIEWERS = "id,entry\nann,x\nbob,y\ncy,z\n"
REVIEWS = "reviewer,entry,score\nann,y,3\nbob,x,1\ncy,x,2\n"


@pytest.fixture
def read(tmp_path):
    """read(entries=text, ...) -> Judged"""

    def from_texts(scale=None, **texts):
        paths = {}
        for name, text in texts.items():
            paths[name] = tmp_path / f"{name}.csv"
            paths[name].write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_judged(**paths, scale=scale)

    return from_texts


def numbers(data):
    return [(r.reviewer_entry, r.entry, r.points) for r in data.reviews]


def test_all_files_together(read):
    data = read(entries=ENTRIES, reviewers=REVIEWERS, reviews=REVIEWS)
    assert [(e.id, e.title, e.team, e.reviewer) for e in data.entries] == [
        ("x", "Ex", "One", "ann"), ("y", "Why", "Two", "bob"), ("z", "Zed", "Three", "cy"),
    ]  # fmt: skip
    assert numbers(data) == [(0, 1, {"score": 3}), (1, 0, {"score": 1}), (2, 0, {"score": 2})]
    assert data.columns[0].most == 5
    assert not data.ranked


def test_marks_line_ends_quotes_and_blank_lines_are_read(read):
    text = '\ufeffreviewer,entry,score\r\n\r\n"a ""b"", c",y,3\r\ny,"a ""b"", c", 4 \r\n'
    data = read(reviews=text)
    assert [entry.id for entry in data.entries] == ['a "b", c', "y"]
    assert [row[2] for row in numbers(data)] == [{"score": 3}, {"score": 4}]


@pytest.mark.parametrize(
    ("scores", "scale", "most", "points"),
    [
        ("0 3 5", None, 5, [0, 3, 5]),
        ("0 3 6", None, 10, [0, 3, 6]),
        ("0 73 100", None, 100, [0, 73, 100]),
        ("0 0.5 1", None, 100, [0, 50, 100]),
        ("0 2.5 5", None, 100, [0, 50, 100]),
        ("0 500 1000", None, 100, [0, 50, 100]),
        ("0 1 2", 4, 4, [0, 1, 2]),
        ("0 1 2.5", 5, 100, [0, 20, 50]),
        ("0 0 0", None, 5, [0, 0, 0]),
    ],
)
def test_scores_of_any_scale_become_whole_points(read, scores, scale, most, points):
    pairs = ("ann,y", "bob,x", "cy,x")
    lines = [f"{pair},{score}\n" for pair, score in zip(pairs, scores.split(), strict=True)]
    data = read(
        entries=ENTRIES,
        reviewers=REVIEWERS,
        reviews="reviewer,entry,score\n" + "".join(lines),
        scale=scale,
    )
    assert data.columns[0].most == most
    assert [row[2]["score"] for row in numbers(data)] == points
    assert data.rounded == (data.columns[0].factor != 1)


def test_rankings_without_other_files(read):
    data = read(rankings="2,3\n3,1\n1,2\n")
    assert [entry.id for entry in data.entries] == ["1", "2", "3"]
    assert numbers(data) == [
        (0, 1, {"place": 75}), (0, 2, {"place": 25}),
        (1, 2, {"place": 75}), (1, 0, {"place": 25}),
        (2, 0, {"place": 75}), (2, 1, {"place": 25}),
    ]  # fmt: skip
    assert data.ranked


def test_rankings_that_count_from_nought(read):
    data = read(rankings="1,2\n2,0\n0,1\n")
    assert sorted(entry.id for entry in data.entries) == ["0", "1", "2"]


def test_places_of_a_long_ranking_stay_apart(read):
    data = read(rankings=",".join(str(n) for n in range(2, 102)) + "\n")
    points = [row[2]["place"] for row in numbers(data)]
    assert len(points) == 100
    assert points == sorted(set(points), reverse=True)


@pytest.mark.parametrize(
    ("file", "line", "problem"),
    [
        ({"reviews": "reviewer,entry,score\nann,y,3\nann,q,1\n"}, 3, "no entry 'q'"),
        ({"reviews": "reviewer,entry,score\neve,y,3\n"}, 2, "no reviewer 'eve'"),
        ({"reviews": "reviewer,entry,score\nann,x,3\n"}, 2, "judges their own entry"),
        ({"reviews": "reviewer,entry,score\nann,y,3\nann,y,4\n"}, 3, "as in line 2"),
        ({"reviews": "reviewer,entry,score\nann,y\n"}, 2, "2 cells, 3 expected"),
        ({"reviews": "reviewer,entry,score\nann,y,3,4\n"}, 2, "4 cells, 3 expected"),
        ({"reviews": "reviewer,entry,score\nann,y,three\n"}, 2, "'three' is not a number"),
        ({"reviews": "reviewer,entry,score\nann,y,nan\n"}, 2, "finite number"),
        ({"reviews": "reviewer,entry,score\nann,y,1e999\n"}, 2, "finite number"),
        ({"reviews": "reviewer,entry,score\nann,y,-1\n"}, 2, "finite number from 0"),
        ({"reviews": "reviewer,entry,score\n,y,1\n"}, 2, "reviewer is empty"),
        ({"reviews": "reviewer,entry,a,b\nann,y,1,2\nbob,x,,2\n"}, 3, "a '' is not a number"),
        ({"reviews": "reviewer,score\nann,1\n"}, 1, "no column 'entry'"),
        ({"reviews": "reviewer,entry\nann,y\n"}, 1, "columns of scores"),
        ({"reviews": "reviewer,entry,score,score\nann,y,1,1\n"}, 1, "stands twice"),
        ({"reviews": "reviewer,entry,a b,a-b\nann,y,1,1\n"}, 1, "too alike"),
        ({"reviews": 'reviewer,entry,score\nann,"y,3\n'}, 2, "unexpected end"),
        ({"reviews": "reviewer,entry,score\nann,y,\0\n"}, 2, ""),
        ({"reviews": "reviewer,entry,score\nann,y," + "1" * 200_000}, 2, "field larger"),
        ({"entries": ENTRIES + "x,Again,Four\n"}, 5, "id 'x' stands in line 2 already"),
        ({"entries": ENTRIES + "w,Double,One\n"}, 5, "team 'One' has the entry 'x' already"),
        ({"entries": ENTRIES + "w" * 61 + ",Long,Four\n"}, 5, "id has 61 characters"),
        ({"entries": ENTRIES + "w,A\x1bB,Four\n"}, 5, "title holds control characters"),
        ({"reviewers": REVIEWERS + "ann,y\n"}, 5, "id 'ann' stands in line 2"),
        ({"reviewers": REVIEWERS + "dan,y\n"}, 5, "entry 'y' has one in line 3"),
        ({"reviewers": REVIEWERS + "dan,q\n"}, 5, "no entry 'q'"),
        ({"reviewers": "id,entry\nann,\n"}, 2, "entry is empty"),
    ],
)
def test_a_malformed_line_is_named(read, file, line, problem):
    texts = {"entries": ENTRIES, "reviewers": REVIEWERS, "reviews": REVIEWS, **file}
    with pytest.raises(Refused) as refused:
        read(**texts)
    message = str(refused.value)
    assert f"{next(iter(file))}.csv:{line}: " in message
    assert problem in message


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2,3\n2,1\n", "rankings.csv:2: a reviewer judges their own entry"),
        ("2,2\n", "rankings.csv:1: the same reviewer and entry as in line 1"),
        ("2,,3\n", "rankings.csv:1: an empty cell amid the ranking"),
        ("2,x\n", "rankings.csv:1: 'x' is no number; name the entries with --entries"),
        (",".join(str(n) for n in range(2, 103)), "rankings.csv:1: 101 entries in one ranking"),
        ("", "rankings.csv: there is no review in it"),
        (b"2,\xff\n", "rankings.csv:1: not UTF-8"),
    ],
)
def test_a_malformed_ranking_is_named(read, text, problem):
    with pytest.raises(Refused) as refused:
        read(rankings=text)
    assert problem in str(refused.value)


def test_rankings_with_more_lines_than_reviewers(read):
    with pytest.raises(Refused) as refused:
        read(entries=ENTRIES, rankings="y,z\nx,z\nx,y\nx,y\n")
    assert "rankings.csv:4: there are 3 reviewers, not more" in str(refused.value)


def test_a_huge_file_is_refused_unread(read, monkeypatch):
    monkeypatch.setattr(judged, "MAX_FILE_BYTES", 10)
    with pytest.raises(Refused) as refused:
        read(reviews=REVIEWS)
    assert "is larger than" in str(refused.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(Refused) as refused:
        read_judged(reviews=tmp_path / "nothing.csv")
    assert "nothing.csv: No such file" in str(refused.value)


@pytest.mark.parametrize("names", [[], ["reviews", "rankings"]])
def test_reviews_or_rankings_one_of_the_two(tmp_path, names):
    with pytest.raises(Refused) as refused:
        read_judged(**dict.fromkeys(names, tmp_path / "x.csv"))
    assert refused.value.code == "one-of-two"


@pytest.mark.parametrize(
    ("truth", "places"),
    [
        ("z\nx\ny\n", [1, 2, 0]),
        ("id,place\nx,2\ny,3\nz,1\n", [2, 3, 1]),
        ("id,quality\nx,0.5\ny,-1\nz,9\n", [-0.5, 1, -9]),
    ],
)
def test_truth_from_a_file(read, tmp_path, truth, places):
    data = read(entries=ENTRIES, reviewers=REVIEWERS, reviews=REVIEWS)
    (tmp_path / "truth.csv").write_text(truth)
    assert list(read_truth(str(tmp_path / "truth.csv"), data)) == places


@pytest.mark.parametrize(
    ("truth", "problem"),
    [
        ("x\ny\n", "entry 'z' is missing"),
        ("id,place\nx,a\ny,1\nz,2\n", "truth.csv:2: an id and a number are wanted"),
        ("id,place\nx,nan\ny,1\nz,2\n", "truth.csv:2: 'nan' is not a finite number"),
        ("id,rank\nx,1\n", "truth.csv:1: the header is to be"),
        ("", "entry 'x' is missing"),
    ],
)
def test_an_unusable_truth_is_named(read, tmp_path, truth, problem):
    data = read(entries=ENTRIES, reviewers=REVIEWERS, reviews=REVIEWS)
    (tmp_path / "truth.csv").write_text(truth)
    with pytest.raises(Refused) as refused:
        read_truth(str(tmp_path / "truth.csv"), data)
    assert problem in str(refused.value)
    with pytest.raises(Refused):
        read_truth("by-id", data)
