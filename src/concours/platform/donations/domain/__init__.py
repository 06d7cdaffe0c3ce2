"""What happens with donations. Other apps use these functions, never the models."""

from concours.platform.donations.domain.agreement import (
    clauses_of,
    differences,
    digest_of,
    draw,
    latest_version,
)
from concours.platform.donations.domain.assets import (
    add_asset,
    drop_asset,
    move_asset,
    state_terms,
)
from concours.platform.donations.domain.ceremony import drop_witness, name_witness, plan_ceremony
from concours.platform.donations.domain.completeness import Missing, missing
from concours.platform.donations.domain.confirming import Proof, can_prove
from concours.platform.donations.domain.donors import add_donor, drop_donor, give_undivided
from concours.platform.donations.domain.drafting import (
    edit_donation,
    propose_donation,
    withdraw_donation,
)
from concours.platform.donations.domain.mandates import (
    confirm_mandate,
    end_mandate,
    name_representative,
)
from concours.platform.donations.domain.queries import (
    Parties,
    PublicDonation,
    ShownSignature,
    donation_of,
    parties_of,
    public_part,
)
from concours.platform.donations.domain.reviewing import (
    accept_donation,
    raise_finding,
    send_back,
    settle_finding,
    submit_donation,
)
from concours.platform.donations.domain.seats import Seat, seats_of
from concours.platform.donations.domain.signing import attach_copy, sign

__all__ = [
    "Missing",
    "Parties",
    "Proof",
    "PublicDonation",
    "Seat",
    "ShownSignature",
    "accept_donation",
    "add_asset",
    "add_donor",
    "attach_copy",
    "can_prove",
    "clauses_of",
    "confirm_mandate",
    "differences",
    "digest_of",
    "donation_of",
    "draw",
    "drop_asset",
    "drop_donor",
    "drop_witness",
    "edit_donation",
    "end_mandate",
    "give_undivided",
    "latest_version",
    "missing",
    "move_asset",
    "name_representative",
    "name_witness",
    "parties_of",
    "plan_ceremony",
    "propose_donation",
    "public_part",
    "raise_finding",
    "seats_of",
    "send_back",
    "settle_finding",
    "sign",
    "state_terms",
    "submit_donation",
    "withdraw_donation",
]
