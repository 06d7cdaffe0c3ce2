from concours.platform.accounts.domain.staff import grant_role, require_operator
from concours.platform.accounts.domain.tokens import create_token, revoke_token, token_of_key

__all__ = ["create_token", "grant_role", "require_operator", "revoke_token", "token_of_key"]
