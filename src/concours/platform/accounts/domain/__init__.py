"""What happens to accounts. Other apps use these functions, never the models."""

from concours.platform.accounts.domain.affiliations import (
    affiliate,
    create_organisation,
    leave_affiliation,
    search_organisations,
)
from concours.platform.accounts.domain.profile import edit_profile, note, set_password, sign_up
from concours.platform.accounts.domain.staff import (
    grant_role,
    person_of_address,
    require_operator,
    revoke_role,
)
from concours.platform.accounts.domain.tokens import create_token, revoke_token, token_of_key

__all__ = [
    "affiliate",
    "create_organisation",
    "create_token",
    "edit_profile",
    "grant_role",
    "leave_affiliation",
    "note",
    "person_of_address",
    "require_operator",
    "revoke_role",
    "revoke_token",
    "search_organisations",
    "set_password",
    "sign_up",
    "token_of_key",
]
