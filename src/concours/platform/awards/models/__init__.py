from concours.platform.awards.models.bonus import BonusShare, ReviewBonus
from concours.platform.awards.models.jury import Juror, JuryCorrection, JuryScore
from concours.platform.awards.models.machine import MachineScore
from concours.platform.awards.models.movement import Movement, Receipt
from concours.platform.awards.models.payout import (
    MoneyRequest,
    MoneyTerms,
    Paper,
    Payout,
    PayoutShare,
)
from concours.platform.awards.models.pool import LedgerLine, Prize, PrizePool
from concours.platform.awards.models.result import Award, Result, ResultLine

__all__ = [
    "Award",
    "BonusShare",
    "Juror",
    "JuryCorrection",
    "JuryScore",
    "LedgerLine",
    "MachineScore",
    "MoneyRequest",
    "MoneyTerms",
    "Movement",
    "Paper",
    "Payout",
    "PayoutShare",
    "Prize",
    "PrizePool",
    "Receipt",
    "Result",
    "ResultLine",
    "ReviewBonus",
]
