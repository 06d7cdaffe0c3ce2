"""What happens in competitions. Other apps use these functions, never the models."""

from concours.platform.competitions.domain.agenda import Due, due_acts, due_acts_of
from concours.platform.competitions.domain.declarations import Declaration
from concours.platform.competitions.domain.declaring import declare_use
from concours.platform.competitions.domain.entries import (
    disqualify_entry,
    edit_entry,
    enter_alone,
    enter_track,
    mark_baseline,
    name_reviewer,
    pass_reviewing_on,
    reinstate_entry,
    withdraw_entry,
)
from concours.platform.competitions.domain.invitations import (
    accept_invitation,
    decline_invitation,
    find_invitation,
    invite,
    issue_key,
    resend_invitation,
    withdraw_invitation,
)
from concours.platform.competitions.domain.locks import lock_entries
from concours.platform.competitions.domain.lookups import (
    EntryFacts,
    entries_by_id,
    entry_facts,
    track_by_code,
)
from concours.platform.competitions.domain.merging import (
    accept_merge,
    decline_merge,
    offer_merge,
    withdraw_merge,
)
from concours.platform.competitions.domain.phases import advance_phase, plan_phases
from concours.platform.competitions.domain.proposals import (
    comment_on_proposal,
    decide_proposal,
    propose_track,
    withdraw_proposal,
)
from concours.platform.competitions.domain.seasons import (
    create_batch,
    create_season,
    open_season,
)
from concours.platform.competitions.domain.submissions import (
    complete_git_submission,
    give_up_fetches,
    stuck_fetches,
    submission_manifest,
    submit_archive,
    submit_git,
)
from concours.platform.competitions.domain.teams import (
    create_team,
    leave_team,
    pass_captaincy,
    remove_member,
)
from concours.platform.competitions.domain.tracks import (
    create_track,
    current_rules,
    edit_track,
    publish_rules,
    start_track,
)

__all__ = [
    "Declaration",
    "Due",
    "EntryFacts",
    "accept_invitation",
    "accept_merge",
    "advance_phase",
    "comment_on_proposal",
    "complete_git_submission",
    "create_batch",
    "create_season",
    "create_team",
    "create_track",
    "current_rules",
    "decide_proposal",
    "declare_use",
    "decline_invitation",
    "decline_merge",
    "disqualify_entry",
    "due_acts",
    "due_acts_of",
    "edit_entry",
    "edit_track",
    "enter_alone",
    "enter_track",
    "entries_by_id",
    "entry_facts",
    "find_invitation",
    "give_up_fetches",
    "invite",
    "issue_key",
    "leave_team",
    "lock_entries",
    "mark_baseline",
    "name_reviewer",
    "offer_merge",
    "open_season",
    "pass_captaincy",
    "pass_reviewing_on",
    "plan_phases",
    "propose_track",
    "publish_rules",
    "reinstate_entry",
    "remove_member",
    "resend_invitation",
    "start_track",
    "stuck_fetches",
    "submission_manifest",
    "submit_archive",
    "submit_git",
    "track_by_code",
    "withdraw_entry",
    "withdraw_invitation",
    "withdraw_merge",
    "withdraw_proposal",
]
