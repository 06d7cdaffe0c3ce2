"""Donations through the API: reading for everybody, and the donors' steps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from concours.platform.accounts.enums import Scope
from concours.platform.api.auth import needs, public
from concours.platform.core.access import permitted
from concours.platform.core.cursor import page_after
from concours.platform.donations import domain
from concours.platform.donations.domain.papers import MOST_BYTES
from concours.platform.donations.enums import AssetKind, DonationState, TermsKind
from concours.platform.donations.interfaces.support import the_donation
from concours.platform.donations.models import Donation
from concours.platform.donations.rules import visible_donations
from concours.platform.register.enums import DonorKind

router = Router(tags=["Donations"])
LARGEST = 2**63 - 1
EDIT = "donations.edit"


class PartyOut(Schema):
    slug: str
    name: str
    name_zh: str
    kind: str


class SignatureOut(Schema):
    """`person` is a witness's name; who signed for a side is not told."""

    role: str
    name: str
    person: str
    signed_at: datetime


class MissingOut(Schema):
    code: str
    duty: str
    place: str
    text: str


class DonationOut(Schema):
    """`digest` and `signatures` are there once it is completed; `missing` is for who takes part."""

    code: str
    slug: str
    name: str
    name_zh: str
    state: DonationState
    donors: list[PartyOut]
    place: str
    place_zh: str
    held_on: date | None
    signed_on: date | None
    digest: str
    signatures: list[SignatureOut]
    missing: list[MissingOut]


class DonationPageOut(Schema):
    """In order of proposal. Give `next` as `cursor` for the next page; null at the end."""

    items: list[DonationOut]
    next: int | None


class Wanted(Schema):
    cursor: int = Field(0, ge=0, le=LARGEST)
    limit: int = Field(50, ge=1, le=100)


class ProjectBody(Schema):
    slug: str = Field(max_length=80)
    name: str = Field(max_length=200)
    name_zh: str = Field("", max_length=200)
    summary: str = Field("", max_length=5_000)
    summary_zh: str = Field("", max_length=5_000)
    areas: list[str] = Field(default_factory=list, max_length=100)
    homepage: str = Field("", max_length=500)
    licence: str = Field("", max_length=100, description="an SPDX licence expression")


class DonorBody(Schema):
    slug: str = Field(max_length=80)
    name: str = Field(max_length=200)
    name_zh: str = Field("", max_length=200)
    kind: DonorKind = DonorKind.LEGAL_ENTITY
    registered_as: str = Field("", max_length=100)
    address: str = Field("", max_length=300)
    share: str = Field("", max_length=40, description="1/3, or 12.5 %; nothing where undivided")


class AssetBody(Schema):
    kind: AssetKind
    name: str = Field(max_length=200)
    owner: str = Field(max_length=200)
    location: str = Field("", max_length=500)
    licence: str = Field("", max_length=100, description="an SPDX licence expression")


class TermsBody(Schema):
    kind: TermsKind
    on_file: int = Field(ge=0, le=10_000_000)
    contributors: int = Field(ge=0, le=10_000_000)


class MandateBody(Schema):
    donor: str = Field(max_length=80, min_length=1)
    user: str = Field(max_length=12)
    office: str = Field(max_length=100)
    valid_from: date
    valid_until: date | None = None


class AgreementSignBody(Schema):
    """`seat` as donor:<short name>, foundation or witness:<code>; `digest` of what was read."""

    seat: str = Field(max_length=100)
    digest: str = Field(max_length=64)
    password: str = Field("", max_length=200)
    code: str = Field("", max_length=10)


class AgreementOut(Schema):
    number: int
    digest: str
    text: str
    text_zh: str
    drawn_at: datetime


def _out(request: HttpRequest, donation: Donation) -> DonationOut:
    donation.refresh_from_db()
    done = donation.state == DonationState.COMPLETED
    shown = domain.public_part(donation) if done else None
    whole = permitted(request.user, "donations.read_whole", donation)
    lacking = domain.missing(donation) if whole else []
    return DonationOut(
        code=donation.code,
        slug=donation.slug,
        name=donation.name,
        name_zh=donation.name_zh,
        state=DonationState(donation.state),
        donors=[
            PartyOut(slug=one.slug, name=one.name, name_zh=one.name_zh, kind=one.kind)
            for one in donation.parties.all()
        ],
        place=donation.place,
        place_zh=donation.place_zh,
        held_on=donation.held_on,
        signed_on=donation.signed_on,
        digest=shown.digest if shown else "",
        signatures=[
            SignatureOut(role=one.role, name=one.name, person=one.person, signed_at=one.signed_at)
            for one in (shown.signatures if shown else ())
        ],
        missing=[
            MissingOut(code=one.code, duty=one.duty, place=one.place, text=str(one.text))
            for one in lacking
        ],
    )


def _own(request: HttpRequest, code: str) -> Donation:
    return the_donation(request, code, permission=EDIT)


@router.get("/", response=DonationPageOut, auth=public())
def get_donations(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """Completed donations, and those in which the reader takes part."""
    page = page_after(
        visible_donations(request.user), field="id", after=wanted.cursor, size=wanted.limit
    )
    return {"items": [_out(request, one) for one in page.items], "next": page.next}


@router.post("/", response={201: DonationOut}, auth=needs(Scope.ENTER))
def propose(request: HttpRequest, body: ProjectBody) -> Status[DonationOut]:
    """Begin the donation of a project."""
    made = domain.propose_donation(actor=request.user, **body.dict())
    return Status(201, _out(request, made))


@router.get("/{code}", response=DonationOut, auth=public())
def get_donation(request: HttpRequest, code: str) -> DonationOut:
    """One donation, as far as the reader may see it."""
    return _out(request, the_donation(request, code))


@router.put("/{code}", response=DonationOut, auth=needs(Scope.ENTER))
def edit(request: HttpRequest, code: str, body: ProjectBody) -> DonationOut:
    """Say anew what the project is."""
    found = _own(request, code)
    return _out(request, domain.edit_donation(actor=request.user, donation=found, **body.dict()))


@router.post("/{code}/donors", response=DonationOut, auth=needs(Scope.ENTER))
def add_donor(request: HttpRequest, code: str, body: DonorBody) -> DonationOut:
    """Name a donor, or say one anew."""
    found = _own(request, code)
    domain.add_donor(actor=request.user, donation=found, **body.dict())
    return _out(request, found)


@router.post("/{code}/assets", response=DonationOut, auth=needs(Scope.ENTER))
def add_asset(request: HttpRequest, code: str, body: AssetBody) -> DonationOut:
    """Name an asset, or say one anew."""
    found = _own(request, code)
    domain.add_asset(actor=request.user, donation=found, **body.dict())
    return _out(request, found)


@router.post("/{code}/terms", response=DonationOut, auth=needs(Scope.ENTER))
def state_terms(request: HttpRequest, code: str, body: TermsBody) -> DonationOut:
    """Say what contributors agreed to."""
    found = _own(request, code)
    domain.state_terms(actor=request.user, donation=found, **body.dict())
    return _out(request, found)


@router.post("/{code}/mandates", response=DonationOut, auth=needs(Scope.ENTER))
def name_representative(
    request: HttpRequest, code: str, body: Form[MandateBody], file: File[UploadedFile]
) -> DonationOut:
    """Say who acts for a donor, with the document: PDF, PNG or JPEG of at most 5 MiB."""
    found = _own(request, code)
    domain.name_representative(
        actor=request.user,
        donation=found,
        name=file.name or "",
        content=file.read(MOST_BYTES + 1),
        **body.dict(),
    )
    return _out(request, found)


@router.post("/{code}/submit", response=DonationOut, auth=needs(Scope.ENTER))
def submit(request: HttpRequest, code: str) -> DonationOut:
    """Hand it in for review."""
    found = _own(request, code)
    return _out(request, domain.submit_donation(actor=request.user, donation=found))


@router.post("/{code}/withdraw", response=DonationOut, auth=needs(Scope.ENTER))
def withdraw(request: HttpRequest, code: str) -> DonationOut:
    """Take it back."""
    found = _own(request, code)
    return _out(request, domain.withdraw_donation(actor=request.user, donation=found))


@router.get("/{code}/agreement", response=list[AgreementOut], auth=needs(Scope.READ))
def get_agreement(request: HttpRequest, code: str) -> list[Any]:
    """The versions of the agreement, for those who take part."""
    found = the_donation(request, code, permission="donations.read_agreement")
    return list(found.versions.all())


@router.post("/{code}/sign", response=DonationOut, auth=needs(Scope.ENTER))
def sign(request: HttpRequest, code: str, body: AgreementSignBody) -> DonationOut:
    """Sign a version in one's seat."""
    found = the_donation(request, code, permission="donations.read_agreement")
    domain.sign(
        actor=request.user,
        donation=found,
        seat=body.seat,
        digest=body.digest,
        proof=domain.Proof(password=body.password, code=body.code),
    )
    return _out(request, found)
