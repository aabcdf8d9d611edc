import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Base } from '../../tp_geo/ui/territory_map/model/base.js';
import { differenceOf, flowsOf } from '../../tp_geo/ui/territory_map/model/changed.js';
import { Facts } from '../../tp_geo/ui/territory_map/model/facts.js';
import { Tree } from '../../tp_geo/ui/territory_map/model/tree.js';
import { random } from './support.js';

const area = (id, parent = null, name = `A${id}`) =>
  ({ id, name, parent, level: 'Area', owner: null, color: '#888888', locked: false, targets: {} });
const planOf = (areas, current) => {
  const known = new Map(areas.map((a) => [a.id, a]));
  return { areas: known, tree: new Tree(known), current: Uint16Array.from(current) };
};
const baseOf = (areas, current, own = true) => new Base({ areas, corrections: {} }, Uint16Array.from(current), own);

/** 1 over 3 and 4; 2 alone. */
const AREAS = [area(1), area(2), area(3, 1), area(4, 1)];
const plan = planOf(AREAS, [3, 4, 2, 0, 3, 2]);
const base = baseOf([...AREAS, area(9)], [3, 3, 2, 2, 9, 0]);
const match = base.match(plan);
const GONE = match.as[9];

test('an area that is gone keeps its name and an id no other has', () => {
  assert.ok(!plan.areas.has(GONE));
  assert.equal(match.alone.get(GONE).name, 'A9');
  assert.deepEqual([...base.shown(match, 1)], [1, 1, 2, 2, GONE, 0]);
  assert.deepEqual([...base.shown(match, 2)], [3, 3, 2, 2, GONE, 0]);
});

test('areas of another plan are the same by the path of their names', () => {
  const other = baseOf([area(1, null, 'A2'), area(5, null, 'A1'), area(6, 5, 'A3'), area(7, 1, 'A3')], [1, 6, 7, 0, 5, 5], false);
  const found = other.match(plan);
  assert.deepEqual([1, 5, 6].map((id) => found.as[id]), [2, 1, 3]);
  assert.equal(found.alone.get(found.as[7]).name, 'A3');
  assert.deepEqual([...other.shown(found, 1)], [2, 1, 2, 0, 1, 1]);
});

test('the focus is told in the ids of the base, all of it where none of its areas was there', () => {
  const other = baseOf([area(5, null, 'A1')], [5, 5, 0, 0, 0, 0], false);
  const found = other.match(plan);
  assert.deepEqual(other.focus({ areas: [1], level: 2, unassigned: false }, found).areas, [5]);
  assert.equal(other.focus({ areas: [2], level: 2, unassigned: false }, found).areas, null);
});

test('a move inside an area is no change on its level', () => {
  const told = ({ flows, stayed }) => [stayed, ...flows.map(({ from, to, count }) => `${from}>${to} ${count}`)];
  assert.deepEqual(told(flowsOf(plan, base.shown(match, 1), 1)), [3, '2>0 1', `${GONE}>1 1`, '0>2 1']);
  assert.deepEqual(told(flowsOf(plan, base.shown(match, 2), 2)), [2, '2>0 1', '0>2 1', `${GONE}>3 1`, '3>4 1']);
});

test('what moved is summed by area on every level', () => {
  const facts = new Facts([{ name: 'm', label: 'M', unit: '', aggregate: 'sum', weight: null }],
    [Float32Array.from([1, 2, 4, 8, 16, 32])]);
  const found = differenceOf(base, plan, match, facts, 0, 2);
  assert.deepEqual([found.items, found.amount], [4, 2 + 8 + 16 + 32]);
  assert.deepEqual([...found.gained], [8, 16, 32, 16, 2]);
  assert.deepEqual([...found.lost], [32, 0, 8, 2, 0]);
});

test('what all areas gain is what all lose, for any two plans on the same areas', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const next = random(seed);
    const draw = () => Array.from({ length: 60 }, () => [0, 2, 3, 4][Math.floor(4 * next())]);
    const [was, now] = [baseOf(AREAS, draw()), planOf(AREAS, draw())];
    const found = differenceOf(was, now, was.match(now), new Facts([], []), -1, 2);
    const top = (of) => of[0] + of[1] + of[2];
    assert.equal(top(found.gained), top(found.lost));
    assert.equal(found.items, now.current.filter((leaf, i) => leaf !== was.current[i]).length);
    const { flows, stayed } = flowsOf(now, was.shown(was.match(now), 1), 1);
    assert.equal(stayed + flows.reduce((sum, f) => sum + f.count, 0), 60);
    for (const id of [1, 2, 3, 4]) assert.equal(count(now, id) - count(was, id), found.gained[id] - found.lost[id]);
  }
});

function count({ tree, current }, id) {
  return current.filter((leaf) => tree.ancestry(leaf).some((a) => a.id === id)).length;
}
