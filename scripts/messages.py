"""Translations without system tools: `update` collects and merges, `check` fails on what is open.

Strings are collected from Python by Babel, and from templates by Django's own `templatize`, as
makemessages does; catalogues are merged and compiled by Babel.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src/concours/platform"
CATALOGUE = SOURCE / "locale/zh_Hans/LC_MESSAGES/django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def collect() -> Catalog:
    """Every string marked for translation, with the files that hold it."""
    catalog = Catalog(
        locale="zh_Hans",
        project="Concours",
        copyright_holder="the Concours authors",
        charset="utf-8",
        fuzzy=False,
    )
    for path in sorted(SOURCE.rglob("*")):
        if "migrations" in path.parts or path.suffix not in {".py", ".html", ".txt"}:
            continue
        if path.suffix != ".py" and "templates" not in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            text = "\n".join(line.strip() for line in templatize(text).splitlines())
        name = path.relative_to(ROOT).as_posix()
        for _line, function, messages, _comments in extract_python(
            io.BytesIO(text.encode()), KEYWORDS, (), {"encoding": "utf-8"}
        ):
            _add(catalog, function=function, messages=messages, name=name)
    return catalog


def _add(catalog: Catalog, *, function: str, messages: object, name: str) -> None:
    parts = list(messages) if isinstance(messages, tuple) else [messages]
    context = parts.pop(0) if "pgettext" in function else None
    parts = [part for part in parts if isinstance(part, str)]
    if not parts or not parts[0]:
        return
    wanted: object = tuple(parts[:2]) if function.startswith(("n", "np")) else parts[0]
    catalog.add(wanted, locations=[(name, 0)], context=context, flags=_flags(parts[0]))


def _flags(text: str) -> list[str]:
    return ["python-format"] if re.search(r"%\(\w+\)[sd]", text) else []


def stored() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="zh_Hans", project="Concours", charset="utf-8", fuzzy=False)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans", charset="utf-8")


def compiled(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def update() -> int:
    """Merge the collected strings into the catalogue and compile it."""
    catalog = stored()
    catalog.update(collect(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalog, width=100, include_lineno=False, sort_by_file=True)
    CATALOGUE.with_suffix(".mo").write_bytes(compiled(stored()))
    missing = [message for message in catalog if message.id and not _complete(message)]
    print(f"{len(catalog)} strings, {len(missing)} without a translation")
    return 0


def check() -> int:
    """Say what is missing, left over, open or out of date; 1 where there is any."""
    wanted, have = collect(), stored()
    problems = [
        f"not in the catalogue: {message.id!r} ({message.locations[0][0]}); run make messages"
        for message in wanted
        if message.id and _find(have, message) is None
    ]
    for message in have:
        if not message.id:
            continue
        if _find(wanted, message) is None:
            problems.append(f"no longer used: {message.id!r}; run make messages")
        elif not _complete(message) or message.fuzzy:
            problems.append(f"not translated: {message.id!r}")
        elif _placeholders(message.id) != _placeholders(message.string):
            problems.append(f"placeholders differ: {message.id!r} -> {message.string!r}")
    binary = CATALOGUE.with_suffix(".mo")
    if not binary.exists() or binary.read_bytes() != compiled(have):
        problems.append("the compiled catalogue is out of date; run make messages")
    print("\n".join(problems))
    return 1 if problems else 0


def _find(catalog: Catalog, message: Message) -> Message | None:
    found: Message | None = catalog.get(
        message.id[0] if isinstance(message.id, tuple) else message.id, message.context
    )
    return found


def _complete(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return bool(strings) and all(strings)


def _placeholders(text: object) -> set[str]:
    parts = text if isinstance(text, tuple | list) else [text]
    return {a or b for part in parts for a, b in PLACEHOLDER.findall(str(part))}


if __name__ == "__main__":
    settings.configure(USE_I18N=True)
    if sys.argv[1:] not in (["update"], ["check"]):
        sys.exit("usage: messages.py update|check")
    sys.exit(update() if sys.argv[1] == "update" else check())
