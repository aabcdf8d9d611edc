"""Plan files taken in: a new alignment from a ``.tpgeo`` file, with its log where that holds."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np

from tp_geo import cancelling
from tp_geo.domain.alignment import Alignment, Items
from tp_geo.domain.commands import counted
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.edits import diff, replay, signed
from tp_geo.domain.problems import new_problems, problems
from tp_geo.domain.revision import start
from tp_geo.errors import BadData, Refused
from tp_geo.files import plan_file
from tp_geo.files.plan_assignment import alignment_of
from tp_geo.files.plan_figures import dataset_from
from tp_geo.files.plan_file import PlanFile
from tp_geo.files.plan_log import LogLine, Mark
from tp_geo.files.plan_shares import shares_of
from tp_geo.files.plan_talk import Talk
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.store import AlignmentInfo, DatasetInfo, Entry, Snapshot, codec, embedded
from tp_geo.workflow import clock
from tp_geo.workflow.default import NAME as BUILT_IN
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.plan_import_base import base_here
from tp_geo.workflow.plan_log import DRAFT
from tp_geo.workflow.plan_talk import codes_in, keep_talk, without_past
from tp_geo.workflow.planner import Planner

MAX_FILE_BYTES = 1 << 30

Progress: TypeAlias = Callable[[str, float], None]
"""Told what is being done and the share of the whole that lies behind."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A plan that was read from a file, and what of the file found no place here.

    ``lost`` are codes the dataset here doesn't have; ``unlogged`` says why
    the log was left, "" when it came along; ``measures`` are those that
    targets are set for and the dataset here lacks. ``apart`` says why a
    scenario became an alignment by itself, "" when it is one here too.
    """

    plan: Plan
    same_dataset: bool
    lost: tuple[str, ...]
    revisions: int
    unlogged: str
    measures: tuple[str, ...]
    apart: str = ""
    comments: int = 0
    challenges: int = 0

    def __str__(self) -> str:
        kinds = {"revisions": self.revisions, "comments": self.comments}
        kinds["challenges"] = self.challenges
        brought = [counted(n, kind) for kind, n in kinds.items() if n or kind == "revisions"]
        told = ", ".join(brought[:-1]) + " and " * (len(brought) > 1) + brought[-1]
        said = [f"Opened {self.plan.info.name} with {told}"]
        if not self.same_dataset:
            said.append(f"its dataset {self.plan.dataset.name} is another version here")
        if self.lost:
            codes = counted(len(self.lost), "codes")
            are = "is" if len(self.lost) == 1 else "are"
            said.append(f"{codes} {are} not here, the first is {self.lost[0]}")
        if self.measures:
            said.append(f"targets for {', '.join(self.measures)} have no measure here")
        if self.unlogged:
            said.append(f"its log was left: {self.unlogged}")
        if self.apart:
            said.append(f"it is an alignment by itself here: {self.apart}")
        return "; ".join(said) + "."


def read_plan(path: Path) -> PlanFile:
    """Return the plan in a file; raise ``BadData`` when there is none that can be read."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise BadData(f"{path.name} is larger than 1 GiB; no plan is.")
        return plan_file.loads(path.read_bytes())
    except OSError as error:
        raise BadData(f"{path} can't be read: {error.strerror}. Check the path.") from error


def import_plan(
    planner: Planner,
    path: Path,
    *,
    by: str,
    name: str = "",
    dataset: str = "",
    progress: Progress = lambda _what, _share: None,
) -> Opened:
    """Take a plan file in as a new alignment; all of it or nothing.

    It goes onto the dataset called ``dataset``, else the very one it was made
    with, else one made of the figures it carries, else the one of that name.
    Its log comes along when it leads to the plan; otherwise the plan is one
    revision.
    """
    progress(f"Reading {path.name}", 0.0)
    file = read_plan(path)
    return take_in(planner, file, by=by, name=name, dataset=dataset, progress=progress)


def take_in(
    planner: Planner,
    file: PlanFile,
    *,
    by: str,
    name: str = "",
    dataset: str = "",
    progress: Progress = lambda _what, _share: None,
) -> Opened:
    """Take a plan that was read in as a new alignment; see ``import_plan``."""
    title = _free(planner, name.strip(), file.name)
    ground, new, missing = _ground_here(planner, file, dataset)
    alignment, gone = alignment_of(file.areas, file.containers, file.units, ground)
    alignment = replace(alignment, shares=shares_of(file.shared, ground), overlap=file.overlap)
    if wrong := problems(alignment):
        raise BadData(f"{file.name} is no plan that can be opened: {wrong[0]}.")
    unlogged = _unlogged(file, ground, alignment)
    cancelling.keep()
    if new:
        planner.store.put_dataset(new, ground)
    log = _one_step(file, ground, alignment, by) if unlogged else file.log
    info = AlignmentInfo(
        id=uuid.uuid4().hex[:12],
        name=title,
        dataset=ground.name,
        dataset_key=ground.key,
        by=by,
        at=clock.now(),
        note=file.note,
        profile=file.profile.value,
        valid_from=file.valid_from,
        valid_until=file.valid_until,
    )
    base, apart = base_here(planner, file, unlogged)
    if file.scenario and base:
        info = replace(info, base=base, scenario=file.scenario.assumed)
    marks = [] if unlogged else [m for m in file.snapshots if 0 <= m.seq <= len(file.log)]
    progress(f"Keeping {counted(len(log), 'revisions')}", 0.5)
    talk = without_past(file.talk, alignment.areas) if unlogged else file.talk
    plan = _kept(planner, log, marks, info, talk)
    known = {m.name for m in ground.measures}
    unknown = (c for c in codes_in(talk) if ground.find(c) is None)
    targets = {t for a in alignment.areas.values() for t in a.targets}
    return Opened(
        plan,
        same_dataset=file.ground.key in ("", ground.key),
        lost=tuple(dict.fromkeys((*gone, *missing, *unknown))),
        revisions=plan.seq,
        comments=len(talk.comments),
        challenges=len(talk.challenges),
        unlogged=unlogged if file.log else "",
        measures=tuple(sorted(targets - known)),
        apart=apart,
    )


def _ground_here(
    planner: Planner, file: PlanFile, chosen: str
) -> tuple[Dataset, DatasetInfo | None, tuple[str, ...]]:
    """Return the dataset to open a plan on, how to keep it if it is new, and codes it lacks."""
    if chosen:
        return planner.dataset(chosen), None, ()
    known = {info.key: info.name for info in planner.store.datasets()}
    if file.ground.key in known:
        return planner.dataset(file.ground.key), None, ()
    if file.scenario and planner.store.blob(file.ground.key) is not None:
        return planner.kept_dataset(file.ground.key), None, ()
    if file.ground.dataset == BUILT_IN:
        return planner.dataset(BUILT_IN), None, ()
    if file.figures:
        return _from_figures(planner, file, known)
    if file.ground.dataset in known.values():
        return planner.dataset(file.ground.dataset), None, ()
    raise Refused(
        f"{file.name} was made with the dataset {file.ground.dataset}, which is not here. "
        "Import it under that name, choose another dataset, or export the plan with its figures."
    )


def _from_figures(
    planner: Planner, file: PlanFile, known: Mapping[str, str]
) -> tuple[Dataset, DatasetInfo | None, tuple[str, ...]]:
    """Return the dataset of a file's figures; ``known`` are names here by key."""
    kind, wanted = file.ground.boundaries, file.ground.layer
    there = wanted and planner.store.blob(wanted) is not None
    layer = wanted if there else planner.active_layer(kind)
    if layer == kind and kind not in embedded.KINDS:
        raise Refused(
            f"{file.name} needs {kind} boundaries ({file.ground.title}), which are not here. "
            "Add them first."
        )
    key = "" if layer == kind else layer
    base = _containers(planner.layer(layer), kind, key)
    same = key == wanted and len(base.codes) == file.ground.containers
    digest = hashlib.sha256("".join((file.ground.key, layer)).encode()).hexdigest()[:16]
    name = _other(file.ground.dataset, known.values())
    found, gone = dataset_from(
        file.figures, base, name=name, key=file.ground.key if same else digest
    )
    if found.key in known:  # the file was opened before
        return planner.dataset(found.key), None, gone
    info = DatasetInfo(
        name=name,
        key=found.key,
        boundaries_kind=kind,
        boundaries_key=key,
        made=clock.now(),
        source=f"plan file of {file.name}",
        report={"rows": len(found.items.container_of)},
    )
    return found, info, gone


def _containers(layer: Boundaries, kind: str, key: str) -> Dataset:
    """Return the containers of a boundary set as a dataset without figures."""
    return Dataset(
        name=kind,
        key=layer.key,
        boundaries=kind,
        items=Items.only_containers(len(layer)),
        codes=layer.codes,
        names=layer.names,
        measures=(),
        values=np.zeros((len(layer), 0)),
        layer=key,
    )


def _unlogged(file: PlanFile, dataset: Dataset, alignment: Alignment) -> str:
    """Return why a file's log can't come along; "" when it leads to its plan, soundly."""
    if not file.log:
        return "it has none"
    state = start(dataset.items)
    for line in file.log:
        try:
            edits, _ = codec.loads(line.payload, dataset)
        except BadData as error:
            return f"revision {line.seq}: {error}"
        before, state = state, replay(state, edits)
        if wrong := new_problems(before, state):
            return f"after revision {line.seq}, {wrong[0]}"
    unsigned = replay(state, signed(state, alignment))
    if unsigned != alignment:
        return "it does not lead to the areas and assignment of the file"
    return ""


def _kept(
    planner: Planner,
    log: Iterable[LogLine],
    marks: Iterable[Mark],
    info: AlignmentInfo,
    talk: Talk,
) -> Plan:
    """Append a log, then show its alignment: until then nobody sees a half of it."""
    planner.store.append_all([_entry(info.id, line) for line in log])
    for mark in marks:
        taken = Snapshot(info.id, DRAFT, mark.name, mark.seq, mark.by, mark.at)
        planner.store.put_snapshot(taken)
    keep_talk(planner.store, info.id, talk)
    planner.enlist(info)
    return planner.open(info.id)


def _entry(alignment: str, line: LogLine) -> Entry:
    return Entry(
        alignment=alignment,
        draft=DRAFT,
        seq=line.seq,
        by=line.by,
        at=line.at,
        kind=line.kind,
        text=line.text,
        note=line.note,
        origin="",
        reverts=line.reverts,
        payload=line.payload,
    )


def _one_step(file: PlanFile, dataset: Dataset, alignment: Alignment, by: str) -> list[LogLine]:
    """Return the log of a plan without a past: all of it in one revision."""
    edits = diff(start(dataset.items), alignment)
    if not edits:
        return []
    text = f"opened the plan file of {file.name}"
    return [LogLine(1, by, clock.now(), "open", text, codec.dumps(edits, dataset))]


def _free(planner: Planner, wanted: str, said: str) -> str:
    """Return a name no alignment has: the wanted one or none, else the file's or one like it."""
    taken = {info.name for info in planner.plans()}
    if wanted and wanted in taken:
        raise Refused(f"There is an alignment called {wanted!r} already. Choose another name.")
    return wanted or _other(said.strip()[:240] or "Plan", taken)


def _other(name: str, taken: Iterable[str]) -> str:
    """Return the name, or with a number when it is taken."""
    number, found, names = 2, name, set(taken)
    while found in names:
        found, number = f"{name} ({number})", number + 1
    return found
