from concours.platform.accounts.models.organisation import Affiliation, Organisation
from concours.platform.accounts.models.staff import StaffRole
from concours.platform.accounts.models.token import ApiToken
from concours.platform.accounts.models.user import User

__all__ = ["Affiliation", "ApiToken", "Organisation", "StaffRole", "User"]
