"""What is run and what comes of it: evaluators, their cases, and executors that run them.

    evaluator = load(folder)
    prepared = prepare(evaluator, archive, into)
    results = [run_case(order) for order in orders(evaluator, prepared.root, "practice")]
    print(combine(evaluator, "practice", results).values)

A library: no Django. The entrant's programs and the organiser's run in boxes (concours.box).
"""

from concours.evaluation.cases import CaseOrder, CaseResult, CaseState, orders
from concours.evaluation.combining import Total, combine
from concours.evaluation.errors import BadEvaluator, BadResult, BadSubmission, code_of
from concours.evaluation.executors import (
    Executor,
    LocalExecutor,
    executor_from_settings,
)
from concours.evaluation.manifest import Column, Evaluator, Split
from concours.evaluation.prepared import Prepared
from concours.evaluation.reading import load
from concours.evaluation.running import run_case
from concours.evaluation.sealing import BadSecret, commitment, new_secret, read_secret
from concours.evaluation.submissions import prepare

__all__ = [
    "BadEvaluator",
    "BadResult",
    "BadSecret",
    "BadSubmission",
    "CaseOrder",
    "CaseResult",
    "CaseState",
    "Column",
    "Evaluator",
    "Executor",
    "LocalExecutor",
    "Prepared",
    "Split",
    "Total",
    "code_of",
    "combine",
    "commitment",
    "executor_from_settings",
    "load",
    "new_secret",
    "orders",
    "prepare",
    "read_secret",
    "run_case",
]
