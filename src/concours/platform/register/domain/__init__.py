"""What happens in the register. Other apps use these functions, never the models."""

from concours.platform.register.domain.importing import (
    AreaPlan,
    DonorPlan,
    Imported,
    ProjectPlan,
    import_register,
)
from concours.platform.register.domain.listing import Listing, list_register
from concours.platform.register.domain.searching import funnel, search

__all__ = [
    "AreaPlan",
    "DonorPlan",
    "Imported",
    "Listing",
    "ProjectPlan",
    "funnel",
    "import_register",
    "list_register",
    "search",
]
