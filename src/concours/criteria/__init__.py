"""Whether a project is ready for a stage: criteria as data, and what a machine can say of them.

    criteria = load_preset("open-atom")
    repository = read_repository(Path("clone"), at=datetime.now(UTC))
    report = check_repository(repository, criteria, stage="graduated")
    print(to_json(report))

A library: no Django. The clone is a stranger's: nothing of it is run.
"""

from concours.criteria.checks import CHECKS, Outcome, Place, Said, Verdict
from concours.criteria.checks.licence_file import licences_in
from concours.criteria.errors import BadForge, BadKeys, BadReport, BadSet, CloneRefused, Code
from concours.criteria.forge import Forge, read_forge
from concours.criteria.reading import load_preset, load_set, presets
from concours.criteria.report import StoredReport, StoredRow, read_report, to_json
from concours.criteria.repository import Keys, Limits, Repository, load_keys, read_repository
from concours.criteria.running import Report, RowResult, State, check_repository
from concours.criteria.sets import Chapter, CriteriaSet, Mode, Row, Stage

__all__ = [
    "CHECKS",
    "BadForge",
    "BadKeys",
    "BadReport",
    "BadSet",
    "Chapter",
    "CloneRefused",
    "Code",
    "CriteriaSet",
    "Forge",
    "Keys",
    "Limits",
    "Mode",
    "Outcome",
    "Place",
    "Report",
    "Repository",
    "Row",
    "RowResult",
    "Said",
    "Stage",
    "State",
    "StoredReport",
    "StoredRow",
    "Verdict",
    "check_repository",
    "licences_in",
    "load_keys",
    "load_preset",
    "load_set",
    "presets",
    "read_forge",
    "read_report",
    "read_repository",
    "to_json",
]
