"""Writing where a plan puts accounts to fields of the org's accounts, from the command line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.asking import PlanName
from tp_geo.cli.publish import org_of_environment
from tp_geo.cli.reply import Reply
from tp_geo.cli.session import session_of, tell

if TYPE_CHECKING:
    from tp_geo.crm.publish import Receipt
    from tp_geo.workflow.account_fields import FieldsPreview

commands = typer.Typer(rich_markup_mode=None)
_PANEL = "Sales Territories"
_MOST = 5


@commands.command("publish-fields", rich_help_panel=_PANEL)
def publish_fields(
    ctx: typer.Context,
    name: PlanName,
    *,
    territory: Annotated[
        str, typer.Option(metavar="FIELD", help="The account field that gets the area's name.")
    ] = "",
    code: Annotated[
        str, typer.Option(metavar="FIELD", help="The account field that gets the area's code.")
    ] = "",
    owner: Annotated[
        bool, typer.Option("--owner", help="Accounts get the owner of their area.")
    ] = False,
    result: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A CSV with each value, before and after.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell it, write nothing.")] = False,
) -> Reply:
    """Write territory name, code or owner to fields of accounts: only what differs."""
    from tp_geo.workflow.account_fields import Fields, preview_fields, write_fields

    plan, crm = session_of(ctx).plan(name), org_of_environment()
    fields = Fields(territory, code, owner)
    receipt: Receipt | None = None
    if dry_run:
        first = preview_fields(plan, crm, fields)
    else:
        receipt, first = write_fields(
            plan, crm, fields, by=session_of(ctx).user, told=lambda what, _: tell(what)
        )
    if result is not None:
        _write(result, first, receipt)
    written = None if receipt is None else len(receipt.written)
    data = {
        "alignment": plan.info.name,
        "fields": list(fields.names),
        "change": len(first.changes.update),
        "unchanged": len(first.changes.unchanged),
        "missing": list(first.missing),
        "notes": list(first.notes),
        "stopped": list(first.stopped),
        "written": written,
        "result": str(result) if result else None,
    }
    return Reply(data, tuple(_text(plan.info.name, first, written)))


@commands.command("undo-fields", rich_help_panel=_PANEL)
def undo_fields(ctx: typer.Context, name: PlanName) -> Reply:
    """Give accounts the values back that they had before the last publish-fields."""
    from tp_geo.workflow.account_fields import undo_fields

    plan = session_of(ctx).plan(name)
    receipt = undo_fields(
        plan, org_of_environment(), by=session_of(ctx).user, told=lambda what, _: tell(what)
    )
    written = len(receipt.written)
    text = f"{plan.info.name}: {written:,} accounts have the values they had before."
    return Reply({"alignment": plan.info.name, "written": written}, (text,))


def _write(path: Path, first: FieldsPreview, receipt: Receipt | None) -> None:
    done = {w.key for w in receipt.written} if receipt else set()
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("account", "field", "before", "after", "written"))
        for update in first.changes.update:
            key = update.before.key
            for field, after in update.fields.items():
                before = update.before.fields.get(field) or ""
                writer.writerow((key.name, field, before, after, "yes" if key in done else "no"))


def _text(name: str, first: FieldsPreview, written: int | None) -> Iterator[str]:
    change, same = len(first.changes.update), len(first.changes.unchanged)
    if written is None:
        yield f"{name}: {change:,} accounts would change, {same:,} are as they should be."
    else:
        yield f"{name}: {written:,} accounts written, {same:,} were as they should be."
    if first.missing:
        some = ", ".join(first.missing[:_MOST])
        yield f"Note: {len(first.missing):,} ids are no account of the org, such as {some}."
    yield from (f"Stops: {text}" for text in first.stopped)
    yield from (f"Note: {text}" for text in first.notes)
