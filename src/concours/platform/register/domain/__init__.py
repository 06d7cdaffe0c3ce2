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
from concours.platform.register.domain.staging import (
    carry_out,
    change_stage,
    find_project,
    history_of,
)

__all__ = [
    "AreaPlan",
    "DonorPlan",
    "Imported",
    "Listing",
    "ProjectPlan",
    "carry_out",
    "change_stage",
    "find_project",
    "funnel",
    "history_of",
    "import_register",
    "list_register",
    "search",
]
