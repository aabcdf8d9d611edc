"""Zip archives from outside: checked by their directory, read member by member."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from tp_geo.errors import BadData

MAX_MEMBERS = 5_000
MAX_UNPACKED_BYTES = 4 * 2**30
MAX_RATIO = 250
"""Spreadsheets shrink to a hundredth at most; a bomb to a thousandth."""

_SMALL_BYTES = 20 * 2**20
_SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_NEEDED_PARTS = (".shp", ".shx", ".dbf")


def check_archive(path: Path, name: str) -> tuple[zipfile.ZipInfo, ...]:
    """Return the members of an archive that is safe to unpack in memory and time."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = tuple(archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as broken:
        raise BadData(f"{name} is a damaged archive ({broken}). Export it again.") from broken
    if len(members) > MAX_MEMBERS:
        raise BadData(f"{name} holds {len(members):,} files; at most {MAX_MEMBERS:,} are read.")
    _check_sizes(members, name)
    for member in members:
        _check_member(member, name)
    return members


def unpack_shapefile(path: Path, name: str, into: Path) -> Path:
    """Write the parts of the one shapefile in an archive under names of ours.

    Returns the ``.shp``; nothing else of the archive reaches the disk.
    """
    members = check_archive(path, name)
    shapes = [m for m in members if _suffix(m) == ".shp" and not _is_clutter(m)]
    if len(shapes) != 1:
        found = ", ".join(m.filename for m in shapes[:5]) or "none"
        raise BadData(f"{name} must hold exactly one .shp; it holds {found}. Zip one layer.")
    stem = shapes[0].filename[: -len(".shp")]
    parts = {_suffix(m): m for m in members if m.filename[: -len(_suffix(m))] == stem}
    check_parts(name, set(parts))
    with zipfile.ZipFile(path) as archive:
        for suffix in _SHAPEFILE_PARTS:
            if suffix in parts:
                _copy(archive, parts[suffix], into / f"unpacked{suffix}", name)
    return into / "unpacked.shp"


def find_parts(path: Path) -> dict[str, Path]:
    """Return the files beside a ``.shp`` that belong to it, by suffix in lower case."""
    found = {
        p.suffix.lower(): p
        for p in sorted(path.parent.iterdir())
        if p.stem == path.stem and p.suffix.lower() in _SHAPEFILE_PARTS and p.is_file()
    }
    check_parts(path.name, set(found))
    return found


def check_parts(name: str, suffixes: set[str]) -> None:
    """Raise ``BadData`` that names the parts a shapefile lacks."""
    if missing := [s for s in _NEEDED_PARTS if s not in suffixes]:
        raise BadData(
            f"{name} lacks {' and '.join(missing)}: a shapefile is several files. "
            "Put all of them beside each other, or in one zip."
        )


def _check_sizes(members: tuple[zipfile.ZipInfo, ...], name: str) -> None:
    unpacked = sum(m.file_size for m in members)
    packed = sum(m.compress_size for m in members)
    if unpacked > MAX_UNPACKED_BYTES:
        raise BadData(
            f"{name} unpacks to {unpacked / 2**30:,.1f} GB; at most "
            f"{MAX_UNPACKED_BYTES / 2**30:,.0f} GB are read. Split it."
        )
    if unpacked > _SMALL_BYTES and unpacked > MAX_RATIO * max(packed, 1):
        raise BadData(
            f"{name} unpacks to {unpacked // max(packed, 1):,} times its size, as only a zip bomb "
            "does. Export it again."
        )


def _check_member(member: zipfile.ZipInfo, name: str) -> None:
    at = PurePosixPath(member.filename)
    if at.is_absolute() or ".." in at.parts or "\\" in member.filename or ":" in member.filename:
        raise BadData(
            f"{name} holds a file named {member.filename[:80]!r}, which points outside the "
            "archive. Pack it again with plain names."
        )
    if member.flag_bits & 1:
        raise BadData(f"{name} is locked with a password. Save it without one.")


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, to: Path, name: str) -> None:
    try:
        with archive.open(member) as source, to.open("xb") as target:
            while block := source.read(2**20):
                target.write(block)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError) as broken:
        raise BadData(
            f"{member.filename} in {name} cannot be unpacked ({broken}). Zip it again."
        ) from broken


def _suffix(member: zipfile.ZipInfo) -> str:
    return PurePosixPath(member.filename).suffix.lower()


def _is_clutter(member: zipfile.ZipInfo) -> bool:
    """Tell what a Mac adds to an archive from what the user packed."""
    at = PurePosixPath(member.filename)
    return at.name.startswith("._") or "__MACOSX" in at.parts
