"""What the user who is connected may not do of a publish, told before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tp_geo.crm.client import Crm
from tp_geo.crm.reconcile import ChangeSet
from tp_geo.crm.rows import LINK, Verb
from tp_geo.crm.steps import Step, steps
from tp_geo.crm.verifying import Difference, Use, lacking
from tp_geo.workflow.publishing_staff import Problem
from tp_geo.workflow.publishing_words import COUNTED, LABELS
from tp_geo.workflow.verifying_org import described

_DOES: Mapping[str, str] = {
    "is not createable": "create",
    "is not updateable": "change",
    "is not deletable": "delete",
    "is not there": "see",
}
_GRANT = (
    "It takes the permission Manage Territories, with View Setup and Configuration: give the user "
    "a permission set that has both, or connect as somebody who has them."
)


def forbidden(crm: Crm, changes: ChangeSet) -> tuple[Problem, ...]:
    """Return what of some changes the user who is connected may not write.

    Asks the org of each object that is written; of none when nothing is.
    """
    todo = steps(changes)
    told = {name: described(crm, name) for name in objects_of(todo)}
    found = tuple(lacking(told, use_of(todo)))
    texts = (*_whole(found), *(_field(one) for one in found if one.field))
    return tuple(Problem(text, stops=True) for text in texts)


def objects_of(todo: Sequence[Step]) -> tuple[str, ...]:
    """Return the objects that are written."""
    return tuple(dict.fromkeys(step.object for step in todo))


def use_of(todo: Sequence[Step]) -> Use:
    """Return which fields steps fill in and change, and what they delete."""
    fields: dict[Verb, dict[str, set[str]]] = {verb: {} for verb in Verb}
    for step in todo:
        known = fields[step.verb].setdefault(step.object, set())
        known.update(name for write in step.writes for name in write.fields)
    return Use(fields[Verb.CREATE], fields[Verb.UPDATE], fields[Verb.DELETE])


def _whole(found: Sequence[Difference]) -> Iterator[str]:
    """Yield what may not be done to objects at all: in one sentence what one permission gives."""
    verbs: dict[str, list[str]] = {}
    for one in found:
        if one.field:
            continue
        does = _DOES[one.found]
        if one.object == LINK and not _all_closed(found):
            yield f"The user who is connected may not {does} {COUNTED[LINK]}. {one.means}"
        else:
            verbs.setdefault(does, []).append(COUNTED[one.object])
    if verbs:
        what = "; ".join(f"{does} {', '.join(names)}" for does, names in verbs.items())
        yield f"The user who is connected may not {what}. {_GRANT}"


def _all_closed(found: Sequence[Difference]) -> bool:
    """Whether more than the links between rules and territories is closed."""
    return any(one.object != LINK and not one.field for one in found)


def _field(one: Difference) -> str:
    label = LABELS.get(one.field, one.field)
    return (
        f"The user who is connected may not {_DOES[one.found]} the field {label!r} ({one.field}) "
        f"of {COUNTED[one.object]}. Make it editable for the user in Setup, by field-level "
        "security."
    )
