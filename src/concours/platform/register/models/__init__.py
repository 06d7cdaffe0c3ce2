from concours.platform.register.models.area import TechnicalArea
from concours.platform.register.models.donor import Donation, Donor
from concours.platform.register.models.project import Project
from concours.platform.register.models.stage_change import StageChange

__all__ = ["Donation", "Donor", "Project", "StageChange", "TechnicalArea"]
