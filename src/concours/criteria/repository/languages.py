"""What kind of file a path names."""

from __future__ import annotations

import re

_LANGUAGES = {
    "ArkTS": ".ets",
    "C": ".c .h",
    "C#": ".cs",
    "C++": ".cc .cpp .cxx .hh .hpp .hxx",
    "CUDA": ".cu .cuh",
    "Dart": ".dart",
    "Go": ".go",
    "Groovy": ".groovy",
    "Java": ".java",
    "JavaScript": ".js .jsx .mjs .cjs",
    "Kotlin": ".kt .kts",
    "Lua": ".lua",
    "Objective-C": ".m .mm",
    "PHP": ".php",
    "Perl": ".pl .pm",
    "Python": ".py",
    "R": ".r",
    "Ruby": ".rb",
    "Rust": ".rs",
    "Scala": ".scala",
    "Shell": ".sh .bash",
    "Swift": ".swift",
    "SystemVerilog": ".sv .svh",
    "TypeScript": ".ts .tsx",
    "VHDL": ".vhd .vhdl",
    "Verilog": ".v .vh",
    "Vue": ".vue",
}
_BY_ENDING = {
    ending: language for language, endings in _LANGUAGES.items() for ending in endings.split()
}
_VENDORED = re.compile(
    r"(?:^|/)(?:third[_-]?party|vendor|vendored|node_modules|external|deps|dist|\.yarn)/", re.I
)
_MINIFIED = re.compile(r"\.(?:min|bundle|generated|pb)\.[a-z]+$|_pb2(?:_grpc)?\.py$", re.I)
PROGRAMS = frozenset(
    [
        *".a .apk .class .dll .dylib .exe .hap .har .ipa .jar".split(),
        *".ko .lib .o .obj .pyc .pyd .so .war .whl".split(),
    ]
)


def ending(path: str) -> str:
    """The lower-case ending of a path's name with its dot; empty where there is none."""
    name = path.rpartition("/")[2]
    stem, dot, last = name.rpartition(".")
    return f".{last.lower()}" if dot and stem else ""


def language_of(path: str) -> str:
    """The language of the project's own source; empty for all else and for what was taken in."""
    if _VENDORED.search(path) or _MINIFIED.search(path):
        return ""
    return _BY_ENDING.get(ending(path), "")
