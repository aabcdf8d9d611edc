"""Importing a territory model of an org from the command line; the org is in the environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.publish import org_of_environment
from tp_geo.cli.reply import Cell, Reply, Table, count
from tp_geo.cli.session import Progress, session_of

if TYPE_CHECKING:
    from tp_geo.workflow.model_import import ImportReport, ModelInfo

commands = typer.Typer(rich_markup_mode=None)
_PANEL = "Sales Territories"


@commands.command("import-model", rich_help_panel=_PANEL)
def import_model(
    ctx: typer.Context,
    model: Annotated[
        str, typer.Argument(metavar="[MODEL]", help="Its name; without one, the models there are.")
    ] = "",
    *,
    name: Annotated[
        str, typer.Option("--as", help="What the alignment is called; like the model.")
    ] = "",
    dataset: Annotated[
        str, typer.Option(help="A dataset that is here, instead of the org's accounts.")
    ] = "",
    new_dataset: Annotated[
        str, typer.Option(help="What the dataset of accounts is called; like the alignment.")
    ] = "",
    field: Annotated[
        list[str] | None, typer.Option(help="One more field of accounts, as Segment__c.")
    ] = None,
    where: Annotated[
        str, typer.Option(help="Only accounts that fit, as \"Type = 'Customer'\".")
    ] = "",
    start: Annotated[str, typer.Option(help="rules, field or nothing.")] = "rules",
    start_field: Annotated[
        str, typer.Option(help="The field of accounts that says their territory.")
    ] = "",
    boundaries: Annotated[
        str, typer.Option(metavar="KIND", help="What accounts lie in.")
    ] = "postal",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell it, keep nothing.")] = False,
) -> Reply:
    """Import a territory model of Sales Territories as an alignment; without one, list them."""
    from tp_geo.workflow import model_import as importing

    if start not in {s.value for s in importing.Start}:
        raise typer.BadParameter(f"{start!r} is not one of {', '.join(importing.Start)}")
    if (start == importing.Start.FIELD) != bool(start_field):
        raise typer.BadParameter("--start field needs --start-field FIELD, and goes with it only")
    crm = org_of_environment()
    if not model:
        return _models(importing.list_models(crm))
    session, progress = session_of(ctx), Progress()
    request = importing.ImportRequest(
        model,
        name or model,
        dataset=dataset,
        new_dataset=new_dataset,
        fields=tuple(field or ()),
        where=where,
        start=importing.Start(start),
        start_field=start_field,
        boundaries=boundaries,
    )
    if dry_run:
        found = importing.preview_import(session.planner, crm, request, told=progress)
        progress.done()
        return _told(found, f"{found.model.name}: nothing is kept yet.", None)
    done = importing.import_model(session.planner, crm, request, by=session.user, told=progress)
    progress.done()
    text = f"{done.plan.info.name}: imported from {done.report.model.name}."
    return _told(done.report, text, done.plan.info.name)


def _models(models: tuple[ModelInfo, ...]) -> Reply:
    data = {
        "models": [
            {
                "name": m.name,
                "developer_name": m.developer_name,
                "state": m.state,
                "territories": m.territories,
                "description": m.description,
            }
            for m in models
        ]
    }
    if not models:
        return Reply(data, ("The org has no territory model that you may see.",))
    rows: list[list[Cell]] = [[m.name, m.developer_name, m.state, m.territories] for m in models]
    return Reply(data, (Table(("model", "developer name", "state", "territories"), rows),))


def _told(report: ImportReport, text: str, alignment: str | None) -> Reply:
    return Reply({"alignment": alignment, **report.to_json()}, (text, *_text(report)))


def _text(report: ImportReport) -> Iterator[str | Table]:
    levels = ", ".join(f"{level.areas:,} {level.name}" for level in report.levels)
    yield (
        f"{count(report.areas, 'area')} ({levels}) with "
        f"{count(report.containers, 'container')} by {count(len(report.rules), 'rule')}, "
        f"{count(report.users, 'user')}."
    )
    if report.accounts is not None:
        placed = "" if report.placed is None else f", {report.placed:,} of them placed"
        yield f"{report.accounts:,} accounts{placed}, {report.exceptions:,} by themselves."
    for why, n in report.not_placed.items():
        yield f"Not placed: {n:,}. {why}."
    for note in report.notes:
        yield f"Note: {note}"
    if report.kept:
        rows: list[list[Cell]] = [[k.territory, k.rule, k.why] for k in report.kept]
        yield "Rules that stay in the org as they are:"
        yield Table(("territory", "rule", "why"), rows)
