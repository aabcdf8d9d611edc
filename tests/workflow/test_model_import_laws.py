"""What is published and imported again is the same, and publishing that changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from wired import Wire, wired

from tp_geo.crm.client import Salesforce
from tp_geo.crm.extract import read_model
from tp_geo.crm.imported import read_back
from tp_geo.crm.imported_rules import Universe
from tp_geo.crm.journal import FileJournal, read_journal
from tp_geo.crm.org.ids import PROFILE_ID
from tp_geo.crm.org.service import Org
from tp_geo.crm.origin_rules import OriginRules
from tp_geo.crm.origins import Origins
from tp_geo.crm.ours import called, ours
from tp_geo.crm.packing import pack
from tp_geo.crm.publish import publish
from tp_geo.crm.reconcile import ChangeSet, reconcile
from tp_geo.crm.rows import ITEM, RULE, Rows
from tp_geo.crm.wanted import Member, Publication, Staffed, wanted
from tp_geo.domain.alignment import UNASSIGNED, Alignment, Area, AreaId, Items, frozen
from tp_geo.workflow.model_import_areas import Model, alignment_of
from tp_geo.workflow.model_import_people import read_people

US = ("United States", "US", "USA")
CODES = [f"{i:05}" for i in (*range(10_000, 10_090), *range(94_100, 94_130), *range(500, 540))]
UNIVERSE = Universe.of(CODES, np.arange(len(CODES)), country=US)
ITEMS = Items.only_containers(len(CODES))
NAMES = tuple(f"{name}@x.example" for name in ("ann", "ben", "cyd"))
LEVELS = ("Region", "District", "Territory")
FY27 = Publication("ab12cd", "FY27", "FY 27", {level: level for level in LEVELS})
AGAIN = replace(FY27, plan="ef34ab", new_model=False)


@dataclass
class Town:
    """An org with three users, and a client of it."""

    org: Org
    crm: Salesforce
    wire: Wire
    users: tuple[str, ...]

    @classmethod
    def new(cls) -> Town:
        org = Org()
        users = tuple(user(org, name) for name in ("ann", "ben", "cyd"))
        return cls(org, *wired(org), users)

    def rows(self) -> Rows:
        return read_model(self.crm, "FY27")

    def model(self) -> Model:
        rows = self.rows()
        info = rows.of_object("Territory2Model")[0]
        return Model(rows, read_back(rows, UNIVERSE), read_people(self.crm, info.id, rows))

    def publish(self, plan: Plan, journal: FileJournal) -> None:
        rows = plan.wanted(self, self.rows())
        path = journal.path
        written = [w.key for w in read_journal(path).written] if path.exists() else []
        publish(
            self.crm,
            rows,
            read=self.rows,
            compare=lambda actual: reconcile(rows, actual, ours=ours(FY27, actual, written)),
            journal=journal,
        )


def user(org: Org, name: str) -> str:
    fields = {"Username": f"{name}@x.example", "LastName": name, "Email": f"{name}@x.example",
              "Alias": name, "IsActive": True, "ForecastEnabled": True,
              "ProfileId": PROFILE_ID}  # fmt: skip
    with org.state.step():
        return org.records.create("User", fields, by_org=True)


@dataclass(frozen=True)
class Plan:
    """Areas on up to three levels; who owns each, by number; the leaf of each code."""

    alignment: Alignment
    owners: dict[AreaId, int | None]

    def staffed(self, town: Town, country: tuple[str, ...] = US) -> dict[AreaId, Staffed]:
        entries = self.alignment.area_of
        packed = pack(
            CODES, np.where(entries > 0, entries - 1, -1).astype(np.int32), country=country
        )
        return {
            k: Staffed(
                () if owner is None else (Member(town.users[owner], "Owner"),),
                criteria=packed[k - 1].criteria if k <= len(packed) else (),
            )
            for k, owner in self.owners.items()
        }

    def wanted(self, town: Town, actual: Rows) -> Rows:
        there = called(actual, FY27)
        areas = tuple(self.alignment.areas)
        return wanted(self.alignment, areas, FY27, self.staffed(town), called=there)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    names = st.sampled_from(["North", "South", "East", "West", "Bay, Area", "Ünï", "A" * 70])
    areas: dict[AreaId, Area] = {}
    owners: dict[AreaId, int | None] = {}

    def grow(parent: AreaId | None, depth: int) -> None:
        for name in draw(st.lists(names, min_size=depth == 1, max_size=3, unique=True)):
            k = AreaId(len(areas) + 1)
            areas[k] = Area(k, name, parent, LEVELS[depth - 1])
            owners[k] = draw(st.sampled_from([None, 0, 1, 2]))
            if depth < len(LEVELS) and draw(st.booleans()):
                grow(k, depth + 1)

    grow(None, 1)
    bare = replace(Alignment.empty(ITEMS), areas=areas)
    leaves = np.array([UNASSIGNED, *sorted(bare.leaves)], dtype=np.int32)
    seed = draw(st.integers(0, 1_000_000))
    runs = np.random.default_rng(seed).integers(0, len(leaves), len(CODES) // 3 + 1)
    return Plan(replace(bare, area_of=frozen(leaves[np.repeat(runs, 3)[: len(CODES)]])), owners)


def told(alignment: Alignment, owner_of: dict[AreaId, str | None]) -> dict[tuple[str, ...], object]:
    """What is compared: by path, the level, the owner and the codes."""
    return {
        tuple(a.name for a in reversed(list(alignment.ancestry(k)))): (
            alignment.area(k).level,
            owner_of[k],
            tuple(alignment.holds(k).tolist()),
        )
        for k in alignment.areas
    }


def asked(alignment: Alignment, model: Model, town: Town) -> ChangeSet:
    """What a publish of an imported alignment would change."""
    base = model.rows
    origins = Origins.of(
        alignment, tuple(alignment.areas), base, OriginRules(base, UNIVERSE, AGAIN.plan)
    )
    by_name = dict(zip(NAMES, town.users, strict=True))
    owners = {k: by_name.get(a.owner or "") for k, a in alignment.areas.items()}
    staffed = origins.staffed({k: Staffed((Member(u),) if u else ()) for k, u in owners.items()})
    publication = replace(AGAIN, types={**FY27.types, **origins.types})
    rows = wanted(alignment, tuple(alignment.areas), publication, staffed, called=origins.called)
    mine = ours(publication, base)
    return reconcile(
        origins.rows(rows, base, staffed),
        base,
        ours=lambda row: mine(row) or origins.goes(row),
    )


@settings(deadline=None, max_examples=12)
@given(plans())
def test_what_is_published_comes_back_as_it_was_and_publishing_it_again_writes_nothing(
    tmp_path_factory, plan: Plan
) -> None:
    town = Town.new()
    town.publish(plan, FileJournal(tmp_path_factory.mktemp("journal") / "publish.jsonl"))
    model = town.model()
    found = alignment_of(model, ITEMS)
    owners = {k: None if o is None else NAMES[o] for k, o in plan.owners.items()}
    assert told(found, {k: a.owner for k, a in found.areas.items()}) == told(plan.alignment, owners)
    assert model.imported.kept == ()
    assert asked(found, model, town).empty
    town.org.close()


@settings(deadline=None, max_examples=6)
@given(plans(), plans())
def test_a_plan_that_is_edited_and_published_again_is_what_the_org_holds(
    tmp_path_factory, first: Plan, second: Plan
) -> None:
    town = Town.new()
    journal = FileJournal(tmp_path_factory.mktemp("journal") / "publish.jsonl")
    for plan in (first, second):
        town.publish(plan, journal)
    rows, writes = town.rows(), town.wire.writes
    assert reconcile(second.wanted(town, rows), rows, ours=lambda row: True).empty
    town.publish(second, journal)
    assert town.wire.writes == writes
    found = alignment_of(town.model(), ITEMS)
    owners = {k: None if o is None else NAMES[o] for k, o in second.owners.items()}
    held = told(found, {k: a.owner for k, a in found.areas.items()})
    assert held == told(second.alignment, owners)
    town.org.close()


@settings(deadline=None, max_examples=12)
@given(plans(), st.data())
def test_after_one_code_is_moved_only_the_rules_of_the_two_areas_change(
    tmp_path_factory, plan: Plan, data: st.DataObject
) -> None:
    town = Town.new()
    town.publish(plan, FileJournal(tmp_path_factory.mktemp("journal") / "publish.jsonl"))
    model = town.model()
    found = alignment_of(model, ITEMS)
    to = data.draw(st.sampled_from([UNASSIGNED, *sorted(found.leaves)]))
    at = data.draw(st.integers(0, len(CODES) - 1))
    entries = found.area_of.copy()
    was, entries[at] = AreaId(int(entries[at])), to
    moved = replace(found, area_of=frozen(entries))
    changes = asked(moved, model, town)
    assert changes.empty == (was == to)
    touched = {row.key.object for row in (*changes.create, *changes.delete)}
    touched |= {u.before.key.object for u in changes.update}
    assert touched <= {RULE, ITEM, "RuleTerritory2Association"}
    after = read_back(_with(changes), UNIVERSE)
    nodes = {node.key: i for i, node in enumerate(after.nodes)}
    origins = Origins.of(
        moved, tuple(moved.areas), model.rows, OriginRules(model.rows, UNIVERSE, AGAIN.plan)
    )
    assert origins.keys.keys() == moved.areas.keys()
    for k in moved.leaves:
        held = np.flatnonzero(after.holds == nodes[origins.keys[k]])
        assert held.tolist() == moved.holds(k).tolist()
    town.org.close()


def _with(changes: ChangeSet) -> Rows:
    """Return what the org holds once the changes are written."""
    rows = {row.key: row for row in changes.actual}
    for update in changes.update:
        rows[update.before.key] = replace(
            update.before, fields={**update.before.fields, **update.fields}
        )
    rows |= {row.key: row for row in changes.create}
    gone = {row.key for row in changes.delete}
    return Rows.of(row for key, row in rows.items() if key not in gone)
