"""Compiled code kept on disk is forgotten when a source that it was made from changes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

STAMP = "kernels.stamp"
KERNEL = re.compile(r"^@(?:\w+\.)*(?:kernel|lean_kernel)\b", re.MULTILINE)
IMPORT = re.compile(
    r"^[ \t]*from +([\w.]+) +import +(\([^)]*\)|[^\n]*)|^[ \t]*import +([\w. ,]+)", re.M
)
NAME = re.compile(r"[A-Za-z_]\w*")


def forget_stale(package: Path) -> bool:
    """Delete the compiled code of each kernel in `package` whose sources have changed.

    numba looks only at the file of the kernel itself, while a kernel holds those it calls, and the
    constants it reads, from other files too: after an update it would go on computing as before. So
    a kernel's file is forgotten when it or anything that it imports of the same distribution, near
    or far, has other contents. Whether any was. Linear in the sources where one has changed, else
    in their number.
    """
    stats = ((file, file.stat()) for file in sorted(package.rglob("*.py")))
    seen = "\n".join(
        f"{file.relative_to(package)} {s.st_mtime_ns} {s.st_size}" for file, s in stats
    )
    stamp = package / "__pycache__" / STAMP
    before = _read(stamp)
    if before.get("seen") == seen:
        return False
    sources = _Sources(package)
    now = {str(file.relative_to(package)): sources.digest(file) for file in sources.with_kernels()}
    known = before.get("made_from")
    was = known if isinstance(known, dict) else {}
    stale = [name for name, digest in now.items() if was.get(name) != digest]
    deleted = [kept for name in stale for kept in _kept(package / name)]
    for kept in deleted:
        kept.unlink(missing_ok=True)
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(json.dumps({"seen": seen, "made_from": now}))
    return bool(deleted)


def _read(stamp: Path) -> dict[str, object]:
    try:
        found = json.loads(stamp.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _kept(file: Path) -> list[Path]:
    return sorted((file.parent / "__pycache__").glob(f"{file.stem}.*.nb[ic]"))


class _Sources:
    """The sources of a distribution, read once."""

    def __init__(self, package: Path) -> None:
        self._package = package
        base = package.resolve()
        while (base / "__init__.py").exists():
            base = base.parent
        self._base = base
        self._texts: dict[Path, bytes] = {}
        self._imports: dict[Path, tuple[Path, ...]] = {}

    def with_kernels(self) -> list[Path]:
        """Files of the package that hold kernels."""
        files = sorted(self._package.rglob("*.py"))
        return [
            file for file in files if KERNEL.search(self._text(file).decode("utf-8", "replace"))
        ]

    def digest(self, file: Path) -> str:
        """Of the contents of a file and of all that it imports."""
        met, left = {file.resolve()}, [file.resolve()]
        while left:
            for other in self._imported(left.pop()):
                if other not in met:
                    met.add(other)
                    left.append(other)
        total = hashlib.sha256()
        for each in sorted(met):
            total.update(hashlib.sha256(self._text(each)).digest())
        return total.hexdigest()

    def _text(self, file: Path) -> bytes:
        if file not in self._texts:
            self._texts[file] = file.read_bytes()
        return self._texts[file]

    def _words(self, file: Path) -> str:
        return self._text(file).decode("utf-8", "replace")

    def _imported(self, file: Path) -> tuple[Path, ...]:
        if file not in self._imports:
            self._imports[file] = tuple(dict.fromkeys(self._modules(self._words(file))))
        return self._imports[file]

    def _modules(self, text: str) -> Iterator[Path]:
        for module, names, plain in IMPORT.findall(text):
            if not module:
                for name in plain.split(","):
                    yield from self._file(name.split(" as ")[0].strip())
                continue
            inside = [f for name in NAME.findall(names) for f in self._file(f"{module}.{name}")]
            yield from inside or self._file(module)

    def _file(self, module: str) -> Iterator[Path]:
        """The source of a module of this distribution."""
        place = self._base.joinpath(*module.split("."))
        for file in (place.with_suffix(".py"), place / "__init__.py"):
            if file.is_file():
                yield file
                return
