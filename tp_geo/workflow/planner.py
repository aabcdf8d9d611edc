"""The plans of a store: made, copied, opened; datasets and boundaries looked up once."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from tp_geo.domain.alignment import Profile
from tp_geo.domain.commands import Apply, Branch, Command
from tp_geo.domain.dataset import Dataset, Floats
from tp_geo.domain.edits import diff
from tp_geo.domain.hiding import seen_dataset
from tp_geo.domain.naming import new_names
from tp_geo.domain.reader import Reader
from tp_geo.domain.revision import start
from tp_geo.domain.rights import FREE, NO_ROLE, Action, Rights
from tp_geo.domain.shares import Overlap
from tp_geo.domain.sharing import AllowOverlap
from tp_geo.errors import BadData, Refused
from tp_geo.geometry.adjacency import Adjacency, border_m
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.geometry.combining import adjacency_of
from tp_geo.store import AlignmentInfo, Store, embedded, geoparquet
from tp_geo.store.reading import ReadingStore
from tp_geo.store.team import TeamStore, refuse_unseen
from tp_geo.workflow import clock, default
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.team import hide_alike, rights_of

MAX_NAME = 255
T = TypeVar("T")


class Planner:
    """Everything one process knows of a store. Thread-safe; values are loaded once and shared."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.actor = FREE
        self._whole = self
        self._lock = threading.RLock()
        self._finding = threading.Lock()
        self._plans: dict[str, Plan] = {}
        self._loaded: dict[tuple[str, str], object] = {}
        self._loading: dict[tuple[str, str], threading.RLock] = {}

    @property
    def rights(self) -> Rights:
        """Who may do what in the store, as it is now; a guest need not know."""
        return Rights() if isinstance(self.actor, Reader) else rights_of(self._whole.store)

    def of(self, person: str) -> Planner:
        """Return a planner that knows what is shared with somebody and does what they may do.

        All that is loaded is shared with this one; what they may do is asked anew each time.
        Where there are no rights it is this one.
        """
        whole = self._whole
        if not whole.rights.on:
            return whole
        made = Planner(TeamStore(whole.store, lambda: rights_of(whole.store).actor(person)))
        made.actor, made._whole = whole.rights.actor(person), whole
        made._finding, made._loaded, made._loading = whole._finding, whole._loaded, whole._loading
        return made

    def reading(self, alignment: str, *, maker: str = "") -> Planner:
        """Return a planner that knows one alignment, by id, and can change nothing.

        For who comes by a link of ``maker`` without signing in. What is loaded
        is shared with this one.
        """
        whole = self._whole
        made = Planner(ReadingStore(whole.store, alignment))
        made.actor, made._whole = Reader(NO_ROLE, whole.rights, maker), whole
        made._finding, made._loaded, made._loading = whole._finding, whole._loaded, whole._loading
        return made

    def dataset(self, name: str) -> Dataset:
        """Return a dataset by name (its newest version) or by key."""
        infos = self.store.datasets()
        key = next((i.key for i in infos if i.name == name), None)
        key = key or next((i.key for i in infos if i.key == name), None)
        if key is not None:
            return self._stored_dataset(key)
        if name == default.NAME:
            return self._built_in()
        names = ", ".join(sorted({default.NAME, *(i.name for i in infos)}))
        raise BadData(f"There is no dataset called {name!r}. Datasets: {names}.")

    def dataset_of(self, info: AlignmentInfo) -> Dataset:
        """Return the very version of the dataset that an alignment stands on."""
        if info.dataset == default.NAME:
            built_in = self._built_in()
            if info.dataset_key == built_in.key or not self._has_dataset(info.dataset_key):
                return built_in
        return self._stored_dataset(info.dataset_key)

    def kept_dataset(self, key: str) -> Dataset:
        """Return a dataset that is kept under a key, also one that lists don't have."""
        return self._stored_dataset(key)

    def keep_hidden(self, dataset: str, made: str) -> None:
        """Hide in a dataset that was made of another one what is hidden in that."""
        self.actor.require(Action.DATA)
        hide_alike(self._whole.store, dataset, made, by=self.actor.person)

    def boundaries(self, dataset: Dataset) -> Boundaries:
        """Return the shapes of a dataset's containers."""
        return self.layer(dataset.layer or dataset.boundaries)

    def layer(self, key: str) -> Boundaries:
        """Return a boundary set of the store by key, or a built-in one by kind."""
        blob = None if key in embedded.KINDS else self.store.blob(key)
        if blob is None:
            return self.once("boundaries", key, lambda: embedded.load_boundaries(key))
        return self.once("boundaries", key, lambda: geoparquet.from_geoparquet(blob))

    def active_layer(self, kind: str) -> str:
        """Return the key of the newest set of a kind in the store; the kind itself: built in."""
        return next((i.key for i in self.store.boundary_sets() if i.kind == kind), kind)

    def adjacency(self, dataset: Dataset) -> Adjacency:
        """Return which containers of a dataset touch, islands linked."""
        key = dataset.layer or dataset.boundaries
        if not dataset.layer:
            return self.once("adjacency", key, lambda: embedded.load_adjacency(key))
        return self.once("adjacency", key, lambda: adjacency_of(self.layer(key)))

    def border_m(self, dataset: Dataset) -> Floats:
        """Return the length of the border of each container of a dataset."""
        key = dataset.layer or dataset.boundaries
        return self.once("borders", key, lambda: border_m(self.boundaries(dataset).polygons))

    def plans(self) -> tuple[AlignmentInfo, ...]:
        """Return the alignments that are not archived, newest first."""
        return tuple(i for i in self.store.alignments() if not i.archived)

    def create(
        self,
        name: str,
        dataset: str = default.NAME,
        *,
        by: str,
        level: str = "Region",
        areas: int | Sequence[str] = 0,
        model: Command | None = None,
        note: str = "",
        description: str = "",
        profile: Profile = Profile.CONTIGUOUS,
        overlap: Overlap = Overlap.NONE,
    ) -> Plan:
        """Start an alignment: areas of one level from the top, or what ``model`` brings in.

        Every item is unassigned unless the model says otherwise. ``profile``
        is that of areas made without their own; ``overlap`` whether areas may
        share containers, and how these count. What is refused leaves nothing
        behind.
        """
        first = model or _first_areas(level, areas)
        info = self._info(name, self.dataset(dataset), by)
        info = replace(info, note=description.strip(), profile=profile.value)
        allowed = AllowOverlap(overlap) if overlap is not Overlap.NONE else None
        return self._new(info, allowed, first, by=by, note=note)

    def copy(
        self,
        plan: Plan,
        name: str,
        *,
        by: str,
        seq: int | None = None,
        scenario: str = "",
        draft: str = "",
    ) -> Plan:
        """Copy an alignment in one step, as it is now or was at a revision; nothing is signed off.

        The copy asks for the approval that the original asks for. ``scenario``
        is what it assumes, "" for a plain copy; a scenario can't be copied.
        ``draft`` is the branch that may change in it, "" for what is no draft.
        """
        if plan.info.scenario:
            raise Refused(
                f"{plan.info.name} is a scenario: a copy would hold what it assumes as if it were "
                "so. Adopt it and copy that, or start another scenario."
            )
        plan.actor.require(Action.SEE, plan.info)
        seq = plan.seq if seq is None else seq
        edits = diff(start(plan.dataset.items), replace(plan.at(seq), signoffs={}))
        first = Apply(edits, "copy", f"copied {plan.info.name} at revision {seq}")
        info = replace(
            self._info(name, plan.dataset, by),
            base=f"{plan.info.id}@{seq}",
            note=plan.info.note,
            profile=plan.info.profile,
            scenario=scenario,
            draft=draft,
        )
        return self._new(info, first, by=by)

    def copy_on(
        self, plan: Plan, name: str, dataset: Dataset, first: Command, *, by: str, note: str = ""
    ) -> Plan:
        """Start an alignment of a plan's line on another dataset, with what a command makes."""
        info = replace(
            self._info(name, dataset, by),
            base=f"{plan.info.id}@{plan.seq}",
            note=plan.info.note,
            profile=plan.info.profile,
        )
        return self._new(info, first, by=by, note=note)

    def open(self, name: str) -> Plan:
        """Return an alignment by name or id, up to date."""
        return self._seen(self._whole._open(self.find(name)))

    def _seen(self, plan: Plan) -> Plan:
        """Return a plan as whoever this planner is for has it open."""
        if self._whole is self:
            return plan
        dataset = self._narrowed(plan.dataset)
        return plan.seen_by(self.actor, self.store, dataset)

    def _open(self, info: AlignmentInfo) -> Plan:
        with self._lock:
            plan = self._plans.get(info.id)
            if plan is None or plan.info.dataset_key != info.dataset_key:
                plan = Plan(self.store, info, self.dataset_of(info), self)
                self._plans[info.id] = plan
        plan.info = info
        plan.refresh()
        return plan

    def find(self, name: str) -> AlignmentInfo:
        """Return what is known of an alignment by name, or by id also when it is archived."""
        known = self.store.alignments()
        infos = tuple(i for i in known if not i.archived)
        found = [i for i in known if i.id == name] or [i for i in infos if i.name == name]
        if not found:
            names = ", ".join(i.name for i in infos[:8]) or "none"
            raise Refused(f"There is no alignment called {name!r}. Alignments: {names}.")
        return found[0]

    def enlist(self, info: AlignmentInfo) -> None:
        """Put a new alignment on the list; refuse a name that somebody else took meanwhile."""
        with self._lock:
            self._free(info.name)
            self.store.enlist(info)

    def check_free(self, name: str) -> None:
        """Refuse a name that a new alignment can't have."""
        self._free(name)

    def rename(self, plan: Plan, name: str) -> None:
        """Give an alignment another name."""
        with self._lock:
            info = replace(plan.info, name=self._free(name), at=clock.now())
            self.store.enlist(info)
            plan.info = info

    def describe(
        self, plan: Plan, *, description: str | None = None, profile: Profile | None = None
    ) -> None:
        """Say what an alignment is for, or the profile of areas made later."""
        note = plan.info.note if description is None else description.strip()
        self._put(plan, replace(plan.info, note=note, profile=profile or plan.info.profile))

    def archive(self, plan: Plan, *, archived: bool = True) -> None:
        """Take an alignment off the list; nothing of it is deleted."""
        self._put(plan, replace(plan.info, archived=archived))

    def record(self, plan: Plan, info: AlignmentInfo) -> None:
        """Keep what is known of a plan from now on, such as its days. Open it anew then."""
        if info != plan.info:
            self.store.put_alignment(replace(info, at=clock.now()))

    def _put(self, plan: Plan, info: AlignmentInfo) -> None:
        if info != plan.info:
            info = replace(info, at=clock.now())
            self.store.put_alignment(info)
            plan.info = info

    def _info(self, name: str, dataset: Dataset, by: str) -> AlignmentInfo:
        return AlignmentInfo(
            id=uuid.uuid4().hex[:12],
            name=self._free(name),
            dataset=dataset.name,
            dataset_key=dataset.key,
            by=by,
            at=clock.now(),
        )

    def _new(self, info: AlignmentInfo, *first: Command | None, by: str, note: str = "") -> Plan:
        """Make an alignment: its first revisions, then its entry in the list, which makes it be.

        What is refused or interrupted leaves nothing that anyone sees.
        """
        self._check_new(info, by)
        whole = self._whole
        plan = Plan(whole.store, info, whole.dataset_of(info), whole)
        for command in filter(None, first):
            plan.ask(command, by=by, note=note)
        self.enlist(info)
        with whole._lock:
            whole._plans[info.id] = plan
        return self._seen(plan)

    def _check_new(self, info: AlignmentInfo, by: str) -> None:
        """Refuse an alignment that whoever this planner is for may not make."""
        if self._whole is self:
            return
        if info.draft:
            self.actor.require(Action.DRAFT, self.find(info.base.partition("@")[0]))
        else:
            self.actor.require(Action.CREATE)
        if by != self.actor.person:
            raise Refused(f"You are {self.actor.person}, and can do nothing in the name of {by}.")

    def _free(self, name: str) -> str:
        name = name.strip()
        if not name or len(name) > MAX_NAME:
            raise Refused(f"Give the alignment a name of 1 to {MAX_NAME} characters.")
        if any(i.name == name for i in self._whole.plans()):
            raise Refused(f"There is an alignment called {name!r} already. Choose another name.")
        return name

    def _built_in(self) -> Dataset:
        made = self.once(
            "dataset", default.NAME, lambda: default.dataset_on(self.layer(default.KIND), layer="")
        )
        return self._narrowed(made)

    def _narrowed(self, dataset: Dataset) -> Dataset:
        """Return a dataset without the measures that are hidden from whoever this is for."""
        hidden = self.actor.hidden(dataset.name)
        if not hidden:
            return dataset
        key = f"{dataset.key} {sorted(hidden)}"
        return self.once("without", key, lambda: seen_dataset(dataset, hidden))

    def _stored_dataset(self, key: str) -> Dataset:
        if not self.actor.free:
            refuse_unseen(self.store, key)
        return self._narrowed(self.once("dataset", key, lambda: self.store.dataset(key)))

    def _has_dataset(self, key: str) -> bool:
        return any(i.key == key for i in self.store.datasets())

    def once(self, kind: str, key: str, load: Callable[[], T]) -> T:
        """Return what ``load`` gives, kept for the life of the process under a kind and key."""
        with self._finding:
            loading = self._loading.setdefault((kind, key), threading.RLock())
        with loading:
            if (kind, key) not in self._loaded:
                self._loaded[kind, key] = load()
            return self._loaded[kind, key]  # type: ignore[return-value]


def _first_areas(level: str, areas: int | Sequence[str]) -> Branch | None:
    if isinstance(areas, int):
        areas = new_names(level, areas)
    return Branch(None, tuple(areas), level) if areas else None
