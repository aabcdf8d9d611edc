"""Many records in a call: collections, composite, graphs; all or none; one object of Setup."""

from __future__ import annotations

from typing import Any

import pytest


def area(model: str, kind: str, name: str, **more: Any) -> dict[str, Any]:
    values = {"Name": name, "DeveloperName": name, "Territory2ModelId": model}
    return {"attributes": {"type": "Territory2"}, **values, "Territory2TypeId": kind, **more}


def codes(results: list[dict[str, Any]]) -> list[str]:
    return ["" if r["success"] else r["errors"][0]["statusCode"] for r in results]


@pytest.fixture
def plan(org):
    return org, org.model(), org.type()


def post(org, records: list[dict[str, Any]], *, whole: bool = False) -> list[dict[str, Any]]:
    answer = org.ask("POST", "composite/sobjects", {"allOrNone": whole, "records": records})
    assert answer.status == 200, answer.body
    return list(answer.body)


def test_ids_come_back_in_the_order_of_the_records(plan) -> None:
    org, model, kind = plan
    made = post(org, [area(model, kind, f"A{n}") for n in range(200)], whole=True)
    found = org.query("SELECT Id, Name FROM Territory2 ORDER BY Id")
    assert [r["id"] for r in made] == [r["Id"] for r in found]
    assert [r["Name"] for r in found] == [f"A{n}" for n in range(200)]


def test_more_than_two_hundred_are_refused(plan) -> None:
    org, model, kind = plan
    records = [area(model, kind, f"A{n}") for n in range(201)]
    answer = org.ask("POST", "composite/sobjects", {"records": records})
    assert answer.status == 400
    assert answer.body[0]["errorCode"] == "EXCEEDED_ID_LIMIT"
    assert "record limit reached" in answer.body[0]["message"]


def test_without_all_or_none_what_is_right_is_kept(plan) -> None:
    org, model, kind = plan
    records = [area(model, kind, "A"), area(model, kind, "A"), area(model, kind, "B", Foo=1)]
    assert codes(post(org, records)) == ["", "DUPLICATE_VALUE", "INVALID_FIELD"]
    assert org.count("Territory2") == 1


def test_all_or_none_keeps_nothing_and_tells_the_guilty_from_the_others(plan) -> None:
    org, model, kind = plan
    results = post(org, [area(model, kind, "A"), area(model, kind, "A")], whole=True)
    assert codes(results) == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "DUPLICATE_VALUE"]
    assert set(results[1]) == {"success", "errors"}
    assert set(results[1]["errors"][0]) == {"statusCode", "message", "fields"}
    assert org.count("Territory2") == 0


def test_a_call_has_one_object_of_setup_and_nothing_beside_it(plan) -> None:
    org, model, kind = plan
    kinds = {"attributes": {"type": "Territory2Type"}, "MasterLabel": "x", "DeveloperName": "x"}
    account = {"attributes": {"type": "Account"}, "Name": "x"}
    opportunity = {"attributes": {"type": "Opportunity"}, "Name": "x", "StageName": "New"}
    for other in (kinds, account):
        body = {"records": [area(model, kind, "A"), other]}
        assert org.refused("POST", "composite/sobjects", body) == "MIXED_DML_OPERATION"
    results = post(org, [account, {**opportunity, "CloseDate": "2026-12-31"}])
    assert codes(results) == ["", ""]


def test_collections_change_read_and_delete(plan) -> None:
    org, model, kind = plan
    ids = [r["id"] for r in post(org, [area(model, kind, n) for n in "ABC"])]
    patch = [{"attributes": {"type": "Territory2"}, "id": i, "Description": "x"} for i in ids]
    del patch[2]["id"]
    body = {"records": patch}
    results = org.ask("PATCH", "composite/sobjects", body).body
    assert codes(results) == ["", "", "MISSING_ARGUMENT"]
    read = org.ask(
        "POST", "composite/sobjects/Territory2", {"ids": [*ids, model], "fields": ["Description"]}
    ).body
    assert [r and r["Description"] for r in read] == ["x", "x", None, None]
    results = org.ask("DELETE", "composite/sobjects", ids=",".join([*ids, ids[0]])).body
    assert codes(results) == ["", "", "", "ENTITY_IS_DELETED"]
    assert org.refused("DELETE", "composite/sobjects", ids=f"{model},{kind}") != ""


def request(at: str, method: str, url: str, body: Any = None) -> dict[str, Any]:
    told = {"method": method, "url": f"/services/data/v67.0/{url}", "referenceId": at}
    return told if body is None else {**told, "body": body}


def values(model: str, kind: str, name: str, parent: str | None = None) -> dict[str, Any]:
    told = area(model, kind, name, ParentTerritory2Id=parent)
    return {k: v for k, v in told.items() if k != "attributes"}


def test_a_graph_makes_a_tree_in_one_transaction_whatever_the_order(plan) -> None:
    org, model, kind = plan
    url = "sobjects/Territory2"
    nodes = [
        request("low", "POST", url, values(model, kind, "Low", "@{top.id}")),
        request("top", "POST", url, values(model, kind, "Top")),
    ]
    body = {"graphs": [{"graphId": "g", "compositeRequest": nodes}]}
    (graph,) = org.ask("POST", "composite/graph", body).body["graphs"]
    assert graph["graphId"] == "g" and graph["isSuccessful"]
    told = graph["graphResponse"]["compositeResponse"]
    assert [(t["referenceId"], t["httpStatusCode"]) for t in told] == [("low", 201), ("top", 201)]
    (low,) = org.query("SELECT ParentTerritory2.Name FROM Territory2 WHERE Name = 'Low'")
    assert low["ParentTerritory2"]["Name"] == "Top"


def test_a_graph_that_fails_is_undone_and_the_others_stay(plan) -> None:
    org, model, kind = plan
    url = "sobjects/Territory2"
    good = [request("a", "POST", url, values(model, kind, "A"))]
    bad = [
        request("b", "POST", url, values(model, kind, "B")),
        request("c", "POST", url, values(model, kind, "A")),
        request("d", "POST", url, values(model, kind, "D")),
    ]
    graphs = [{"graphId": str(n), "compositeRequest": g} for n, g in enumerate((good, bad))]
    first, second = org.ask("POST", "composite/graph", {"graphs": graphs}).body["graphs"]
    assert first["isSuccessful"] and not second["isSuccessful"]
    told = second["graphResponse"]["compositeResponse"]
    said = [t["body"][0]["errorCode"] for t in told]
    assert said == ["PROCESSING_HALTED", "DUPLICATE_VALUE", "PROCESSING_HALTED"]
    assert [t["httpStatusCode"] for t in told] == [400, 400, 400]
    assert org.count("Territory2") == 1


def test_a_graph_keeps_to_its_limits(plan) -> None:
    org, model, kind = plan

    def said(nodes: list[dict[str, Any]]) -> str:
        body = {"graphs": [{"graphId": "g", "compositeRequest": nodes}]}
        return str(org.refused("POST", "composite/graph", body))

    url = "sobjects/Territory2"
    many = [request(f"n{n}", "POST", url, values(model, kind, f"N{n}")) for n in range(501)]
    assert said(many) == "LIMIT_EXCEEDED"
    chain = [request("n0", "POST", url, values(model, kind, "N0"))]
    for n in range(1, 16):
        told = values(model, kind, f"N{n}", f"@{{n{n - 1}.id}}")
        chain.append(request(f"n{n}", "POST", url, told))
    assert said(chain) == "LIMIT_EXCEEDED"
    assert said([request("q", "GET", "query?q=SELECT+Id+FROM+User")]) == "INVALID_OPERATION"
    account = request("a", "POST", "sobjects/Account", {"Name": "x"})
    assert said([chain[0], account]) == "MIXED_DML_OPERATION"
    assert org.count("Territory2") == 0


def test_a_composite_goes_on_or_is_undone(plan) -> None:
    org, model, kind = plan
    url = "sobjects/Territory2"
    parts = [
        request("top", "POST", url, values(model, kind, "Top")),
        request("bad", "POST", url, values(model, kind, "Top")),
        request("low", "POST", url, values(model, kind, "Low", "@{top.id}")),
        request("lost", "POST", url, values(model, kind, "Lost", "@{bad.id}")),
    ]

    def run(whole: bool) -> list[int]:
        body = {"allOrNone": whole, "compositeRequest": parts}
        told = org.ask("POST", "composite", body).body["compositeResponse"]
        return [t["httpStatusCode"] for t in told]

    assert run(True) == [400] * 4
    assert org.count("Territory2") == 0
    assert run(False) == [201, 400, 201, 400]
    assert org.count("Territory2") == 2


def test_a_composite_reads_and_refers_to_what_it_read(plan) -> None:
    org, _, _ = plan
    parts = [
        request("found", "GET", "query?q=SELECT+Id,Name+FROM+User"),
        request("one", "GET", "sobjects/User/@{found.records[0].Id}?fields=Username"),
    ]
    told = org.ask("POST", "composite", {"compositeRequest": parts}).body["compositeResponse"]
    assert told[1]["body"]["Username"] == "admin@tp-geo.example"
    many = {"compositeRequest": [request(f"r{n}", "GET", "limits") for n in range(26)]}
    assert org.refused("POST", "composite", many) == "LIMIT_EXCEEDED"
