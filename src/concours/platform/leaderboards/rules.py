"""Who may see and do what with boards, their re-evaluations and published sources."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import Q, QuerySet

from concours.platform.accounts.domain.permissions import is_organiser, organised_season_ids
from concours.platform.competitions.domain.permissions import (
    is_of_team,
    visible_entries,
    visible_tracks,
)
from concours.platform.competitions.enums import EntryState
from concours.platform.core import clock
from concours.platform.leaderboards.enums import Visibility
from concours.platform.leaderboards.models import Board, Publication, Reevaluation


def _track_of(subject: Any) -> Any:
    """The track that a board or an entry is of, or itself."""
    return getattr(subject, "track", subject)


@rules.predicate
def organises(user: Any, subject: Any) -> bool:
    return is_organiser(user, _track_of(subject).season_id)


@rules.predicate
def is_public(user: Any, board: Board) -> bool:
    return board.public


@rules.predicate
def runs_on(user: Any, board: Board) -> bool:
    """The board is not frozen: everyone sees it live."""
    return not board.frozen_at(clock.now())


@rules.predicate
def columns_are_open(user: Any, board: Board) -> bool:
    return board.columns_open


@rules.predicate
def is_own(user: Any, entry: Any) -> bool:
    return bool(is_of_team(user, entry))


rules.add_perm("leaderboards.run_boards", organises)
rules.add_perm("leaderboards.view_board", is_public | organises)
rules.add_perm("leaderboards.view_live", runs_on | organises)
rules.add_perm("leaderboards.view_sealed_columns", columns_are_open | organises)
rules.add_perm("leaderboards.view_history", is_own | organises)
rules.add_perm("leaderboards.choose_submission", is_own)


def _organised(user: Any, path: str) -> Q:
    seasons = organised_season_ids(user)
    # An empty Q would vanish from "public or organised" and leave only what is public.
    return Q(pk__isnull=False) if seasons is None else Q(**{f"{path}__in": seasons})


def visible_boards(user: Any) -> QuerySet[Board]:
    """Public boards of the tracks that `user` sees; all of a season for its organisers."""
    public = Q(visibility=Visibility.PUBLIC, track__in=visible_tracks(user))
    return Board.objects.filter(public | _organised(user, "track__season_id"))


def visible_columns(user: Any, board: Board, columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of a snapshot's `columns` that `user`, who may see the board, may read."""
    if columns_are_open(user, board) or organises(user, board):
        return columns
    return [column for column in columns if column["public"]]


def managed_reevaluations(user: Any) -> QuerySet[Reevaluation]:
    """Those of the seasons that `user` organises: nobody else knows of them."""
    return Reevaluation.objects.filter(_organised(user, "board__track__season_id"))


def visible_publications(user: Any) -> QuerySet[Publication]:
    """Published sources of the entries that are still in, on boards that `user` may see."""
    return Publication.objects.filter(
        board__in=visible_boards(user),
        entry__state=EntryState.ENTERED,
        entry__in=visible_entries(user),
    )
