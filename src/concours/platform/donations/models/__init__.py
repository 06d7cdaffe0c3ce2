from concours.platform.donations.models.assets import Asset, ContributorTerms, Paper
from concours.platform.donations.models.donation import Donation, Finding, Party
from concours.platform.donations.models.signing import (
    AgreementVersion,
    Mandate,
    Signature,
    Witness,
)

__all__ = [
    "AgreementVersion",
    "Asset",
    "ContributorTerms",
    "Donation",
    "Finding",
    "Mandate",
    "Paper",
    "Party",
    "Signature",
    "Witness",
]
