from concours.platform.handover.models.handover import (
    Dossier,
    Handover,
    MemberWish,
    ReviewLeave,
)

__all__ = ["Dossier", "Handover", "MemberWish", "ReviewLeave"]
