"""``tp-geo formula``: measures that are calculated from others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from tp_geo.cli.reply import Reply, Table, amount
from tp_geo.cli.session import session_of

if TYPE_CHECKING:
    from tp_geo.domain.dataset import Aggregate, Level
    from tp_geo.workflow.formula_drafts import Preview
    from tp_geo.workflow.formulas import Saved

commands = typer.Typer(rich_markup_mode=None)
formula = typer.Typer(
    name="formula",
    help="Calculate measures of units, containers and areas from others.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
commands.add_typer(formula, rich_help_panel="Data")

DatasetName: TypeAlias = Annotated[str, typer.Argument(metavar="DATASET", help="The dataset.")]
FormulaName: TypeAlias = Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")]
FormulaText: TypeAlias = Annotated[
    str, typer.Argument(metavar="FORMULA", help='As in "revenue / [Open pipeline]".')
]
OfLevel: TypeAlias = Annotated[
    Literal["unit", "container", "area"] | None,
    typer.Option(help="What it is worked out for; default: units, if there are any."),
]
InUnit: TypeAlias = Annotated[
    str | None, typer.Option(help="Of the result; default: what follows from the measures.")
]
AddedUp: TypeAlias = Annotated[
    Literal["sum", "mean"] | None,
    typer.Option(help="How areas add it up; default: what fits the formula."),
]
Weight: TypeAlias = Annotated[
    str | None, typer.Option(help='Measure that a mean is weighted by; "" for none.')
]
Label: TypeAlias = Annotated[str, typer.Option(help="What pages call it; default: its name.")]


@formula.command("add")
def add(
    ctx: typer.Context,
    dataset: DatasetName,
    name: FormulaName,
    text: FormulaText,
    *,
    level: OfLevel = None,
    unit: InUnit = None,
    aggregate: AddedUp = None,
    weight: Weight = None,
    label: Label = "",
    replace: Annotated[bool, typer.Option("--replace", help="Change the one there is.")] = False,
) -> Reply:
    """Add a formula, or with --replace change one; alignments of the dataset have it at once."""
    from tp_geo.workflow.formula_drafts import Draft, preview
    from tp_geo.workflow.formulas import formula_called, put_formula

    planner = session_of(ctx).planner
    draft = Draft(name, text, _of(level), label, unit, _by(aggregate), weight)
    if replace:
        formula_called(planner.dataset(dataset), name)
    seen = preview(planner.dataset(dataset), draft)
    saved = put_formula(planner, dataset, draft, replaces=name if replace else "")
    said = f"{saved.dataset}: {'changed' if replace else 'added'} {name}"
    return Reply({**_saved(saved), **seen.to_json()}, (f"{said}; {saved}", *_shown(seen)))


@formula.command("preview")
def show(
    ctx: typer.Context,
    dataset: DatasetName,
    name: FormulaName,
    text: FormulaText,
    *,
    level: OfLevel = None,
    unit: InUnit = None,
    aggregate: AddedUp = None,
    weight: Weight = None,
    label: Label = "",
    alignment: Annotated[
        str | None, typer.Option(metavar="A", help="Whose areas a formula of areas is shown for.")
    ] = None,
) -> Reply:
    """Show what a formula would come to; nothing is kept."""
    from tp_geo.workflow.formula_drafts import Draft, preview

    session = session_of(ctx)
    plan = session.plan(alignment) if alignment else None
    there = plan.dataset if plan else session.planner.dataset(dataset)
    seen = preview(there, Draft(name, text, _of(level), label, unit, _by(aggregate), weight), plan)
    return Reply({"dataset": there.name, **seen.to_json()}, _shown(seen))


@formula.command("list")
def list_(ctx: typer.Context, dataset: DatasetName) -> Reply:
    """List the formulas of a dataset."""
    from tp_geo.workflow.formula_drafts import told

    found = session_of(ctx).planner.dataset(dataset)
    rows = [told(f) for f in found.formulas]
    columns = ("name", "formula", "level", "unit", "aggregate", "weight")
    table = Table(columns, [[str(row[c] or "") for c in columns] for row in rows])
    text = (table,) if rows else (f"{found.name} has no formulas.",)
    return Reply({"dataset": found.name, "formulas": rows}, text)


@formula.command("rename")
def rename(
    ctx: typer.Context,
    dataset: DatasetName,
    name: FormulaName,
    new: Annotated[str, typer.Argument(metavar="NEW", help="What it is called from now on.")],
) -> Reply:
    """Give a formula another name; formulas, weights and targets that use it follow."""
    from tp_geo.workflow.formulas import rename_formula

    session = session_of(ctx)
    saved = rename_formula(session.planner, dataset, name, new, by=session.user)
    return Reply(_saved(saved), (f"{saved.dataset}: renamed {name} to {new.strip()}; {saved}",))


@formula.command("remove")
def remove(ctx: typer.Context, dataset: DatasetName, name: FormulaName) -> Reply:
    """Remove a formula and its measure; refused while a target or another formula uses it."""
    from tp_geo.workflow.formulas import remove_formula

    saved = remove_formula(session_of(ctx).planner, dataset, name)
    return Reply(_saved(saved), (f"{saved.dataset}: removed {name}; {saved}",))


def _of(level: str | None) -> Level | None:
    from tp_geo.domain.dataset import Level

    return Level(level) if level else None


def _by(aggregate: str | None) -> Aggregate | None:
    from tp_geo.domain.dataset import Aggregate

    return Aggregate(aggregate) if aggregate else None


def _saved(saved: Saved) -> dict[str, object]:
    return {
        "dataset": saved.dataset,
        "key": saved.key,
        "alignments": list(saved.plans),
        "on_older_versions": list(saved.behind),
    }


def _shown(seen: Preview) -> tuple[str | Table, ...]:
    from tp_geo.domain.dataset import Level

    formula, unit = seen.formula, f" {seen.formula.unit}" if seen.formula.unit else ""
    how = "of areas"
    if formula.level is not Level.AREA:
        by = f" weighted by {formula.weight}" if formula.weight else ""
        how = f"of {formula.level.value}s, {formula.aggregate.value}{by}"
    ends = f"{amount(seen.least)} to {amount(seen.most)}"
    over = f", {amount(seen.total)}{unit} over all" if seen.total is not None else ""
    rows = [(code, name, value) for code, name, value in seen.first]
    told: list[str | Table] = [f"{formula.name} = {formula.text}{unit and f' in{unit}'}, {how}"]
    told += [f"{seen}: {ends}{over}"] if seen.rows else []
    told += seen.warnings
    return (*told, *([Table(("code", "name", formula.name), rows)] if rows else []))
