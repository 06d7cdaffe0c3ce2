from concours.platform.accounts.domain.staff import grant_role, require_operator

__all__ = ["grant_role", "require_operator"]
