from concours.platform.competitions.models.entry import Entry, Participation, Submission
from concours.platform.competitions.models.proposal import ProposalComment, TrackProposal
from concours.platform.competitions.models.season import Batch, Season
from concours.platform.competitions.models.team import Invitation, Membership, Team, TeamMerge
from concours.platform.competitions.models.track import Phase, RulesVersion, Track

__all__ = [
    "Batch",
    "Entry",
    "Invitation",
    "Membership",
    "Participation",
    "Phase",
    "ProposalComment",
    "RulesVersion",
    "Season",
    "Submission",
    "Team",
    "TeamMerge",
    "Track",
    "TrackProposal",
]
