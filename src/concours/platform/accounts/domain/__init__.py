"""What happens to accounts. Other apps use these functions, never the models."""

from concours.platform.accounts.domain.affiliations import (
    affiliate,
    create_organisation,
    leave_affiliation,
    search_organisations,
)
from concours.platform.accounts.domain.erasing import begin_erasure, erase_person, why_not_erased
from concours.platform.accounts.domain.exporting import export_own, note_export
from concours.platform.accounts.domain.merging import begin_merge, merge_accounts, why_apart
from concours.platform.accounts.domain.minors import (
    note_consent,
    say_under_age,
    waiting_for_consent,
    waits_for_consent,
)
from concours.platform.accounts.domain.profile import edit_profile, note, set_password, sign_up
from concours.platform.accounts.domain.proving import Ticket, tried
from concours.platform.accounts.domain.sessions import end_sessions
from concours.platform.accounts.domain.staff import (
    grant_role,
    person_of_address,
    require_operator,
    revoke_role,
)
from concours.platform.accounts.domain.tokens import create_token, revoke_token, token_of_key

__all__ = [
    "Ticket",
    "affiliate",
    "begin_erasure",
    "begin_merge",
    "create_organisation",
    "create_token",
    "edit_profile",
    "end_sessions",
    "erase_person",
    "export_own",
    "grant_role",
    "leave_affiliation",
    "merge_accounts",
    "note",
    "note_consent",
    "note_export",
    "person_of_address",
    "require_operator",
    "revoke_role",
    "revoke_token",
    "say_under_age",
    "search_organisations",
    "set_password",
    "sign_up",
    "token_of_key",
    "tried",
    "waiting_for_consent",
    "waits_for_consent",
    "why_apart",
    "why_not_erased",
]
