"""``tp-geo boundaries migrate``: a plan moved to newer boundaries, and what that changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.asking import Note, PlanName, measure_in
from tp_geo.cli.refresh import shown, write_tables
from tp_geo.cli.reply import Reply, Table
from tp_geo.cli.session import existing, session_of

if TYPE_CHECKING:
    from tp_geo.workflow.migrating import Migration


commands = typer.Typer(rich_markup_mode=None)


@commands.command()
def migrate(
    ctx: typer.Context,
    name: PlanName,
    new: Annotated[str, typer.Argument(metavar="NEW", help="What to call it on the new ones.")],
    *,
    to: Annotated[str, typer.Option(help="The new set: its kind, title or key.")],
    crosswalk: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A table: old code, new code, weight.")
    ] = None,
    by_area: Annotated[
        bool, typer.Option("--by-area", help="Find other codes by where areas overlap.")
    ] = False,
    measure: Annotated[
        str, typer.Option("--measure", help="Whoever has most of it gets what was torn.")
    ] = "",
    dataset: Annotated[str, typer.Option(help="What to call the dataset made.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would do.")] = False,
    csv: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write the report's tables there.")
    ] = None,
    note: Note = "",
) -> Reply:
    """Make a copy of a plan on newer boundaries: codes split, merged, renamed by a crosswalk."""
    from tp_geo.files.intake import read_table
    from tp_geo.workflow.migrating import layer_named, preview_migration
    from tp_geo.workflow.migrating import migrate as moved
    from tp_geo.workflow.migrating_tables import tables

    session = session_of(ctx)
    planner, plan = session.planner, session.plan(name)
    table = read_table(existing(crosswalk)) if crosswalk else None
    by = measure_in(plan.dataset, measure) if measure else ""
    found = preview_migration(
        planner, plan, layer_named(planner, to), table, by_area=by_area, measure=by, dataset=dataset
    )
    report = tables(found)
    if csv is not None:
        write_tables(report, csv)
    if not dry_run:
        moved(planner, found, new, by=session.user, note=note)
    data = {
        "alignment": new,
        "from": plan.info.name,
        "dataset": found.dataset.name,
        "boundaries": found.new.key,
        "dry_run": dry_run,
        **_counts(found),
        **{title.replace(" ", "_"): t.to_dict("records") for title, t in report.items()},
    }
    told: list[str | Table] = [f"{'Would do: ' * dry_run}{new}: {found}"]
    if len(found.apart):
        told.append(f"Accounts that follow a container into another area: {len(found.apart):,}")
    return Reply(data, [*told, *shown(report)])


def _counts(found: Migration) -> dict[str, object]:
    walk = found.crosswalk
    return {
        "split": int((walk.parts > 1).sum()),
        "made_of_several": int((walk.sources > 1).sum()),
        "given_up": int((walk.parts == 0).sum()),
        "torn": len(found.claims.torn),
        "tied": int(found.claims.tied.sum()),
        "accounts_apart": len(found.apart),
    }
