"""What a reader wants to know of a snapshot at first sight: readme, licences, languages."""

import unicodedata
from collections import Counter
from pathlib import Path
from typing import TypedDict

from concours.snapshots.archives import read_member
from concours.snapshots.limits import Limits
from concours.snapshots.snapshot import Snapshot

README_BYTES = 200_000

_README_ORDER = ("readme.md", "readme.markdown", "readme.rst", "readme.txt", "readme")
_LICENCE_STEMS = frozenset({"license", "licence", "copying", "unlicense", "notice"})
_LANGUAGES = {
    "Assembly": "asm s",
    "C": "c",
    "C or C++ header": "h",
    "C#": "cs",
    "C++": "cc cpp cxx hh hpp hxx ipp",
    "CSS": "css less sass scss",
    "CUDA": "cu cuh",
    "Cangjie": "cj",
    "Clojure": "clj cljs",
    "CMake": "cmake",
    "Dart": "dart",
    "Elixir": "ex exs",
    "Erlang": "erl hrl",
    "ArkTS": "ets",
    "Fortran": "f f90 f95 for",
    "Go": "go",
    "Haskell": "hs",
    "HTML": "htm html",
    "Java": "java",
    "JavaScript": "cjs js jsx mjs",
    "Julia": "jl",
    "Kotlin": "kt kts",
    "Lua": "lua",
    "Markdown": "markdown md",
    "MATLAB": "mlx",
    "Nim": "nim",
    "Objective-C": "m mm",
    "OCaml": "ml mli",
    "Perl": "pl pm",
    "PHP": "php",
    "PowerShell": "ps1 psm1",
    "Protocol Buffers": "proto",
    "Python": "py pyi pyx",
    "R": "r rmd",
    "reStructuredText": "rst",
    "Ruby": "rb",
    "Rust": "rs",
    "Scala": "scala",
    "Shell": "bash sh zsh",
    "Solidity": "sol",
    "SQL": "sql",
    "Svelte": "svelte",
    "Swift": "swift",
    "TypeScript": "cts mts ts tsx",
    "Verilog": "sv v vh",
    "VHDL": "vhd vhdl",
    "Vue": "vue",
    "Zig": "zig",
}
_BY_EXTENSION = {
    extension: language
    for language, extensions in _LANGUAGES.items()
    for extension in extensions.split()
}


class Readme(TypedDict):
    """Text with control characters taken out, and whether more of it was left out."""

    path: str
    text: str
    truncated: bool


class Language(TypedDict):
    """Bytes in files of a language, and their share of all recognised bytes (0 to 1)."""

    language: str
    bytes: int
    share: float


class Description(TypedDict):
    """`licences` are paths of files at the top (and below LICENSES/); largest language first."""

    readme: Readme | None
    licences: list[str]
    languages: list[Language]


def describe(snapshot: Snapshot, path: Path, *, limits: Limits | None = None) -> Description:
    """Readme, licence files and languages of the archive at `path`, of which `snapshot` tells.

    The readme's text is untrusted: escape or sanitise it before it is shown. Languages are told
    by file name extension alone. Raises SnapshotRefused if the archive cannot be read.
    """
    return Description(
        readme=_readme(snapshot, path, limits),
        licences=licence_files(snapshot),
        languages=languages(snapshot),
    )


def find_readme(snapshot: Snapshot) -> str | None:
    """The path of the readme at the top of the tree, None if there is none."""
    at_top = {
        entry.path.casefold(): entry.path for entry in snapshot.files if _is_at_top(entry.path)
    }
    for name in _README_ORDER:
        if name in at_top:
            return at_top[name]
    others = sorted(name for name in at_top if name.startswith("readme."))
    return at_top[others[0]] if others else None


def licence_files(snapshot: Snapshot) -> list[str]:
    """Paths of the licence files, in the order of the manifest."""
    return [entry.path for entry in snapshot.files if _is_licence(entry.path)]


def languages(snapshot: Snapshot) -> list[Language]:
    """Shares of languages by bytes; files of unknown extension count nowhere."""
    sizes: Counter[str] = Counter()
    for entry in snapshot.files:
        name = entry.path.rpartition("/")[2]
        stem, dot, extension = name.rpartition(".")
        language = _BY_EXTENSION.get(extension.lower()) if stem and dot else None
        if language is not None:
            sizes[language] += entry.size
    total = sum(sizes.values())
    ordered = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    return [
        Language(language=language, bytes=size, share=size / total)
        for language, size in ordered
        if size
    ]


def plain_text(data: bytes) -> str:
    """UTF-8 text with undecodable bytes replaced, without controls other than tab and newline."""
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def _readme(snapshot: Snapshot, path: Path, limits: Limits | None) -> Readme | None:
    name = find_readme(snapshot)
    if name is None:
        return None
    data = read_member(path, name, max_bytes=README_BYTES + 1, root=snapshot.root, limits=limits)
    return Readme(
        path=name, text=plain_text(data[:README_BYTES]), truncated=len(data) > README_BYTES
    )


def _is_at_top(path: str) -> bool:
    return "/" not in path


def _is_licence(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    if folder:
        return folder == "LICENSES"  # where the REUSE specification puts them
    stem = name.casefold().replace("-", ".").partition(".")[0]
    return stem in _LICENCE_STEMS
