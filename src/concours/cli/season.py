"""`concours season`: seasons as data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from concours.cli.console import console, errors, give_up
from concours.cli.platform import awake, require_platform

if TYPE_CHECKING:
    from concours.platform.seasons.imports import Imported
    from concours.platform.seasons.judged import Judged

app = typer.Typer(no_args_is_help=True)


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="The folder with season.toml.")],
) -> None:
    """Look at a season's folder, without a database; exit 1 and name every fault."""
    try:
        from concours.platform.seasons.check import check_folder
    except ModuleNotFoundError:
        give_up("this needs the web application: pip install 'concours\\[platform]'")
    found = check_folder(folder)
    for fault in found:
        errors.print(f"[bold red]fault:[/] {escape(str(fault))}", highlight=False, soft_wrap=True)
    if found:
        errors.print(f"{len(found)} {'fault' if len(found) == 1 else 'faults'}; nothing to load.")
        raise typer.Exit(1)
    console.print(f"{folder}: a season that can be loaded", soft_wrap=True, markup=False)


@app.command()
def load(
    folder: Annotated[
        Path | None, typer.Argument(help="The folder with season.toml; or give CSV files.")
    ] = None,
    entries: Annotated[Path | None, typer.Option(help="CSV: id[, title][, team].")] = None,
    reviewers: Annotated[
        Path | None, typer.Option(help="CSV: id, entry. Default: the entries.")
    ] = None,
    reviews: Annotated[
        Path | None, typer.Option(help="CSV: reviewer, entry, score or a column a criterion.")
    ] = None,
    rankings: Annotated[
        Path | None,
        typer.Option(help="No header; line i ranks what reviewer i saw, best first."),
    ] = None,
    slug: Annotated[str | None, typer.Option(help="The season's short name.")] = None,
    title: Annotated[str, typer.Option(help="The title of a season from CSV files.")] = "",
    start: Annotated[
        bool, typer.Option(help="Start the tracks whose registration is open.")
    ] = True,
    truth: Annotated[
        str | None,
        typer.Option(help="'by-id', or a CSV with the true order, to compare standings with."),
    ] = None,
    scale: Annotated[
        float | None, typer.Option(min=0.001, help="The best score there can be.")
    ] = None,
    finalists: Annotated[int, typer.Option(min=0, help="Finalists, from CSV files.")] = 10,
    seed: Annotated[
        str | None, typer.Option(help="64 hexadecimal digits, to repeat an import exactly.")
    ] = None,
    show: Annotated[int, typer.Option(min=0, help="Standings to print.")] = 10,
) -> None:
    """Load a season: from its folder, or of reviews that others made. All of it or nothing."""
    files = (entries, reviewers, reviews, rankings)
    if (folder is None) == (not any(files)):
        give_up("give either a season's folder, or --reviews or --rankings with their files")
    if folder is not None:
        _load_folder(folder, slug=slug, title=title, start=start)
        return
    if slug is None:
        give_up("name the new season with --slug")
    # Before the database wakes: a file that cannot be read costs nothing.
    with _refusals():
        from concours.platform.seasons.judged import read_judged

        data = read_judged(
            entries=entries, reviewers=reviewers, reviews=reviews, rankings=rankings, scale=scale
        )
    with awake(), _refusals():
        _load_judged(
            data, slug=slug, title=title, finalists=finalists, seed=seed, truth=truth, show=show
        )


@app.command()
def export(
    slug: Annotated[str, typer.Argument(help="The season's short name.")],
    to: Annotated[Path, typer.Option(help="A folder that is not there yet.")],
) -> None:
    """Write a season back as its folder, with CSV files of what has come of it and the record."""
    with awake(), _refusals():
        from concours.platform.seasons.export import export_season

        with console.status("exporting ...") as status:
            names = export_season(
                slug=slug, to=to, progress=lambda part: status.update(f"exporting: {part}")
            )
    console.print(f"{to}: {len(names)} files", soft_wrap=True, markup=False)


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="A folder that `season export` wrote.")],
    head: Annotated[
        str | None, typer.Option(help="A digest of the record noted earlier, which it must hold.")
    ] = None,
) -> None:
    """Compute an exported season again, without a database; exit 1 and name each fault's place."""
    require_platform()
    if not folder.is_dir():
        give_up(f"{folder}: is no folder")
    from concours.platform.seasons.offline import without_database

    with without_database(), errors.status("verifying ...") as status:
        from concours.platform.seasons.verify import verify_export

        done = verify_export(
            folder,
            expected_head=head,
            progress=lambda part: status.update(f"verifying: {part}"),
        )
    for fault in done.faults:
        errors.print(f"[bold red]fault:[/] {escape(str(fault))}", highlight=False, soft_wrap=True)
    if not done.holds:
        errors.print("The season does not hold.")
        raise typer.Exit(1)
    console.print(
        f"The season {done.season} holds: {done.events} events, {done.standings} standings and "
        f"{done.results} results computed again, {done.movements} movements of money balanced.\n"
        f"Head of the record: {done.head}",
        soft_wrap=True,
        markup=False,
        highlight=False,
    )


@app.command()
def report(
    slug: Annotated[str, typer.Argument(help="The season's short name.")],
    to: Annotated[Path, typer.Option(help="The HTML file to write.")],
    language: Annotated[str, typer.Option(help="'en' or 'zh-hans'.")] = "en",
) -> None:
    """Compute a season again and write the integrity report as one HTML file; exit 1 for faults."""
    if language not in {"en", "zh-hans"}:
        give_up("--language: 'en' or 'zh-hans'")
    with awake(), _refusals():
        from concours.platform.competitions.domain.lookups import season_by_slug
        from concours.platform.core.actors import System
        from concours.platform.integrity.domain import faults_of, make_report
        from concours.platform.integrity.interfaces.rendering import as_file

        season = season_by_slug(slug=slug)
        if season is None:
            give_up(f"there is no season {slug}", code=1)
        with errors.status("computing ...") as status:
            made = make_report(
                actor=System("season-report"),
                season=season,
                progress=lambda part: status.update(f"computing: {escape(part)}"),
            )
        try:
            to.write_text(as_file(made, language=language), encoding="utf-8")
        except OSError as error:
            give_up(escape(f"{to}: {error.strerror}"), code=1)
        found = faults_of(made)
    for fault in found:
        errors.print(f"[bold red]fault:[/] {escape(fault)}", highlight=False, soft_wrap=True)
    console.print(f"{to}: report {made.number}, digest {made.digest}", soft_wrap=True, markup=False)
    if found:
        raise typer.Exit(1)


def _load_folder(folder: Path, *, slug: str | None, title: str, start: bool) -> None:
    if title:
        give_up("--title is for seasons from CSV files; a folder has its own")
    with _refusals():
        from concours.platform.seasons.check import read_folder

        read_folder(folder)
    with awake(), _refusals():
        from concours.platform.core.actors import System
        from concours.platform.seasons.load import load_folder

        with console.status("loading ...") as status:
            loaded = load_folder(
                actor=System("season-load"),
                folder=folder,
                slug=slug,
                start_tracks=start,
                progress=lambda change: status.update(escape(change)),
            )
        for change in loaded.changes:
            console.print(f"  {change}", markup=False, highlight=False)
        if not loaded.changes:
            console.print("Nothing to change: the season is loaded already.")
        console.print(f"Season {loaded.season.slug}: {loaded.season.tracks.count()} tracks")


def _load_judged(
    data: Judged,
    *,
    slug: str,
    title: str,
    finalists: int,
    seed: str | None,
    truth: str | None,
    show: int,
) -> None:
    from concours.platform.core.actors import System
    from concours.platform.seasons.agreement import agreement, read_truth
    from concours.platform.seasons.imports import import_season

    true_places = None if truth is None else read_truth(truth, data)
    with console.status("loading ...") as status:
        imported = import_season(
            actor=System("season-load"),
            data=data,
            slug=slug,
            title=title,
            finalists=finalists,
            seed=_seed(seed),
            progress=lambda part: status.update(f"loading: {part}"),
        )
    if data.rounded:
        console.print("Scores that are not whole points were rounded to hundredths of the scale.")
    _print_standings(imported, show=show)
    console.print(
        f"{len(data.entries)} entries, {len(data.reviews)} reviews: "
        f"/seasons/{slug}/ has the standings"
    )
    if true_places is not None:
        found = agreement(imported, data, true_places)
        console.print("Rank correlation with the true order (Spearman)")
        console.print(f"  standings    {found.standings:.4f}", highlight=False)
        console.print(f"  plain Borda  {found.borda:.4f}", highlight=False)


def _print_standings(imported: Imported, *, show: int) -> None:
    if not show:
        return
    table = Table("rank", "between", "points", "reviews", "entry")
    rows: Any = imported.snapshot.standings.select_related("entry").order_by("position")
    for row in rows[:show]:
        table.add_row(
            str(row.rank),
            f"{row.rank_low}-{row.rank_high}",
            f"{row.points_milli / 1000:.1f}",
            str(row.reviews),
            escape(row.entry.title),
        )
    console.print(table)


def _seed(text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        seed = bytes.fromhex(text)
    except ValueError:
        seed = b""
    if len(seed) != 32:
        give_up("--seed: 64 hexadecimal digits are wanted")
    return seed


@contextmanager
def _refusals() -> Iterator[None]:
    """A refusal is printed and ends the command with 1."""
    try:
        from concours.platform.core.errors import Refused
    except ModuleNotFoundError:
        give_up("this needs the web application: pip install 'concours\\[platform]'")
    try:
        yield
    except Refused as refusal:
        give_up(escape(str(refusal)), code=1)
