"""Donations at each of their stages, made as people make them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from concours.platform.donations import domain
from concours.platform.donations.models import AgreementVersion, Donation
from tests.factories import register
from tests.factories.people import organiser, person

SPRING = datetime(2023, 6, 1, 9, 0, tzinfo=UTC)
DAY = SPRING.date()
PASSWORD = "a long and good password"
PDF = b"%PDF-1.7\nA mandate.\n%%EOF\n"
RECEIVER = "Open Works Foundation"
NAMES = {"one": "One Works Co., Ltd.", "two": "Two Institute", "three": "Ada Three"}


def draft(*, by: Any = None, slug: str = "tool", **fields: Any) -> Donation:
    """A project that somebody proposed; nothing else is said yet."""
    register.project()
    values = {
        "name": f"The {slug}",
        "name_zh": "工具",
        "summary": "Does one thing.",
        "areas": ["storage"],
        "homepage": "https://tool.example.org/",
        "licence": "MulanPSL-2.0",
    }
    return domain.propose_donation(
        actor=by or person(password=PASSWORD), slug=slug, **{**values, **fields}
    )


def donors(donation: Donation, **shares: str) -> None:
    """Name donors of NAMES, each with its share ("" for none)."""
    for slug, share in shares.items():
        domain.add_donor(
            actor=donation.proposed_by, donation=donation, slug=slug, name=NAMES[slug], share=share
        )


def mandate(
    donation: Donation,
    donor: str,
    *,
    of: Any = None,
    by: Any = None,
    since: date = DAY,
    until: date | None = None,
    confirmed: bool = True,
    name: str = "mandate.pdf",
    content: bytes = PDF,
) -> Any:
    """Somebody (new, with a password) acts for the donor, or for the foundation ("")."""
    staff = organiser()
    made = domain.name_representative(
        actor=by or (donation.proposed_by if donor else staff),
        donation=donation,
        donor=donor,
        user=(of or person(password=PASSWORD)).code,
        office="Director",
        valid_from=since,
        valid_until=until,
        name=name,
        content=content,
    )
    if confirmed:
        domain.confirm_mandate(actor=staff, donation=donation, mandate=made.code)
    made.refresh_from_db()
    return made


def whole(*, by: Any = None, slug: str = "tool", confirmed: bool = True, **shares: str) -> Donation:
    """A draft that lacks nothing: by default of two donors, a third and two thirds."""
    donation = draft(by=by, slug=slug)
    shares = shares or {"one": "1/3", "two": "2/3"}
    donors(donation, **shares)
    for donor in shares:
        mandate(donation, donor, confirmed=confirmed)
    actor = donation.proposed_by
    domain.add_asset(
        actor=actor,
        donation=donation,
        kind="repository",
        name="tool",
        location="https://code.example.org/tool",
        licence="MulanPSL-2.0",
        owner=NAMES["one"],
    )
    domain.state_terms(actor=actor, donation=donation, kind="dco", on_file=7, contributors=7)
    donation.refresh_from_db()
    return donation


def submitted(**fields: Any) -> Donation:
    donation = whole(**fields)
    return domain.submit_donation(actor=donation.proposed_by, donation=donation)


def accepted(**fields: Any) -> Donation:
    return domain.accept_donation(
        actor=organiser(), donation=submitted(**fields), receiver=RECEIVER, receiver_zh="开放基金会"
    )


def ready(*, witnesses: int = 1, in_order: bool = False, **fields: Any) -> Donation:
    """Only the signatures are missing."""
    donation, staff = accepted(**fields), organiser()
    mandate(donation, "")
    domain.plan_ceremony(
        actor=staff,
        donation=donation,
        place="Beijing",
        place_zh="北京",
        held_on=DAY,
        witnesses_wanted=witnesses,
        in_order=in_order,
    )
    for number in range(witnesses):
        domain.name_witness(
            actor=staff,
            donation=donation,
            user=person(name=f"Wit Ness {number}", password=PASSWORD).code,
            organisation=f"Authority {number}",
        )
    donation.refresh_from_db()
    return donation


def signers(donation: Donation) -> list[tuple[str, Any]]:
    """(seat, who may sign there) in order."""
    found: list[tuple[str, Any]] = []
    for seat in domain.seats_of(donation):
        people = [seat.witness.user] if seat.witness else [one.user for one in seat.mandates]
        found += [(seat.key, people[0])] if people else []
    return found


def version_of(donation: Donation) -> AgreementVersion:
    version = domain.latest_version(donation)
    assert version is not None
    return version


def sign(donation: Donation, seat: str, by: Any, **fields: Any) -> Any:
    return domain.sign(
        actor=by,
        donation=donation,
        seat=seat,
        digest=fields.pop("digest", version_of(donation).digest),
        proof=fields.pop("proof", domain.Proof(password=PASSWORD)),
    )


def completed(**fields: Any) -> Donation:
    donation = ready(**fields)
    for seat, user in signers(donation):
        sign(donation, seat, user)
    donation.refresh_from_db()
    return donation
