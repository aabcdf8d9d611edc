"""The geographic profile of new areas: their own, else the default of their alignment."""

from __future__ import annotations

from dataclasses import replace

from tp_geo.domain.alignment import Profile
from tp_geo.domain.commands import Branch, Command, Split
from tp_geo.workflow.grouping import Group
from tp_geo.workflow.models import Adopt


def by_default(command: Command, profile: Profile) -> Command:
    """Return a command whose new areas have a profile where it names none.

    A model in which all areas are contiguous says nothing of profiles.
    """
    match command:
        case Branch(profile=None) | Split(profile=None) | Group(profile=None):
            return replace(command, profile=profile)
        case Adopt(model=model):
            areas = model.areas.values()
            if all(a.profile is Profile.CONTIGUOUS for a in areas):
                given = {a.id: replace(a, profile=profile) for a in areas}
                return replace(command, model=replace(model, areas=given))
    return command
