import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowsOf, GONE, shownThen } from '../../tp_geo/ui/territory_map/model/changed.js';
import { Tree } from '../../tp_geo/ui/territory_map/model/tree.js';

const area = (id, parent = null) => [id, { id, name: `A${id}`, parent, level: 'Area', owner: null, targets: {} }];

/** 1 over 3 and 4; 2 alone. */
const tree = new Tree(new Map([area(1), area(2), area(3, 1), area(4, 1)]));
const plan = { tree, current: Uint16Array.from([3, 4, 2, 0, 3, 2]) };
const base = Int32Array.from([3, 3, 2, 2, 9, 0]);

test('what an item showed then is told by the tree of now', () => {
  assert.deepEqual([...shownThen(plan, base, 1)], [1, 1, 2, 2, GONE, 0]);
  assert.deepEqual([...shownThen(plan, base, 2)], [3, 3, 2, 2, GONE, 0]);
});

test('a move inside an area is no change on its level', () => {
  const told = ({ flows, stayed }) => [stayed, ...flows.map(({ from, to, count }) => `${from}>${to} ${count}`)];
  assert.deepEqual(told(flowsOf(plan, shownThen(plan, base, 1), 1)), [3, '2>0 1', `${GONE}>1 1`, '0>2 1']);
  assert.deepEqual(told(flowsOf(plan, shownThen(plan, base, 2), 2)), [2, '2>0 1', '0>2 1', `${GONE}>3 1`, '3>4 1']);
});

test('every item stayed or flowed, once', () => {
  const { flows, stayed } = flowsOf(plan, shownThen(plan, base, 2), 2);
  assert.equal(stayed + flows.reduce((sum, f) => sum + f.count, 0), base.length);
});
