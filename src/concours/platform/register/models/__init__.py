from concours.platform.register.models.area import TechnicalArea
from concours.platform.register.models.donor import Donation, Donor
from concours.platform.register.models.project import Project

__all__ = ["Donation", "Donor", "Project", "TechnicalArea"]
