from concours.platform.governance.models.body import Attendance, Body, Meeting, Membership
from concours.platform.governance.models.charter import Charter
from concours.platform.governance.models.review import AccessReview, Comment, ReviewDocument
from concours.platform.governance.models.vote import Ballot, Recusal, Vote

__all__ = [
    "AccessReview",
    "Attendance",
    "Ballot",
    "Body",
    "Charter",
    "Comment",
    "Meeting",
    "Membership",
    "Recusal",
    "ReviewDocument",
    "Vote",
]
