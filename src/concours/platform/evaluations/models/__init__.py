from concours.platform.evaluations.models.evaluation import CaseResult, Evaluation
from concours.platform.evaluations.models.evaluator import Evaluator
from concours.platform.evaluations.models.worker import Account, Worker

__all__ = ["Account", "CaseResult", "Evaluation", "Evaluator", "Worker"]
