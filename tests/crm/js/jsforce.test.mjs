/**
 * jsforce, which was written against Salesforce and knows nothing of us, drives the simulated org.
 * The org's line (ORG) and address come by the environment.
 */

import assert from "node:assert/strict";
import { test } from "node:test";

import jsforce from "jsforce";

const told = JSON.parse(process.env.ORG);
const url = told.instance_url;
const RULE = "ObjectTerritory2AssignmentRule";
const ITEM = "ObjectTerritory2AssignmentRuleItem";

const connection = (options = {}) =>
  new jsforce.Connection({ instanceUrl: url, accessToken: told.access_token, version: "67.0", ...options });

const control = (method, path, body) =>
  fetch(url + path, { method, ...(body ? { body: JSON.stringify(body) } : {}) });

const conn = connection();
const made = {};

const ids = (results) => {
  for (const result of results) assert.ok(result.success, JSON.stringify(result));
  return results.map((result) => result.id);
};

test("signs in by client credentials", async () => {
  const other = new jsforce.Connection({
    oauth2: { loginUrl: url, clientId: told.client_id, clientSecret: told.client_secret },
    version: "67.0",
  });
  const user = await other.authorize({ grant_type: "client_credentials" });
  assert.equal(user.id.slice(0, 3), "005");
  const found = await other.query("SELECT Id, Username FROM User");
  assert.equal(found.records[0].Username, "admin@tp-geo.example");
});

test("is told why a secret is wrong", async () => {
  const other = new jsforce.Connection({
    oauth2: { loginUrl: url, clientId: told.client_id, clientSecret: "wrong" },
  });
  await assert.rejects(other.authorize({ grant_type: "client_credentials" }), /invalid client credentials/);
});

test("makes a model with 451 territories, in collections of 200", async () => {
  made.type = (await conn.sobject("Territory2Type").create({
    MasterLabel: "Sales", DeveloperName: "Sales", Priority: 1 })).id;
  made.model = (await conn.sobject("Territory2Model").create({ Name: "FY27", DeveloperName: "FY27" })).id;
  const territory = (name, parent) => ({
    Name: name, DeveloperName: name, Territory2ModelId: made.model, Territory2TypeId: made.type,
    AccountAccessLevel: "Edit", ...(parent ? { ParentTerritory2Id: parent } : {}),
  });
  made.top = (await conn.sobject("Territory2").create(territory("Top"))).id;
  await control("DELETE", "/__calls");
  const names = Array.from({ length: 450 }, (_, n) => `Area_${n}`);
  made.areas = ids(await conn.sobject("Territory2").create(
    names.map((name) => territory(name, made.top)), { allOrNone: true, allowRecursive: true }));
  assert.equal(made.areas.length, 450);
  assert.equal((await (await control("GET", "/__calls")).json()).write, 3);
});

test("is refused more than 200 records in a call", async () => {
  const records = Array.from({ length: 201 }, (_, n) => ({ Name: `A${n}` }));
  await assert.rejects(conn.sobject("Account").create(records), { errorCode: "EXCEEDED_ID_LIMIT" });
});

test("reads page after page", async () => {
  const query = conn.query("SELECT Id, Name, ParentTerritory2.Name FROM Territory2 ORDER BY Name", {
    autoFetch: true, maxFetch: 1000, headers: { "Sforce-Query-Options": "batchSize=200" } });
  const found = await query;
  assert.equal(found.totalSize ?? found.length, 451);
  const records = found.records ?? found;
  assert.equal(records.length, 451);
  assert.equal(records.at(0).ParentTerritory2.Name, "Top");
  assert.equal(records.at(-1).ParentTerritory2, null);
  assert.ok(conn.limitInfo.apiUsage.used > 0);
});

test("makes rules in the order that Salesforce forces", async () => {
  const rule = (name) => ({ MasterLabel: name, DeveloperName: name, ObjectType: "Account",
    IsActive: false, Territory2ModelId: made.model });
  made.rules = ids(await conn.sobject(RULE).create([rule("West"), rule("East")], { allOrNone: true }));
  const item = (rule, order, field, operation, value) => ({ RuleId: rule, SortOrder: order,
    Field: `Account.${field}`, Operation: operation, Value: value });
  ids(await conn.sobject(ITEM).create(made.rules.flatMap((rule, n) => [
    item(rule, 1, "BillingCountry", "equals", "United States,US"),
    item(rule, 2, "BillingPostalCode", "startsWith", n ? "10,11" : "94,95"),
    item(rule, 3, "BillingPostalCode", "startsWith", n ? "12" : "96"),
  ]), { allOrNone: true }));
  ids(await conn.sobject("RuleTerritory2Association").create(made.rules.map((rule, n) => ({
    RuleId: rule, Territory2Id: made.areas[n], IsInherited: false })), { allOrNone: true }));
  ids(await conn.sobject(RULE).update(made.rules.map((Id) => ({
    Id, BooleanFilter: "1 AND (2 OR 3)", IsActive: true })), { allOrNone: true }));
  const locked = await conn.sobject(ITEM).create([item(made.rules[0], 4, "Name", "equals", "x")]);
  assert.equal(locked[0].success, false);
  assert.equal(locked[0].errors[0].statusCode, "FIELD_INTEGRITY_EXCEPTION");
});

test("assigns users and forecasters", async () => {
  const user = (n) => ({ Username: `u${n}@org.example`, LastName: `U${n}`, Email: "u@org.example",
    Alias: `u${n}`, ProfileId: "00e5g0000000001AAA", IsActive: true });
  made.users = ids(await conn.sobject("User").create([user(1), user(2)]));
  ids(await conn.sobject("UserTerritory2Association").create(made.users.map((UserId, n) => ({
    UserId, Territory2Id: made.areas[n], RoleInTerritory2: "Owner" }))));
  await conn.sobject("Territory2").update({ Id: made.areas[0], ForecastUserId: made.users[0] });
  await assert.rejects(
    conn.sobject("Territory2").update({ Id: made.areas[0], ForecastUserId: made.users[1] }),
    { errorCode: "FIELD_INTEGRITY_EXCEPTION" });
});

test("reads the whole model back", async () => {
  const model = await conn.sobject("Territory2Model").retrieve(made.model);
  assert.equal(model.State, "Planning");
  const items = await conn.sobject(ITEM).find({ "Rule.Territory2ModelId": made.model }, "Field, Value, SortOrder");
  assert.equal(items.length, 6);
  const links = await conn.query("SELECT Rule.BooleanFilter, Territory2.Name FROM "
    + `RuleTerritory2Association WHERE Territory2.Territory2ModelId = '${made.model}'`);
  assert.deepEqual(links.records.map((r) => r.Rule.BooleanFilter), ["1 AND (2 OR 3)", "1 AND (2 OR 3)"]);
  assert.equal(await conn.sobject("Territory2").count({ ParentTerritory2Id: made.top }), 450);
  const some = await conn.sobject("Territory2").retrieve(made.areas.slice(0, 3));
  assert.deepEqual(some.map((r) => r.Name), ["Area_0", "Area_1", "Area_2"]);
});

test("is told in the shapes of Salesforce what is wrong", async () => {
  const again = { Name: "FY27", DeveloperName: "FY27" };
  await assert.rejects(conn.sobject("Territory2Model").create(again), { errorCode: "DUPLICATE_VALUE" });
  await assert.rejects(conn.query("SELECT Foo FROM Territory2"), { errorCode: "INVALID_FIELD" });
  await assert.rejects(conn.query("SELECT Id FRM Territory2"), { errorCode: "MALFORMED_QUERY" });
  await assert.rejects(conn.sobject("Territory2").retrieve("0MI5g0000000zzzAAA"), { errorCode: "NOT_FOUND" });
  await assert.rejects(conn.sobject("Nothing").describe(), { errorCode: "NOT_FOUND" });
  const [good, bad] = await conn.sobject("Account").create(
    [{ Name: "Good" }, { Name: "x".repeat(256) }], { allOrNone: true });
  assert.equal(good.errors[0].statusCode, "ALL_OR_NONE_OPERATION_ROLLED_BACK");
  assert.deepEqual([bad.errors[0].statusCode, bad.errors[0].fields], ["STRING_TOO_LONG", ["Name"]]);
});

test("describes what there is", async () => {
  const about = await conn.sobject("Territory2").describe();
  const parent = about.fields.find((f) => f.name === "ParentTerritory2Id");
  assert.deepEqual(parent.referenceTo, ["Territory2"]);
  const all = await conn.describeGlobal();
  assert.ok(all.sobjects.some((s) => s.name === "ObjectTerritory2Association"));
});

test("makes a tree by a graph, or nothing of it", async () => {
  const node = (referenceId, name, parent) => ({
    method: "POST", url: "/services/data/v67.0/sobjects/Territory2", referenceId,
    body: { Name: name, DeveloperName: name, Territory2ModelId: made.model,
      Territory2TypeId: made.type, ParentTerritory2Id: parent } });
  const graph = (compositeRequest) =>
    conn.requestPost("/composite/graph", { graphs: [{ graphId: "g", compositeRequest }] });
  const good = await graph([node("a", "Graph_A", made.top), node("b", "Graph_B", "@{a.id}")]);
  assert.equal(good.graphs[0].isSuccessful, true);
  const bad = await graph([node("a", "Graph_C", made.top), node("b", "Graph_A", "@{a.id}")]);
  assert.equal(bad.graphs[0].isSuccessful, false);
  assert.equal(await conn.sobject("Territory2").count({ Name: { $like: "Graph%" } }), 2);
});

test("loads and reads accounts in bulk, and the rules of an active model take them", async () => {
  await conn.sobject("Territory2Model").update({ Id: made.model, State: "Active" });
  while ((await conn.sobject("Territory2Model").retrieve(made.model)).State !== "Active") {
    await new Promise((done) => setTimeout(done, 100));
  }
  const input = Array.from({ length: 500 }, (_, n) => ({
    Name: `Account ${n}`, BillingCountry: "US", BillingPostalCode: n % 2 ? "94105-1234" : "12001" }));
  input.push({ Name: "", BillingCountry: "US", BillingPostalCode: "" });
  const results = await conn.bulk2.loadAndWaitForResults({ object: "Account", operation: "insert",
    input, pollInterval: 100, pollTimeout: 60000 });
  assert.equal(results.successfulResults.length, 500);
  assert.match(results.failedResults[0].sf__Error, /^REQUIRED_FIELD_MISSING/);
  const taken = await conn.query("SELECT Territory2Id, COUNT(Id) n FROM ObjectTerritory2Association "
    + "GROUP BY Territory2Id ORDER BY Territory2Id");
  assert.deepEqual(taken.records.map((r) => [r.Territory2Id, r.n]),
    [[made.areas[0], 250], [made.areas[1], 250]]);
  const rows = await (await conn.bulk2.query("SELECT Name, BillingPostalCode FROM Account",
    { pollInterval: 100, pollTimeout: 60000 })).toArray();
  assert.equal(rows.length, 500);
});

test("tries again when the service is busy, and is told when the session is over", async () => {
  await control("POST", "/__faults", { faults: ["unavailable:method=GET,times=2"] });
  assert.ok((await conn.query("SELECT Id FROM User")).totalSize > 0);
  await control("POST", "/__faults", { faults: ["expire"] });
  await assert.rejects(conn.query("SELECT Id FROM User"), { errorCode: "INVALID_SESSION_ID" });
});
