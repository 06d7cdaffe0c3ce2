"""Text files opened with care: every fault of theirs is named with file and line."""

from __future__ import annotations

import csv
import gzip
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from concours.peerreview.errors import BadInput

FilePath = str | os.PathLike[str]
Progress = Callable[[int, int], None]

LONGEST_LINE = 16 * 1024 * 1024
"""Characters of a line: a similarity matrix of a million reviewers has longer ones, no list has."""
MARKS_OF_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
SPREADSHEETS = (".xlsx", ".xls", ".ods")


def kind(path: FilePath) -> str:
    """Format by the ending: "csv" (any other ending too), "json", "jsonl", "parquet", "in"."""
    endings = [ending.lower() for ending in Path(path).suffixes]
    if endings and endings[-1] == ".gz":
        endings.pop()
    last = endings[-1] if endings else ""
    if last in SPREADSHEETS:
        raise BadInput(f"{path}: spreadsheets are not read: save the sheet as CSV")
    known = {
        ".json": "json",
        ".jsonl": "jsonl",
        ".ndjson": "jsonl",
        ".parquet": "parquet",
        ".pq": "parquet",
        ".in": "in",
    }
    return known.get(last, "csv")


def where(path: FilePath, number: int) -> str:
    """Place of line, item or row `number` (from 1) of a file, for messages."""
    word = {"json": "item ", "parquet": "row "}.get(kind(path))
    return f"{path}:{number}" if word is None else f"{path}: {word}{number}"


@contextmanager
def binary(path: FilePath) -> Iterator[BinaryIO]:
    """The file's bytes, unpacked where the name ends with .gz; faults become BadInput."""
    try:
        packed = Path(path).suffix.lower() == ".gz"
        with gzip.open(path, "rb") if packed else Path(path).open("rb") as file:
            yield cast("BinaryIO", file)
    except UnicodeDecodeError as error:
        raise _not_utf8(path) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadInput(f"{path}: not a whole gzip file ({error})") from error
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}") from error


@contextmanager
def text(path: FilePath) -> Iterator[TextIO]:
    """The file as UTF-8 text without its byte order mark, line ends as they are."""
    with binary(path) as file:
        yield TextIOWrapper(file, encoding="utf-8-sig", newline="")


def physical_lines(path: FilePath, file: TextIO) -> Iterator[str]:
    """Lines with their ends; refuses NUL bytes and lines that are no lines."""
    for number, line in enumerate(iter(partial(file.readline, LONGEST_LINE), ""), start=1):
        if "\0" in line:
            raise BadInput(f"{path}:{number}: a NUL byte: this is no text file, or a damaged one")
        if len(line) >= LONGEST_LINE and not line.endswith(("\n", "\r")):
            raise BadInput(f"{path}:{number}: a line of over {LONGEST_LINE:,} characters")
        yield line


def lines(path: FilePath) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of each line of CSV that is not empty; cells stripped.

    A record of several lines (a quoted cell may hold line ends) has the number of its first.
    """
    first = 1
    with text(path) as file:
        reader = csv.reader(physical_lines(path, file), strict=True)
        try:
            for cells in reader:
                stripped = [cell.strip() for cell in cells]
                if any(stripped):
                    yield first, stripped
                first = reader.line_num + 1
        except csv.Error as error:
            raise BadInput(f"{path}:{first}: {_phrase(error)}") from error


def _phrase(error: csv.Error) -> str:
    words = str(error)
    if "unexpected end" in words:
        return f"{words}: a quotation mark opens here and is not closed"
    if "field limit" in words:
        return f"{words}: is a quotation mark not closed?"
    return words


def _not_utf8(path: FilePath) -> BadInput:
    """Names the first line that is not UTF-8: the decoder itself knows its own block only."""
    with binary(path) as file:
        if file.read(2) in MARKS_OF_UTF_16:
            return BadInput(f"{path}: UTF-16 text: save the file as UTF-8")
        file.seek(0)
        for number, line in enumerate(iter(partial(file.readline, LONGEST_LINE), b""), start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                byte = line[error.start]
                words = f"not UTF-8 text (byte {byte:#04x}, {error.reason})"
                return BadInput(f"{path}:{number}: {words}: save the file as UTF-8")
    return BadInput(f"{path}: not UTF-8 text: save the file as UTF-8")
