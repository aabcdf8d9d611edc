"""`.tpgeo`, the open plan format: a plan in one zip file, by code, readable by anyone.

``docs/plan-format.md`` describes it for those who write or read it elsewhere.
Reading refuses what is damaged, too new or too large, in words, and never
writes to the disk.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from tp_geo.domain.alignment import Area, AreaId, Profile
from tp_geo.domain.periods import period_of
from tp_geo.domain.shares import Overlap
from tp_geo.domain.signoff import Status
from tp_geo.errors import BadData, TpGeoError
from tp_geo.files.plan_areas import areas_from_json, areas_to_json, one_of
from tp_geo.files.plan_assignment import Place, assignment_from_csv, assignment_to_csv
from tp_geo.files.plan_figures import DATASET, ITEMS
from tp_geo.files.plan_json import Json, found, parsed, unparsed
from tp_geo.files.plan_log import (
    LogLine,
    Mark,
    log_from_json,
    log_to_json,
    marks_from_json,
    marks_to_json,
)
from tp_geo.files.plan_shares import Shared, shares_from_csv, shares_to_csv
from tp_geo.files.plan_talk import (
    Talk,
    areas_ever,
    challenges_from_json,
    challenges_to_json,
    comments_from_json,
    comments_to_json,
)

FORMAT, VERSION = "tpgeo", 1
SUFFIX = ".tpgeo"

MANIFEST, AREAS, ASSIGNMENT = "manifest.json", "areas.json", "assignment.csv"
LOG, SNAPSHOTS, SHARES = "log.jsonl", "snapshots.json", "shares.csv"
COMMENTS, CHALLENGES = "comments.json", "challenges.json"

MIB = 2**20
LARGEST: Mapping[str, int] = {
    MANIFEST: MIB,
    AREAS: 128 * MIB,
    ASSIGNMENT: 128 * MIB,
    SHARES: 128 * MIB,
    LOG: 512 * MIB,
    SNAPSHOTS: 16 * MIB,
    COMMENTS: 64 * MIB,
    CHALLENGES: 64 * MIB,
    DATASET: 16 * MIB,
    ITEMS: 512 * MIB,
}
"""What each part may be when unpacked; a million units take 40 MiB of assignment."""

MAX_PARTS = 100
MAX_RATIO = 500
"""An assignment of long runs shrinks to a hundredth; a bomb to a thousandth."""

_SMALL = 8 * MIB
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ENCRYPTED = 0x1

_Parts: TypeAlias = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a plan stands on. ``boundaries`` is their kind, ``layer`` the key of the set."""

    dataset: str
    key: str
    boundaries: str
    layer: str = ""
    title: str = ""
    vintage: str = ""
    containers: int = 0
    units: int = 0


@dataclass(frozen=True, slots=True)
class Tried:
    """What a scenario is one of, by id and name, at which revision; ``assumed`` is its text."""

    id: str
    of: str
    revision: int
    assumed: str


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan as a file holds it.

    ``profile`` is that of areas made later without their own. ``valid_from``
    and ``valid_until`` are days, "" where none is said.
    ``containers`` and ``units`` say where codes are entered; a container that
    is left out is unassigned, a unit that is left out follows. ``statuses``
    are written for readers: what was signed off is read from the log.
    ``scenario`` is there when it is one.
    ``shared`` are containers with further areas that hold them, which
    ``overlap`` has to allow. ``talk`` is what was said and asked of the plan.
    ``figures`` are the parts of the dataset's own figures, when the file carries them.
    """

    name: str
    ground: Ground
    areas: Mapping[AreaId, Area] = field(default_factory=dict)
    statuses: Mapping[AreaId, Status] = field(default_factory=dict)
    containers: Mapping[str, Place] = field(default_factory=dict)
    units: Mapping[str, Place] = field(default_factory=dict)
    log: tuple[LogLine, ...] = ()
    snapshots: tuple[Mark, ...] = ()
    note: str = ""
    profile: Profile = Profile.CONTIGUOUS
    valid_from: str = ""
    valid_until: str = ""
    scenario: Tried | None = None
    overlap: Overlap = Overlap.NONE
    shared: Shared = ()
    talk: Talk = field(default_factory=Talk)
    made: str = ""
    by: str = ""
    figures: Mapping[str, bytes] = field(default_factory=dict)


def dumps(plan: PlanFile) -> bytes:
    """Return a plan as the bytes of a ``.tpgeo`` file; the same plan gives the same bytes."""
    parts = {
        AREAS: areas_to_json(plan.areas, plan.statuses),
        ASSIGNMENT: assignment_to_csv(plan.containers, plan.units),
        LOG: log_to_json(plan.log),
        SNAPSHOTS: marks_to_json(plan.snapshots),
        **({SHARES: shares_to_csv(plan.shared)} if plan.shared else {}),
        **_talk_to_json(plan.talk),
        **plan.figures,
    }
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "name": plan.name,
        "note": plan.note,
        "profile": str(plan.profile),
        **({"overlap": str(plan.overlap)} if plan.overlap is not Overlap.NONE else {}),
        "made": plan.made,
        "by": plan.by,
        "dataset": {k: getattr(plan.ground, k) for k in Ground.__slots__},
        **_days_to_json(plan),
        **({"challenges_until": plan.talk.until} if plan.talk.until else {}),
        **({"scenario": _tried_to_json(plan.scenario)} if plan.scenario else {}),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()},
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in {MANIFEST: unparsed(manifest, indent=2), **parts}.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def loads(data: bytes) -> PlanFile:
    """Return the plan in the bytes of a ``.tpgeo`` file; raise ``BadData`` saying what is wrong."""
    parts = _unpacked(data)
    manifest = _manifest(parts)
    areas = areas_from_json(parts.get(AREAS, b"[]"), AREAS)
    containers, units = assignment_from_csv(parts.get(ASSIGNMENT, b""), ASSIGNMENT, areas.keys())
    ground = found(manifest, "dataset", dict, MANIFEST)
    days = _days_from(manifest)
    log = log_from_json(parts.get(LOG, b""), LOG)
    return PlanFile(
        name=found(manifest, "name", str, MANIFEST),
        ground=_ground_from(ground),
        areas=areas,
        containers=containers,
        units=units,
        log=log,
        snapshots=marks_from_json(parts.get(SNAPSHOTS, b"[]"), SNAPSHOTS),
        note=found(manifest, "note", str, MANIFEST, ""),
        profile=one_of(Profile, manifest, "profile", MANIFEST, Profile.CONTIGUOUS),
        valid_from=days[0],
        valid_until=days[1],
        scenario=_tried_from(manifest),
        overlap=one_of(Overlap, manifest, "overlap", MANIFEST, Overlap.NONE),
        shared=shares_from_csv(parts.get(SHARES, b""), SHARES, areas.keys()),
        talk=_talk_from(parts, manifest, areas, log),
        made=found(manifest, "made", str, MANIFEST, ""),
        by=found(manifest, "by", str, MANIFEST, ""),
        figures={k: parts[k] for k in (DATASET, ITEMS) if DATASET in parts and ITEMS in parts},
    )


def _tried_to_json(tried: Tried) -> Mapping[str, object]:
    return {name: getattr(tried, name) for name in Tried.__slots__}


def _tried_from(manifest: Mapping[str, Json]) -> Tried | None:
    if "scenario" not in manifest:
        return None
    said = found(manifest, "scenario", dict, MANIFEST)
    where = f"{MANIFEST}, scenario"
    return Tried(
        found(said, "id", str, where),
        found(said, "of", str, where),
        found(said, "revision", int, where),
        found(said, "assumed", str, where),
    )


def _talk_to_json(talk: Talk) -> _Parts:
    comments, challenges = comments_to_json(talk.comments), challenges_to_json(talk.challenges)
    return {
        **({COMMENTS: comments} if talk.comments else {}),
        **({CHALLENGES: challenges} if talk.challenges else {}),
    }


def _talk_from(
    parts: _Parts,
    manifest: Mapping[str, Json],
    areas: Mapping[AreaId, Area],
    log: Sequence[LogLine],
) -> Talk:
    known = areas_ever(areas, log) if COMMENTS in parts or CHALLENGES in parts else ()
    until = found(manifest, "challenges_until", str, MANIFEST, "")
    return Talk(
        comments_from_json(parts.get(COMMENTS, b"[]"), COMMENTS, known),
        challenges_from_json(parts.get(CHALLENGES, b"[]"), CHALLENGES, known, len(log)),
        _day(until, "challenges_until") if until else "",
    )


def _day(text: str, key: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise BadData(
            f"{MANIFEST}: {key!r} is {text[:40]!r}, not a day such as 2027-07-01."
        ) from error


def _days_to_json(plan: PlanFile) -> Mapping[str, str]:
    days = {"valid_from": plan.valid_from, "valid_until": plan.valid_until}
    return {name: day for name, day in days.items() if day}


def _days_from(manifest: Mapping[str, Json]) -> tuple[str, str]:
    """Return the first and the last day a plan is valid; raise ``BadData`` for what are none."""
    start, end = (
        found(manifest, name, str, MANIFEST, "") for name in ("valid_from", "valid_until")
    )
    try:
        period = period_of(start, end)
    except TpGeoError as error:
        raise BadData(f"{MANIFEST}, valid_from and valid_until: {error}") from error
    if period is None:
        return "", ""
    return period.start.isoformat(), period.end.isoformat() if period.end else ""


def _unpacked(data: bytes) -> _Parts:
    """Return the parts of the format that an archive holds; other members are not read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check(members)
            return {m.filename: _read(archive, m) for m in members if m.filename in LARGEST}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise BadData(
            f"The file can't be read as a plan: {str(error)[:120]}. "
            "It may be cut off or of another kind; export it again."
        ) from error
    except (RuntimeError, ValueError) as error:
        raise BadData(
            f"The file can't be read as a plan: {str(error)[:120]}. Export it again."
        ) from error


def _check(members: list[zipfile.ZipInfo]) -> None:
    names = [m.filename for m in members]
    if len(members) > MAX_PARTS:
        raise BadData(f"The file holds {len(members):,} parts; a plan has at most {MAX_PARTS}.")
    if twice := sorted({n for n in names if names.count(n) > 1}):
        raise BadData(f"The file holds {twice[0]!r} twice, so it is not clear which counts.")
    if MANIFEST not in names:
        raise BadData(f"The file has no {MANIFEST}, so it is no plan. Choose a {SUFFIX} file.")
    for member in members:
        if member.filename not in LARGEST:
            continue
        if member.flag_bits & _ENCRYPTED:
            raise BadData(f"{member.filename} is encrypted. Pack the plan without a password.")
        most = LARGEST[member.filename]
        bomb = member.file_size > max(_SMALL, MAX_RATIO * member.compress_size)
        if member.file_size > most or bomb:
            raise BadData(
                f"{member.filename} would unpack to {member.file_size / MIB:,.0f} MiB from "
                f"{member.compress_size / MIB:,.1f}; that is more than a plan has."
            )


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as part:
        data = part.read(member.file_size + 1)
    if len(data) != member.file_size:
        raise BadData(f"{member.filename} is not as long as it says. The file is damaged.")
    return data


def _manifest(parts: _Parts) -> Mapping[str, Json]:
    manifest = parsed(parts[MANIFEST], MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BadData(f'{MANIFEST} does not say "format": "{FORMAT}", so the file is no plan.')
    version = found(manifest, "version", int, MANIFEST)
    if version > VERSION:
        raise BadData(
            f"The plan has format {version}; this TP Geo reads up to {VERSION}. "
            "Update TP Geo to read it."
        )
    if version < 1:
        raise BadData(f"{MANIFEST} has version {version}; the first version is 1.")
    for name, digest in found(manifest, "files", dict, MANIFEST, {}).items():
        if name in LARGEST and name not in parts:
            raise BadData(f"{name} is missing. The file is damaged; export the plan again.")
        if name in parts and hashlib.sha256(parts[name]).hexdigest() != digest:
            raise BadData(
                f"{name} is not as it was written. The file is damaged; when {name} was changed "
                f'on purpose, take "files" out of {MANIFEST}.'
            )
    return manifest


def _ground_from(said: Mapping[str, Json]) -> Ground:
    where = f"{MANIFEST}, dataset"
    texts = ("dataset", "key", "boundaries", "layer", "title", "vintage")
    required = ("dataset", "boundaries")
    values = {k: found(said, k, str, where, *(() if k in required else ("",))) for k in texts}
    counts = {k: found(said, k, int, where, 0) for k in ("containers", "units")}
    return Ground(**values, **counts)
