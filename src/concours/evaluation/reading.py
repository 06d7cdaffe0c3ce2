"""From an evaluator's folder to an Evaluator; every fault names file, key and mend."""

from __future__ import annotations

from pathlib import Path

from concours.evaluation.errors import BadEvaluator
from concours.evaluation.folder import boundary, digest_of
from concours.evaluation.manifest import (
    MANIFEST,
    Allowed,
    Evaluator,
    Install,
    Kind,
    Rule,
    Ties,
)
from concours.evaluation.reading_columns import columns_of
from concours.evaluation.reading_inputs import driving_of, program_of
from concours.evaluation.reading_points import points_of
from concours.evaluation.reading_splits import splits_of
from concours.tables import DataFolder, Fault, Table

FORMAT = 1
SCORING = Allowed(wall_seconds=120, cpu_seconds=120, processes=16)


def load(folder: Path) -> Evaluator:
    """Read `evaluator.toml` and look at all that it names. O(bytes of the evaluator's files).

    Raises BadEvaluator with everything that is wrong.
    """
    folder = folder.resolve()
    files = DataFolder(folder)
    try:
        values = files.table(MANIFEST) if folder.is_dir() else None
        if not folder.is_dir():
            files.fault(MANIFEST, "", f"{folder.name} is no folder", "name an evaluator's folder")
        if values is None:
            raise BadEvaluator(files.faults)
        found = _evaluator(files, Table(files, MANIFEST, values))
    except OSError as error:
        name = Path(error.filename).name if error.filename else folder.name
        raise BadEvaluator([Fault(name, "", f"cannot be read: {error.strerror}")]) from None
    if files.faults:
        raise BadEvaluator(files.faults)
    return found


def _evaluator(files: DataFolder, table: Table) -> Evaluator:
    table.require_format(FORMAT)
    folder = files.root
    kind = Kind(table.choice("kind", list(Kind)))
    inputs = table.table("inputs") or Table(files, MANIFEST, {}, "inputs")
    data = data_folder(folder, inputs)
    columns = columns_of(table, kind)
    sort, ties, rule = _sort(table, {column.name for column in columns})
    limits = allowed_of(table, "limits", Allowed())
    scoring = allowed_of(table, "scoring", SCORING)
    driving = driving_of(inputs, data) if kind is Kind.DRIVING else None
    program = program_of(inputs, folder, scoring) if kind is Kind.PROGRAM else None
    inputs.done()
    made = program is None or program.generate is not None
    found = Evaluator(
        folder=folder,
        data=data,
        name=table.slug("name"),
        version=table.text("version", most=40),
        kind=kind,
        title=table.text("title"),
        title_zh=table.text("title_zh", default=""),
        digest="" if files.faults else digest_of(folder, data),
        columns=columns,
        splits=splits_of(table, kind, data, made=made),
        limits=limits,
        sort=sort,
        ties=ties,
        rule=rule,
        install=_install(table, folder, kind),
        **({"driving": driving} if driving else {}),
        program=program,
        points=points_of(table, {column.name for column in columns}),
    )
    table.done()
    return found


def data_folder(folder: Path, inputs: Table) -> Path:
    """The folder of the cases: the evaluator's own, or the one of its season that is named."""
    name = inputs.text("data", default="")
    if not name:
        return folder
    data = (folder / name).resolve()
    if not data.is_relative_to(boundary(folder)):
        inputs.fault("data", f"{name} leads outside the season", "keep it in the season's folder")
    elif not data.is_dir():
        inputs.fault("data", f"{name} is no folder", "write it, or correct the name")
    else:
        return data
    return folder


def allowed_of(table: Table, key: str, usual: Allowed) -> Allowed:
    """The limits under a key; what is not said is as usual."""
    found = table.table(key)
    if found is None:
        return usual
    day = 86_400
    limits = Allowed(
        wall_seconds=found.integer("wall_seconds", low=1, high=day, default=usual.wall_seconds),
        cpu_seconds=found.integer("cpu_seconds", low=1, high=day, default=usual.cpu_seconds),
        memory_mb=found.integer("memory_mb", low=16, high=2**20, default=usual.memory_mb),
        processes=found.integer("processes", low=1, high=4_096, default=usual.processes),
        disk_mb=found.integer("disk_mb", low=1, high=2**20, default=usual.disk_mb),
        output_kb=found.integer("output_kb", low=1, high=2**20, default=usual.output_kb),
    )
    found.done()
    return limits


def _sort(table: Table, names: set[str]) -> tuple[tuple[str, ...], Ties, Rule]:
    sort = table.table("sort")
    if sort is None:
        table.fault("sort", "is missing", "write [sort] with columns, ties and rule")
        return (), Ties.SHARED, Rule.BEST
    columns = sort.slugs("columns")
    if not columns:
        sort.fault("columns", "names no column", "name at least one of [[columns]]")
    for name in columns:
        if name not in names:
            sort.fault("columns", f"{name!r} is no column", f"there are {', '.join(sorted(names))}")
    ties = Ties(sort.choice("ties", list(Ties), default=Ties.SHARED))
    rule = Rule(sort.choice("rule", list(Rule), default=Rule.BEST))
    sort.done()
    return columns, ties, rule


def _install(table: Table, folder: Path, kind: Kind) -> Install:
    found = table.table("install")
    if found is None:
        return Install()
    if kind is Kind.DRIVING:
        table.fault("install", "is for programs alone", "take it out")
    name = found.text("wheels", default="")
    wheels = (folder / name).resolve() if name else None
    if wheels is not None and not (wheels.is_relative_to(folder) and wheels.is_dir()):
        found.fault("wheels", f"{name} is no folder of the evaluator", "put the wheels there")
    packages = found.texts("packages")
    index = found.text("index", default="")
    if index and not index.startswith("https://"):
        found.fault("index", f"{index} is no https address", "write https://...")
    if packages and not (index or wheels):
        found.fault("packages", "come from nowhere", "name a folder of wheels, or an index")
    install = Install(
        packages=packages,
        wheels=wheels,
        index=index,
        requirements=found.text("requirements", default="") or "requirements.txt",
        compile=found.texts("compile"),
        allowed=allowed_of(found, "limits", Allowed()),
    )
    found.done()
    return install
