"""What a link gives is kept by both engines, and known by every process, as is that it ended."""

from __future__ import annotations

import states

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.rights import Level, Role
from tp_geo.store import Store, open_store
from tp_geo.workflow import links, team
from tp_geo.workflow.planner import Planner

EVA = "eva@x.org"
WEST = AreaId(1)


def test_another_process_knows_what_a_link_gives_and_that_it_ended(
    store: Store, address: str
) -> None:
    states.keep(store)
    planner = Planner(store)
    plan = planner.create("P", states.NAME, by="ana", areas=["West", "East"])
    team.put_roles(planner, "ana", {Role.ADMINISTRATOR}, by="ana")
    token = links.new_link(plan, by="ana", level=Level.COMMENT, area=WEST).token
    other = open_store(address)
    try:
        assert not Planner(other).of(EVA).plans()
        links.join(other, token, by=EVA)
        for each in (store, other):
            (held,) = team.rights_of(each).links(EVA, plan.info.id)
            assert (held.area, held.level, held.maker) == (WEST, Level.COMMENT, "ana")
            assert [i.name for i in Planner(each).of(EVA).plans()] == ["P"]
        links.revoke_link(plan, 1, by="ana")
        assert not any(Planner(each).of(EVA).plans() for each in (store, other))
    finally:
        other.close()
