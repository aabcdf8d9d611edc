"""Several calls in one: Composite, and Composite Graph, each graph done whole or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from tp_geo.crm.org.calls import Answer, Call, resource_of
from tp_geo.crm.org.guards import SETUP
from tp_geo.crm.org.problems import ApiError, halted
from tp_geo.crm.org.records import Context
from tp_geo.crm.org.writing import mixed
from tp_geo.crm.schema import document

_REST: Final = {entry["name"]: entry for entry in document("limits")["rest"]}
_COMPOSITE: Final = _REST["Composite"]
_GRAPH: Final = _REST["Composite Graph"]
_REFERENCE: Final = re.compile(r"@\{([A-Za-z0-9_]+)((?:\.[A-Za-z0-9_]+|\[\d+\])*)\}")
_STEP: Final = re.compile(r"\.([A-Za-z0-9_]+)|\[(\d+)\]")
_NODE: Final = re.compile(r"^/services/data/v\d+\.\d/sobjects/(\w+)(?:/\w+){0,2}/?$")

Dispatch = Callable[[Call], Answer]


class Composite:
    """Subrequests, each answered like a call of its own."""

    def __init__(self, context: Context, dispatch: Dispatch) -> None:
        self._context = context
        self._dispatch = dispatch

    def composite(self, call: Call, version: str) -> Answer:
        """Answer a composite call."""
        told = call.mapping()
        requests = _requests(told.get("compositeRequest"))
        _check_composite(requests)
        whole = bool(told.get("allOrNone"))
        if whole:
            self._check_setup(requests)
        answers, failed = self._run(call, requests, whole=whole)
        return Answer(
            body={"compositeResponse": _responses(requests, answers, undone=whole and failed)}
        )

    def graph(self, call: Call, version: str) -> Answer:
        """Answer a call of graphs, each a transaction."""
        graphs = call.mapping().get("graphs")
        if not isinstance(graphs, list):
            raise ApiError("JSON_PARSER_ERROR", "graphs has to be a list.")
        _check_graphs(graphs)
        told: list[dict[str, Any]] = []
        for graph in graphs:
            failures = sum(not done["isSuccessful"] for done in told)
            told.append(
                self._one(call, graph, stopped=failures >= _GRAPH["graphFailuresBeforeHalt"])
            )
        return Answer(body={"graphs": told})

    def _one(self, call: Call, graph: Mapping[str, Any], *, stopped: bool) -> dict[str, Any]:
        requests = _requests(graph.get("compositeRequest"))
        _check_nodes(requests)
        if stopped:
            answers: list[Answer | None] = [None] * len(requests)
            failed = True
        else:
            self._check_setup(requests)
            if not self._context.settings.territory_graph and "Territory2" in _types(requests):
                raise ApiError("INVALID_TYPE", "Territory2 is not supported by Composite Graph.")
            answers, failed = self._run(call, requests, whole=True)
        responses = _responses(requests, answers, undone=failed)
        return {
            "graphId": graph.get("graphId"),
            "graphResponse": {"compositeResponse": responses},
            "isSuccessful": not failed,
        }

    def _run(
        self, call: Call, requests: Sequence[Mapping[str, Any]], *, whole: bool
    ) -> tuple[list[Answer | None], bool]:
        """Return an answer for each request, None where it was not made; whether one failed."""
        answers: list[Answer | None] = [None] * len(requests)
        results: dict[str, Any] = {}
        failed = False
        try:
            with self._context.state.step():
                for at in _in_order(requests):
                    request = requests[at]
                    answers[at] = self._subrequest(call, request, results)
                    if not _good(answers[at]):
                        failed = True
                        if whole:
                            raise halted()
                    else:
                        results[request["referenceId"]] = (answers[at] or Answer()).body
        except ApiError as error:
            if error.code != halted().code:
                raise
            self._context.touched.clear()
        return answers, failed

    def _subrequest(
        self, call: Call, request: Mapping[str, Any], results: Mapping[str, Any]
    ) -> Answer | None:
        if not set(_references(request)) <= set(results):
            return None
        request = _filled(request, results)
        url = urlsplit(request["url"])
        headers = {k.lower(): v for k, v in (request.get("httpHeaders") or {}).items()}
        body = json.dumps(request["body"]).encode() if request.get("body") is not None else b""
        return self._dispatch(
            replace(
                call,
                method=request["method"].upper(),
                path=url.path,
                query=dict(parse_qsl(url.query, keep_blank_values=True)),
                headers={**call.headers, **headers},
                body=body,
            )
        )

    def _check_setup(self, requests: Sequence[Mapping[str, Any]]) -> None:
        types = _types(requests)
        others = len(types - SETUP) > 0
        several = len(types) > 1 and self._context.settings.one_setup_type_per_transaction
        if types & SETUP and (others or several):
            raise mixed(types)


def _requests(told: Any) -> list[Mapping[str, Any]]:
    if not isinstance(told, list) or not all(isinstance(r, dict) for r in told):
        raise ApiError("JSON_PARSER_ERROR", "compositeRequest has to be a list of requests.")
    for request in told:
        for name in ("method", "url", "referenceId"):
            if not isinstance(request.get(name), str):
                raise ApiError("MISSING_ARGUMENT", f"Each subrequest needs a {name}.", name)
    names = [request["referenceId"] for request in told]
    if len(set(names)) < len(names):
        raise ApiError(
            "FIELD_INTEGRITY_EXCEPTION", "Each referenceId may stand only once.", "referenceId"
        )
    return told


def _check_composite(requests: Sequence[Mapping[str, Any]]) -> None:
    _check_most(len(requests), _COMPOSITE["subrequests"], "subrequests")
    heavy = [
        r
        for r in requests
        if resource_of(urlsplit(r["url"]).path).startswith(("composite", "query"))
    ]
    _check_most(
        len(heavy), _COMPOSITE["collectionsOrQueries"], "subrequests with collections or queries"
    )


def _check_graphs(graphs: Sequence[Any]) -> None:
    _check_most(len(graphs), _GRAPH["graphsPerPayload"], "graphs")
    nodes = [r for graph in graphs for r in _requests(graph.get("compositeRequest"))]
    _check_most(len(nodes), _GRAPH["nodesPerPayload"], "nodes")


def _check_nodes(requests: Sequence[Mapping[str, Any]]) -> None:
    for request in requests:
        if not _NODE.match(_REFERENCE.sub("id", urlsplit(request["url"]).path)):
            raise ApiError("INVALID_OPERATION", f"{request['url']} is not supported in a graph.")
    kinds = {(r["method"].upper(), resource_of(r["url"])) for r in requests}
    _check_most(len(kinds), _GRAPH["differentNodes"], "kinds of nodes")
    _check_most(_depth(requests), _GRAPH["depth"], "levels of nodes")


def _depth(requests: Sequence[Mapping[str, Any]]) -> int:
    deep: dict[str, int] = {}
    for at in _in_order(requests):
        request = requests[at]
        deep[request["referenceId"]] = 1 + max(
            (deep.get(n, 0) for n in _references(request)), default=0
        )
    return max(deep.values(), default=0)


def _check_most(count: int, most: int, what: str) -> None:
    if count > most:
        raise ApiError("LIMIT_EXCEEDED", f"A call takes at most {most} {what}, not {count}.")


def _in_order(requests: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the requests so that each comes after those it refers to, else as they stand."""
    places = {request["referenceId"]: at for at, request in enumerate(requests)}
    order: list[int] = []
    begun: set[int] = set()

    def visit(at: int) -> None:
        if at in begun:
            return
        begun.add(at)
        for name in _references(requests[at]):
            if name in places:
                visit(places[name])
        order.append(at)

    for at in range(len(requests)):
        visit(at)
    return order


def _types(requests: Sequence[Mapping[str, Any]]) -> set[str]:
    writes = [r for r in requests if r["method"].upper() != "GET"]
    found = {
        m[1] for r in writes if (m := _NODE.match(_REFERENCE.sub("id", urlsplit(r["url"]).path)))
    }
    for request in writes:
        records = (request.get("body") or {}).get("records") or ()
        found |= {(r.get("attributes") or {}).get("type", "") for r in records}
    return found - {""}


def _references(request: Mapping[str, Any]) -> list[str]:
    text = json.dumps([request["url"], request.get("body")])
    return [found[1] for found in _REFERENCE.finditer(text)]


def _filled(value: Any, results: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {k: _filled(v, results) for k, v in value.items()}
    if isinstance(value, list):
        return [_filled(v, results) for v in value]
    if not isinstance(value, str):
        return value
    return _REFERENCE.sub(lambda found: str(_referred(found, results)), value)


def _referred(found: re.Match[str], results: Mapping[str, Any]) -> Any:
    value = results.get(found[1])
    for step in _STEP.finditer(found[2]):
        try:
            value = value[int(step[2])] if step[2] else value[step[1]]  # type: ignore[index]
        except (KeyError, IndexError, TypeError) as error:
            raise ApiError(
                "PROCESSING_HALTED", f"Invalid reference specified: {found[0]}"
            ) from error
    return value


def _good(answer: Answer | None) -> bool:
    if answer is None or answer.status >= 300:
        return False
    results = answer.body if isinstance(answer.body, list) else []
    return all(not isinstance(r, dict) or r.get("success", True) for r in results)


def _responses(
    requests: Sequence[Mapping[str, Any]], answers: Sequence[Answer | None], *, undone: bool
) -> list[dict[str, Any]]:
    told = []
    for request, answer in zip(requests, answers, strict=True):
        shown = answer
        if shown is None or (undone and _good(shown)):
            shown = Answer(400, [halted().entry()])
        told.append(
            {
                "body": shown.body,
                "httpHeaders": dict(shown.headers),
                "httpStatusCode": shown.status,
                "referenceId": request["referenceId"],
            }
        )
    return told
