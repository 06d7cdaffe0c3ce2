from concours.platform.profiles.models.credential import Credential, IssuerKey
from concours.platform.profiles.models.profile import Profile

__all__ = ["Credential", "IssuerKey", "Profile"]
