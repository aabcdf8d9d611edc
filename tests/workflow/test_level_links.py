"""Links that give more than reading: to whom, how far, until when, and every way round it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import states
from hypothesis import given, settings
from hypothesis import strategies as st
from writing import ANA

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Change, Move
from tp_geo.domain.reader import READ_ONLY
from tp_geo.domain.rights import Action, Level, Linked, Rights, Role
from tp_geo.errors import Refused
from tp_geo.store import AlignmentInfo, Grant, Store
from tp_geo.workflow import clock, comments, kept_links, links, signoff, team
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

EVA, BOB, LEA = "eva@x.org", "bob@x.org", "lea@x.org"
WEST, EAST = AreaId(1), AreaId(2)


@pytest.fixture
def desk(plan: Plan) -> Plan:
    """P of Ana's with CA in West and NY in East; Eva is a branch owner, Lea a planner with all."""
    whole = Planner(plan.store)
    plan.ask(Move(plan.dataset.positions(["CA"]), WEST), by=ANA)
    plan.ask(Move(plan.dataset.positions(["NY"]), EAST), by=ANA)
    team.put_roles(whole, ANA, {Role.ADMINISTRATOR}, by=ANA)
    team.put_roles(whole, EVA, {Role.BRANCH_OWNER}, by=ANA)
    team.put_roles(whole, LEA, {Role.PLANNER}, by=ANA)
    team.share(plan, LEA, Level.EDIT, by=ANA)
    return plan


def came(
    plan: Plan,
    level: Level,
    area: AreaId | None = None,
    *,
    person: str = EVA,
    maker: str = ANA,
) -> tuple[Plan, str]:
    """Return the plan as somebody has it who opened a new link, and the link's token."""
    store = plan.store
    made = Planner(store).of(maker).open("P")
    token = links.new_link(made, by=maker, level=level, area=area).token
    links.join(store, token, by=person)
    return Planner(store).of(person).open("P"), token


def rename(plan: Plan, area: AreaId, *, by: str = EVA) -> None:
    plan.ask(Change(area, {"name": f"{plan.alignment.name(area)}x"}), by=by)


def test_who_signs_in_edits_the_area_of_the_link_and_no_other(desk: Plan) -> None:
    seen, _ = came(desk, Level.EDIT, WEST)
    rename(seen, WEST)
    with pytest.raises(Refused, match="East"):
        rename(seen, EAST)
    assert seen.history()[-1].by == EVA


def test_a_link_to_comment_takes_comments_and_no_edit(desk: Plan) -> None:
    seen, _ = came(desk, Level.COMMENT)
    comments.comment(seen, "why?", by=EVA, area=WEST)
    with pytest.raises(Refused, match="not shared with you to edit"):
        rename(seen, WEST)


def test_whoever_has_only_a_link_without_signing_in_reads_whatever_it_gives(desk: Plan) -> None:
    token = links.new_link(desk, by=ANA, level=Level.EDIT).token
    found = links.opened(desk.store, token)
    seen = Planner(desk.store).reading(found.info.id, maker=found.link.by).open("P")
    with pytest.raises(Refused, match=READ_ONLY):
        rename(seen, WEST, by="guest")
    assert desk.store.grants() == Planner(desk.store).store.grants()


def test_what_a_link_gave_ends_with_it_at_once(desk: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, token = came(desk, Level.EDIT, WEST)
    links.revoke_link(desk, 1, by=ANA)
    with pytest.raises(Refused):
        rename(seen, WEST)
    with pytest.raises(Refused, match="no alignment called"):
        Planner(desk.store).of(EVA).open("P")
    with pytest.raises(Refused, match="was revoked"):
        links.join(desk.store, token, by=EVA)
    until = clock.today()
    second = links.new_link(desk, by=ANA, level=Level.EDIT, area=WEST, until=until)
    links.join(desk.store, second.token, by=EVA)
    seen = Planner(desk.store).of(EVA).open("P")
    rename(seen, WEST)
    monkeypatch.setattr(clock, "today", lambda: until + timedelta(days=1))
    with pytest.raises(Refused):
        rename(seen, WEST)


def test_an_alignment_in_the_archive_is_nobodys_by_a_link(desk: Plan) -> None:
    came(desk, Level.EDIT, WEST)
    Planner(desk.store).archive(desk)
    with pytest.raises(Refused):
        Planner(desk.store).of(EVA).open(desk.info.id)


@pytest.mark.parametrize("taken", ["role", "share"])
def test_a_link_gives_nothing_once_its_maker_may_not(desk: Plan, taken: str) -> None:
    seen, token = came(desk, Level.EDIT, WEST, maker=LEA)
    rename(seen, WEST)
    whole = Planner(desk.store)
    if taken == "role":
        team.put_roles(whole, LEA, set(), by=ANA)
    else:
        team.share(desk, LEA, Level.COMMENT, by=ANA)
    with pytest.raises(Refused):
        rename(seen, WEST)
    for come in (
        lambda: links.opened(desk.store, token),
        lambda: links.join(desk.store, token, by=BOB),
    ):
        with pytest.raises(Refused, match="opens nothing any more: lea"):
            come()
    team.put_roles(whole, LEA, {Role.PLANNER}, by=ANA)
    team.share(desk, LEA, Level.EDIT, by=ANA)
    rename(seen, WEST)


@pytest.mark.parametrize(
    ("level", "area"), [(Level.COMMENT, None), (Level.EDIT, None), (Level.EDIT, WEST)]
)
def test_a_role_stays_what_it_is(desk: Plan, level: Level, area: AreaId | None) -> None:
    """Somebody without a role comments, whatever they were given; nobody publishes or manages."""
    seen, _ = came(desk, level, area, person=BOB)
    comments.comment(seen, "why?", by=BOB, area=WEST)
    with pytest.raises(Refused, match="takes the role"):
        rename(seen, WEST, by=BOB)
    for action in (Action.PUBLISH, Action.REVIEW, Action.MANAGE, Action.SHARE, Action.CREATE):
        assert not seen.actor.may(action, seen.info)
    with pytest.raises(Refused, match="takes the role reviewer"):
        signoff.submit(desk, WEST, by=ANA)
        signoff.approve(seen, WEST, by=BOB)


def test_what_one_has_by_a_link_is_not_handed_on(desk: Plan) -> None:
    team.put_roles(Planner(desk.store), EVA, {Role.PLANNER}, by=ANA)
    seen, _ = came(desk, Level.EDIT)
    rename(seen, EAST)
    planner = Planner(desk.store).of(EVA)
    tries = (
        lambda: team.share(seen, EVA, Level.EDIT, by=EVA),
        lambda: team.share(seen, BOB, Level.VIEW, area=WEST, by=EVA),
        lambda: links.new_link(seen, by=EVA),
        lambda: links.revoke_link(seen, 1, by=EVA),
        lambda: planner.rename(seen, "Mine"),
        lambda: planner.archive(seen),
        lambda: planner.store.put_grants(
            [Grant(EVA, f"alignment:{seen.info.id}", "edit", EVA, "now")]
        ),
    )
    for attempt in tries:
        with pytest.raises(Refused, match="You may not"):
            attempt()
    links.revoke_link(desk, 1, by=ANA)
    with pytest.raises(Refused, match="no alignment called"):
        Planner(desk.store).of(EVA).open("P")


def test_a_link_never_lowers_what_somebody_has(desk: Plan) -> None:
    team.share(desk, EVA, Level.EDIT, area=WEST, by=ANA)
    seen, _ = came(desk, Level.VIEW)
    rename(seen, WEST)
    links.revoke_link(desk, 1, by=ANA)
    rename(seen, WEST)


def test_nobody_says_for_themselves_that_they_opened_a_link(desk: Plan) -> None:
    made = links.new_link(desk, by=ANA, level=Level.EDIT)
    claim = Grant(EVA, made.link.object(desk.info.id), links.OPENED, EVA, "now")
    with pytest.raises(Refused):
        Planner(desk.store).of(EVA).store.put_grants([claim])


@pytest.mark.parametrize("wrong", ["", "x", "1.1.1", "{0}.1.", "{0}.1.no", "{0}.2.{1}"])
def test_forged_tokens_give_nothing(desk: Plan, wrong: str) -> None:
    token = links.new_link(desk, by=ANA, level=Level.EDIT).token
    with pytest.raises(Refused, match="opens nothing"):
        links.join(desk.store, wrong.format(desk.info.id, token.rpartition(".")[2]), by=EVA)
    assert not Planner(desk.store).of(EVA).plans()


def test_a_number_that_another_link_has_now_gives_nothing(desk: Plan) -> None:
    """Two processes that make a link at once can give both one number: the last is kept."""
    came(desk, Level.EDIT, WEST)
    link = replace(links.links(desk)[0], digest="0" * 64)
    kept_links.keep_link(desk.store, desk.info.id, link)
    assert not Planner(desk.store).of(EVA).plans()


@pytest.mark.parametrize("name", ["link:", "link:p", "link:{}:x:y", "link:{}:1", "link:{}:1:no"])
def test_a_grant_that_names_no_link_gives_nothing_and_harms_nobody(desk: Plan, name: str) -> None:
    links.new_link(desk, by=ANA, level=Level.EDIT)
    claim = Grant(EVA, name.format(desk.info.id), links.OPENED, EVA, "now")
    desk.store.put_grants([claim])
    assert not Planner(desk.store).of(EVA).plans()
    assert Planner(desk.store).of(LEA).plans()


def test_links_of_before_open_the_whole_to_be_read(desk: Plan) -> None:
    came(desk, Level.EDIT)
    key = f"link:{desk.info.id}:1"
    kept = desk.store.setting(key)
    assert kept is not None
    desk.store.put_setting(key, kept.replace(', "level": "edit", "area": null', ""))
    seen = Planner(desk.store).of(EVA).open("P")
    assert links.links(desk)[0].level is Level.VIEW
    with pytest.raises(Refused, match="not shared with you to edit"):
        rename(seen, WEST)


def test_hidden_measures_stay_hidden_from_guests_and_from_who_signs_in(desk: Plan) -> None:
    whole = Planner(desk.store)
    team.hide(whole, states.NAME, "revenue", ["guest"], by=ANA)
    team.hide(whole, states.NAME, "people", ["planner", "branch-owner"], by=ANA)
    token = links.new_link(whole.of(LEA).open("P"), by=LEA).token
    found = links.opened(desk.store, token)
    reading = whole.reading(found.info.id, maker=found.link.by).open("P")
    assert not {m.name for m in reading.dataset.measures} & {"revenue", "people"}
    seen, _ = came(desk, Level.EDIT, WEST)
    names = {m.name for m in seen.dataset.measures}
    assert "revenue" in names
    assert "people" not in names


def test_the_dataset_of_an_alignment_comes_along_and_no_other(desk: Plan) -> None:
    came(desk, Level.VIEW)
    planner = Planner(desk.store).of(EVA)
    assert [i.name for i in planner.store.datasets()] == [states.NAME]
    links.revoke_link(desk, 1, by=ANA)
    assert planner.store.datasets() == ()


INFO = AlignmentInfo("p", "P", "d", "k", ANA, "now")
LEVELS = st.sampled_from(Level)
AREAS = st.sampled_from([None, WEST, EAST])
ROLES = st.frozensets(st.sampled_from([r for r in Role if r is not Role.ADMINISTRATOR]))
BY_NAME = st.tuples(AREAS, LEVELS)


@settings(deadline=None)
@given(ROLES, st.lists(BY_NAME, max_size=3), st.lists(BY_NAME, max_size=3))
def test_links_give_what_sharing_gives_but_not_to_hand_on(
    roles: frozenset[Role], named: list[tuple[AreaId | None, Level]],
    linked: list[tuple[AreaId | None, Level]],
) -> None:  # fmt: skip
    """With links one may all that one may without, and no more than if all were by name."""

    def grant(area: AreaId | None, level: Level) -> Grant:
        return Grant(EVA, "alignment:p" if area is None else f"area:p:{area}", level, ANA, "now")

    base = [Grant(ANA, "team", "administrator", ANA, "now")]
    base += [Grant(EVA, "team", ",".join(sorted(roles)), ANA, "now")]
    own = [grant(*each) for each in named]
    held = tuple(Linked(EVA, "p", area, level, 1, ANA) for area, level in linked)
    alone = Rights((*base, *own)).actor(EVA)
    with_links = Rights((*base, *own), linked=held).actor(EVA)
    best: dict[str, Grant] = {}
    for each in (*own[-9:], *(grant(*k) for k in linked)):
        had = best.get(each.object)
        if had is None or Level(had.level).rank < Level(each.level).rank:
            best[each.object] = each
    by_name = Rights((*base, *best.values())).actor(EVA)
    for action in Action:
        assert alone.may(action, INFO) <= with_links.may(action, INFO)
        if len({g.object for g in own}) == len(own):
            assert with_links.may(action, INFO) <= by_name.may(action, INFO)
    for action in (Action.MANAGE, Action.SHARE):
        assert alone.may(action, INFO) == with_links.may(action, INFO)


def test_a_link_is_kept_alike_on_every_engine(desk: Plan, store: Store) -> None:
    seen, _ = came(desk, Level.COMMENT, WEST)
    found = links.links(desk)[0]
    assert (found.level, found.area) == (Level.COMMENT, WEST)
    assert [k.area for k in team.rights_of(store).links(EVA, seen.info.id)] == [WEST]
