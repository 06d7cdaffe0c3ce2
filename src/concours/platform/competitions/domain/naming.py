"""By which strings an entry's people are recognised."""

from __future__ import annotations

from urllib.parse import urlsplit

from concours.anonymity import Identity, Kind, Subject, identities_of
from concours.platform.accounts.domain.lookups import organisations_of
from concours.platform.accounts.domain.naming import namings_of, organisation_spellings
from concours.platform.competitions.models import Entry


def entry_identities(*, entry: Entry) -> tuple[Identity, ...]:
    """What tells whose the entry is: team, members, their addresses, logins and organisations.

    Members are those of the team and those who took part with the entry. The accounts under which
    repositories lie that were submitted belong to the team. 8 queries.
    """
    members = set(entry.team.memberships.values_list("user_id", flat=True))
    members |= set(entry.participations.values_list("user_id", flat=True))
    subjects = [
        Subject(
            kind=Kind.TEAM,
            names=(entry.team.name, entry.team.code),
            accounts=_repository_accounts(entry),
        )
    ]
    subjects += [
        Subject(
            kind=Kind.NAME,
            names=(naming.name,) if naming.name else (),
            emails=naming.emails,
            accounts=naming.logins,
        )
        for naming in namings_of(user_ids=members)
    ]
    organisations = set().union(*organisations_of(user_ids=members).values())
    subjects += [
        Subject(kind=Kind.ORGANISATION, names=names)
        for names in organisation_spellings(ids=organisations)
    ]
    return identities_of(subjects)


def _repository_accounts(entry: Entry) -> tuple[str, ...]:
    """The first part of the path of each repository that was asked for."""
    addresses = entry.submissions.exclude(git_url="").values_list("git_url", flat=True)
    found = set()
    for address in addresses:
        try:
            path = urlsplit(address).path
        except ValueError:
            continue
        account, _, repository = path.strip("/").partition("/")
        if account and repository:
            found.add(account)
    return tuple(sorted(found))
