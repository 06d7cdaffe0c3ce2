from concours.platform.leaderboards.models.board import Board, Change, Choice, Locator
from concours.platform.leaderboards.models.publication import Publication, ResultsOut
from concours.platform.leaderboards.models.reevaluation import Reevaluation
from concours.platform.leaderboards.models.snapshot import Snapshot, StoredBlock

__all__ = [
    "Board",
    "Change",
    "Choice",
    "Locator",
    "Publication",
    "Reevaluation",
    "ResultsOut",
    "Snapshot",
    "StoredBlock",
]
