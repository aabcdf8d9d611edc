"""Areas from nothing: as equal as can be, and round within a band."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from benchmarks.optimize import instances, ours, peers
from benchmarks.optimize.asked import Asked
from benchmarks.optimize.evaluate import Quality, evaluate
from benchmarks.optimize.instances import Instance
from benchmarks.optimize.tables import QUALITY, Check, Goal, heading, quality_row
from tp_geo.optimize import BALANCE, BAND, Objective, solve

SHORT = Objective(tolerance=0.05, compactness=1.0, borders=3.0)
"""Within 5 % of the targets, with short borders."""
OURS = {"tight": BALANCE, "band": BAND, "short": SHORT}
CASES = {
    "zip33k": (10, 50, 250, 1000),
    "zip3k": (10, 50, 250),
    "counties": (10,),
}
QUICK = {"zip33k": (50, 250), "postal": (50,)}
PEERS = ("metis", "metis_recursive", "kahip", "mtkahypar", "flow")
TIGHT = {
    50: (0.5, 0.15, 141.0, 1.0),
    250: (1.0, None, 61.0, 1.5),
    1000: (5.0, 0.8, 30.7, 3.0),
}
"""Largest and mean deviation in %, radius in km, seconds."""
ROUND = {
    50: (3_780, 139.5, 0.44, 1.0),
    250: (9_250, 60.0, 0.54, 2.0),
    1000: (19_200, 30.0, 0.57, 3.0),
}
"""Cut edges, radius in km, Polsby-Popper, seconds."""


@dataclass(slots=True)
class Found:
    """A plan's figures, by whom, and the seconds it took."""

    quality: Quality
    seconds: float


Plans = dict[tuple[str, int, str], Found]


def run(asked: Asked) -> list[Goal]:
    """Print the plans and return the goals."""
    return Topic(asked).run()


@dataclass(slots=True)
class Topic:
    """The plans found so far."""

    asked: Asked
    plans: Plans = field(default_factory=dict)

    def run(self) -> list[Goal]:
        """Print the plans and return the goals."""
        heading("Design", "*km*: length of borders, *PP*: mean Polsby-Popper.")
        print("\n".join(QUALITY), flush=True)
        for name, sizes in self._cases().items():
            for areas in sizes:
                self._plans(instances.load(name), areas)
        return list(self._goals())

    def _cases(self) -> dict[str, list[int]]:
        cases = CASES if instances.available() else {"postal": CASES["zip33k"]}
        return {n: self.asked.sizes(full, QUICK.get(n, ())) for n, full in cases.items()}

    def _plans(self, instance: Instance, areas: int) -> None:
        ratio = self._calibrated(instance, areas)
        problem = ours.problem(instance, areas)
        for by, objective in OURS.items():
            if by == "short" and (instance.name, areas) != ("zip33k", 250):
                continue
            solution, seconds = ours.timed(lambda o=objective: solve(problem, objective=o))
            self._keep(
                instance, areas, by, evaluate(instance, solution.area_of, areas), seconds, ratio
            )
        for method in self._peers(instance, areas):
            try:
                done = peers.run(method, instance, areas)
            except peers.AbsentError as why:
                peers.tell_absent(str(why))
                continue
            quality = evaluate(instance, done.area_of, int(done.area_of.max()) + 1)
            self._keep(instance, areas, done.name, quality, done.seconds, ratio)

    def _peers(self, instance: Instance, areas: int) -> tuple[str, ...]:
        few = ("gerrychain",) if areas == 10 else ()
        small = ("recom", "ward") if instance.name == "zip3k" and areas <= 50 else ()
        return (*PEERS, *few, *small)

    def _calibrated(self, instance: Instance, areas: int) -> float | None:
        """Return the seconds METIS takes for 250 areas of the whole country at this minute."""
        try:
            whole = instances.load("zip33k") if instances.available() else instance
            return peers.run("metis", whole, 250).seconds
        except peers.AbsentError as why:
            peers.tell_absent(str(why))
            return None

    def _keep(
        self, instance: Instance, areas: int, by: str, q: Quality, seconds: float,
        calibrated: float | None,
    ) -> None:  # fmt: skip
        self.plans[instance.name, areas, by] = Found(q, seconds)
        ratio = seconds / calibrated if calibrated else None
        shown = f"**TP Geo {by}**" if by in OURS else by
        print(quality_row(instance.name, areas, shown, q, seconds, ratio), flush=True)

    def _goals(self) -> Iterator[Goal]:
        split = sum(f.quality.split for (_, _, by), f in self.plans.items() if by in OURS)
        told = (
            f"{n} {s}"
            for n in ("KaHIP eco", "Mt-KaHyPar", "METIS recursive", "OR-tools flow")
            if (s := self._split(n))
        )
        yield Goal("split areas, all plans", (Check("", split, 0),), ", ".join(told))
        for areas, goal in TIGHT.items():
            yield from self._tight(areas, *goal)
        for areas, goal in ROUND.items():
            yield from self._band(areas, *goal)
        yield from self._short()
        yield from self._flow()
        yield from self._trees()

    def _split(self, by: str) -> int:
        return sum(f.quality.split for (_, _, b), f in self.plans.items() if b == by)

    def _of(self, areas: int, by: str) -> Found | None:
        return self.plans.get(("zip33k", areas, by))

    def _tight(
        self, areas: int, largest: float, mean: float | None, radius: float, seconds: float
    ) -> Iterator[Goal]:
        if not (found := self._of(areas, "tight")):
            return
        q = found.quality
        checks = [Check("largest", 100 * q.largest, largest, " %")]
        if mean is not None:
            checks.append(Check("mean", 100 * q.mean, mean, " %"))
        checks.append(Check("R", q.radius, radius, " km", 1))
        checks.append(Check("", found.seconds, seconds, " s"))
        yield Goal(f"zip33k, {areas:,} areas, tight", tuple(checks), self._told(areas, _balance))

    def _band(
        self, areas: int, cut: int, radius: float, roundness: float, seconds: float
    ) -> Iterator[Goal]:
        if not (found := self._of(areas, "band")):
            return
        q = found.quality
        checks = (
            Check("in band", 100 * q.inside, 100, " %", 1, least=True),
            Check("cut", q.cut, cut, digits=0),
            Check("R", q.radius, radius, " km", 1),
            Check("PP", q.round_mean, roundness, least=True),
            Check("", found.seconds, seconds, " s"),
        )
        yield Goal(f"zip33k, {areas:,} areas, within 5 %", checks, self._told(areas, _shape))

    def _told(self, areas: int, said: Callable[[Found], str]) -> str:
        names = ("METIS", "Mt-KaHyPar", "OR-tools flow")
        return "; ".join(f"{n} {said(f)}" for n in names if (f := self._of(areas, n)))

    def _short(self) -> Iterator[Goal]:
        if not (found := self._of(250, "short")):
            return
        q = found.quality
        checks = (
            Check("borders", q.border, 69_000, " km", 0),
            Check("R", q.radius, 62, " km", 1),
            Check("split", q.split, 0),
            Check("in band", 100 * q.inside, 100, " %", 1, least=True),
        )
        peer = self._of(250, "Mt-KaHyPar")
        told = (
            f"Mt-KaHyPar {peer.quality.border:,.0f} km, {peer.quality.split} split" if peer else ""
        )
        yield Goal("zip33k, 250 areas, short borders", checks, told)

    def _flow(self) -> Iterator[Goal]:
        for areas in CASES["zip33k"]:
            mine, flow = self._of(areas, "tight"), self._of(areas, "OR-tools flow")
            if mine and flow:
                checks = (
                    Check("times faster", flow.seconds / mine.seconds, 8, "", 1, least=True),
                    Check("R", mine.quality.radius, round(flow.quality.radius, 1), " km", 1),
                )
                told = f"{flow.seconds:.1f} s, {flow.quality.split} split"
                yield Goal(f"against OR-tools flow, {areas:,} areas", checks, told)

    def _trees(self) -> Iterator[Goal]:
        mine, tree = self._of(10, "band"), self._of(10, "GerryChain tree")
        if not (mine and tree):
            return
        fewer = 100 * (1 - mine.quality.cut / tree.quality.cut)
        checks = (
            Check("times faster", tree.seconds / mine.seconds, 40, "", 0, least=True),
            Check("fewer cut edges", fewer, 40, " %", 0, least=True),
        )
        told = f"{tree.seconds:.0f} s, cut {tree.quality.cut:,}"
        yield Goal("against GerryChain tree, 10 areas", checks, told)


def _balance(found: Found) -> str:
    q = found.quality
    return f"{100 * q.largest:.1f} %, R {q.radius:.0f}, {q.split} split, {found.seconds:.1f} s"


def _shape(found: Found) -> str:
    q = found.quality
    return f"cut {q.cut:,}, R {q.radius:.0f}, {100 * q.inside:.0f} % in band"
