"""Dialogs of the Data page."""

from __future__ import annotations

from tp_geo.ui import (
    boundaries_view,
    data_view,
    formula_view,
    import_view,
    migrate_view,
    reference_view,
    refresh_view,
    roll_up_view,
    state,
    supplement_view,
)


def show() -> None:
    """Show the dialog that is open, if any."""
    match state.wanted_dialog():
        case ("import", _):
            state.show_dialog("Import", import_view.body, width="large")
        case ("roll_up", _):
            state.show_dialog("Roll up in the warehouse", roll_up_view.body, width="large")
        case ("refresh", (str(dataset),)):
            state.show_dialog("Put a plan on other data", refresh_view.body, dataset, width="large")
        case ("supplement", _):
            state.show_dialog("Add columns from a table", supplement_view.body, width="large")
        case ("repair", (str(dataset),)):
            state.show_dialog("Send back a repaired file", data_view.repair, dataset)
        case ("formula", (str(dataset), str(name))):
            title = "Change a formula" if name else "Add a formula"
            state.show_dialog(title, formula_view.write, dataset, name, width="large")
        case ("no_formula", (str(dataset), str(name))):
            state.show_dialog("Remove a formula", formula_view.remove, dataset, name)
        case (str(name), _):
            _of_shapes(name)


def _of_shapes(name: str) -> None:
    """Show a dialog about boundaries or reference layers."""
    match name:
        case "official":
            state.show_dialog("Get official boundaries", boundaries_view.official)
        case "own":
            state.show_dialog("Add your own boundaries", boundaries_view.own)
        case "combine":
            state.show_dialog("Combine countries", boundaries_view.countries)
        case "migrate":
            state.show_dialog("Move a plan to newer boundaries", migrate_view.body, width="large")
        case "layer":
            state.show_dialog("Add a reference layer", reference_view.add)
        case "other_layer":
            state.show_dialog("Change a reference layer", reference_view.change)
        case "no_layer":
            state.show_dialog("Remove a reference layer", reference_view.remove)
