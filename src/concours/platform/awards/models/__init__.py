from concours.platform.awards.models.jury import Juror, JuryCorrection, JuryScore
from concours.platform.awards.models.machine import MachineScore
from concours.platform.awards.models.pool import LedgerLine, Prize, PrizePool
from concours.platform.awards.models.result import Award, Result, ResultLine

__all__ = [
    "Award",
    "Juror",
    "JuryCorrection",
    "JuryScore",
    "LedgerLine",
    "MachineScore",
    "Prize",
    "PrizePool",
    "Result",
    "ResultLine",
]
