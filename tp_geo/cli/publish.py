"""Publishing to Sales Territories from the command line; the org comes from the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from tp_geo.cli.asking import PlanName, area_in, level_in
from tp_geo.cli.reply import Cell, Reply, Table
from tp_geo.cli.session import session_of, tell

if TYPE_CHECKING:
    from tp_geo.crm.client import Salesforce
    from tp_geo.crm.publish import Receipt
    from tp_geo.workflow.plan import Plan
    from tp_geo.workflow.publishing import Preview, Request

commands = typer.Typer(rich_markup_mode=None)
_PANEL = "Sales Territories"
_Model: TypeAlias = Annotated[
    str, typer.Option("--model", help="The model, if it is one of several.")
]
_VERBS = ("create", "update", "delete", "unchanged")


@commands.command(rich_help_panel=_PANEL)
def publish(
    ctx: typer.Context,
    name: PlanName,
    *,
    scope: Annotated[str, typer.Option(help="alignment, or focus: one area.")] = "alignment",
    focus: Annotated[
        str | None, typer.Option(help="The area that alone is published, with all below it.")
    ] = None,
    level: Annotated[
        str | None, typer.Option(help="The level it begins at, by name or number.")
    ] = None,
    method: Annotated[
        str, typer.Option(help="new, overwrite-all or overwrite-matching.")
    ] = "overwrite-matching",
    model: Annotated[
        str, typer.Option(help="The territory model; made where it is not there.")
    ] = "",
    parent: Annotated[str, typer.Option(help="The territory everything is put below.")] = "",
    role: Annotated[str | None, typer.Option(help="What owners are in their territories.")] = None,
    forecasts: Annotated[
        bool, typer.Option("--forecasts", help="Owners forecast for their territories.")
    ] = False,
    overflow: Annotated[
        str,
        typer.Option(help="For codes that do not fit one rule: children, field or accounts."),
    ] = "children",
    overflow_field: Annotated[
        str, typer.Option(metavar="FIELD", help="The account field for --overflow field.")
    ] = "",
    exceptions: Annotated[
        bool, typer.Option(help="Associate accounts that are planned by themselves directly.")
    ] = True,
    with_others: Annotated[
        bool,
        typer.Option(
            "--with-others", help="Delete what others added to territories that are deleted."
        ),
    ] = False,
    early: Annotated[
        bool, typer.Option("--early", help="Also before the day from which on it is valid.")
    ] = False,
    package: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a package of the Metadata API; asks no org."),
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write CSV files in the order of loading them."),
    ] = None,
    result: Annotated[
        Path | None,
        typer.Option(metavar="FILE", dir_okay=False, help="A CSV with a row for each record."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell it, write nothing.")] = False,
) -> Reply:
    """Publish an alignment to Sales Territories: only what differs is written."""
    from tp_geo.workflow.account_fields import preview_with_stamps, publish_with_stamps
    from tp_geo.workflow.publishing import Method, Request
    from tp_geo.workflow.publishing_accounts import Overflow, Placing

    if scope not in {"alignment", "focus"}:
        raise typer.BadParameter(f"{scope!r} is neither alignment nor focus")
    if (scope == "focus") != (focus is not None):
        raise typer.BadParameter("--scope focus needs --focus AREA, and goes with it only")
    if method not in {m.value for m in Method}:
        raise typer.BadParameter(f"{method!r} is not one of {', '.join(Method)}")
    if overflow not in {o.value for o in Overflow}:
        raise typer.BadParameter(f"{overflow!r} is not one of {', '.join(Overflow)}")
    if (overflow == Overflow.FIELD) != bool(overflow_field):
        raise typer.BadParameter("--overflow field needs --overflow-field FIELD, and it alone")
    if result is not None and not result.absolute().parent.is_dir():
        raise typer.BadParameter(f"There is no folder {result.absolute().parent} for --result")
    plan = session_of(ctx).plan(name)
    request = Request(
        Method(method),
        focus=area_in(plan, focus) if focus else None,
        level=level_in(plan.alignment, level) if level else 1,
        model=model,
        parent=parent,
        role=role,
        forecasts=forecasts,
        placing=Placing(Overflow(overflow), overflow_field, exceptions),
        with_others=with_others,
        early=early,
    )
    if package or csv:
        return _files(plan, request, package, csv)
    crm = org_of_environment()
    receipt: Receipt | None = None
    if dry_run:
        found, _ = preview_with_stamps(plan, crm, request)
    else:
        who = session_of(ctx).user
        receipt, found, _ = publish_with_stamps(
            plan, crm, request, by=who, told=lambda what, _: tell(what)
        )
    if result is not None:
        _write(result, crm, found, receipt)
    return _told(plan, found, crm.org, receipt, result)


@commands.command(rich_help_panel=_PANEL)
def drift(ctx: typer.Context, name: PlanName, *, model: _Model = "") -> Reply:
    """Tell what somebody changed in the org since the last publish; writes nothing."""
    from tp_geo.workflow.publishing_after import drift

    plan = session_of(ctx).plan(name)
    found = drift(plan, org_of_environment(), model)
    changed: list[dict[str, object]] = [
        {"object": u.before.key.object, "name": u.before.key.name, "fields": sorted(u.fields)}
        for u in found.update
    ]
    gone = [{"object": row.key.object, "name": row.key.name} for row in found.create]
    data = {"alignment": plan.info.name, "changed": changed, "gone": gone}
    if found.empty:
        return Reply(data, (f"{plan.info.name}: the org holds what was published.",))
    rows: list[list[Cell]] = [
        [u.before.key.object, u.before.key.name, ", ".join(sorted(u.fields))] for u in found.update
    ]
    rows += [[row.key.object, row.key.name, "gone"] for row in found.create]
    text = f"{plan.info.name}: {len(rows):,} records are not as they were published."
    return Reply(data, (text, Table(("object", "name", "what changed"), rows)))


@commands.command("undo-publish", rich_help_panel=_PANEL)
def undo_publish(ctx: typer.Context, name: PlanName, *, model: _Model = "") -> Reply:
    """Make the org hold what it held before the last publish."""
    from tp_geo.workflow.publishing_after import undo_publish

    plan = session_of(ctx).plan(name)
    who = session_of(ctx).user
    receipt = undo_publish(
        plan, org_of_environment(), model, by=who, told=lambda what, _: tell(what)
    )
    written = len(receipt.written)
    text = f"{plan.info.name}: {written:,} records written; the last publish is undone."
    return Reply({"alignment": plan.info.name, "written": written}, (text,))


def org_of_environment() -> Salesforce:
    """Return the org that the environment names."""
    from tp_geo.crm.auth import credentials
    from tp_geo.crm.client import Salesforce

    return Salesforce(credentials(os.environ))


def _files(plan: Plan, request: Request, package: Path | None, csv: Path | None) -> Reply:
    from tp_geo.workflow.publishing_package import plan_rows, write_package, write_tables

    rows = plan_rows(plan, request)
    if package:
        write_package(rows, package)
    names = write_tables(rows, csv) if csv else ()
    objects = dict.fromkeys(row.key.object for row in rows)
    data = {
        "alignment": plan.info.name,
        "revision": plan.seq,
        "package": str(package) if package else None,
        "csv": [str(csv / name) for name in names] if csv else [],
        "records": {name: len(rows.of_object(name)) for name in objects},
    }
    said = [f"{plan.info.name}, revision {plan.seq}: {len(rows):,} records without people."]
    said += [f"Package: {package}"] if package else []
    said += [f"CSV: {csv / name}" for name in names] if csv else []
    return Reply(data, tuple(said))


def _write(path: Path, crm: Salesforce, found: Preview, receipt: Receipt | None) -> None:
    from tp_geo.workflow.publishing_result import planned, result_of, write_result
    from tp_geo.workflow.publishing_tree import find_names, settled, titles, users

    changes = found.changes
    title = titles((changes.wanted, changes.actual), find_names(crm, users(changes)))
    rows = result_of(settled(receipt.written), title) if receipt else planned(changes, title)
    write_result(path, rows)


def _told(
    plan: Plan, found: Preview, org: str, receipt: Receipt | None, result: Path | None
) -> Reply:
    from tp_geo.workflow.publishing import journal_path

    written = None if receipt is None else len(receipt.written)
    counts = found.changes.counts()
    journal = journal_path(plan, found.publication, org)
    data = {
        "alignment": plan.info.name,
        "revision": plan.seq,
        "model": found.publication.model_name,
        **{verb: counts[verb] for verb in _VERBS},
        "calls": {"read": found.reads, "write": found.writes},
        "limits": [{"name": x.name, "used": x.used, "most": x.most} for x in found.limits],
        "problems": [{"text": p.text, "stops": p.stops, "area": p.area} for p in found.problems],
        "journal": str(journal) if journal.exists() else None,
        "written": written,
        "result": str(result) if result else None,
    }
    return Reply(data, tuple(_text(plan, found, counts, written)))


def _text(
    plan: Plan,
    found: Preview,
    counts: Mapping[str, Mapping[str, int]],
    written: int | None,
) -> Iterator[str | Table]:
    where = f"{plan.info.name}, revision {plan.seq}, to model {found.publication.model_name}"
    if written is None:
        yield f"{where}: nothing is written yet."
    elif written:
        yield f"{where}: {written:,} records written."
    else:
        yield f"{where}: everything was as it should be."
    objects = dict.fromkeys(name for verb in _VERBS for name in counts[verb])
    rows: list[list[Cell]] = [
        [name, *(counts[verb].get(name, 0) for verb in _VERBS)] for name in objects
    ]
    if rows:
        yield Table(("object", *_VERBS), rows)
    yield f"Calls: {found.reads} to read, {found.writes} to write."
    if written is None:
        used: list[list[Cell]] = [[x.name, x.used, x.most] for x in found.limits]
        yield Table(("limit of the org", "used", "most"), used)
    for problem in found.problems:
        yield f"{'Stops: ' if problem.stops else 'Note: '}{problem.text}"
    if written:
        yield (
            "Next, in Setup: run the rules of the model, then activate it. "
            "Until then nobody gets access by it."
        )
