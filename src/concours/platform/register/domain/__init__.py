"""What happens in the register. Other apps use these functions, never the models."""

from concours.platform.register.domain.browsing import Browsed, areas_of, browse, donors_of
from concours.platform.register.domain.figures import Figures, figures, registers
from concours.platform.register.domain.histories import import_histories
from concours.platform.register.domain.importing import (
    AreaPlan,
    DonorPlan,
    Imported,
    ProjectPlan,
    import_register,
)
from concours.platform.register.domain.listing import Listing, list_register
from concours.platform.register.domain.offering import Offers, offers
from concours.platform.register.domain.searching import (
    EVERY,
    funnel,
    project_names,
    register_name,
    search,
    years,
)
from concours.platform.register.domain.staging import (
    carry_out,
    change_stage,
    find_project,
    history_of,
    refuse_cause,
    standing_at,
)

__all__ = [
    "EVERY",
    "AreaPlan",
    "Browsed",
    "DonorPlan",
    "Figures",
    "Imported",
    "Listing",
    "Offers",
    "ProjectPlan",
    "areas_of",
    "browse",
    "carry_out",
    "change_stage",
    "donors_of",
    "figures",
    "find_project",
    "funnel",
    "history_of",
    "import_histories",
    "import_register",
    "list_register",
    "offers",
    "project_names",
    "refuse_cause",
    "register_name",
    "registers",
    "search",
    "standing_at",
    "years",
]
