import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf } from '../../tp_geo/ui/territory_map/model/listing.js';
import { keep, recall } from '../../tp_geo/ui/territory_map/model/remembered.js';
import { Tree } from '../../tp_geo/ui/territory_map/model/tree.js';

const area = (id, parent = null, more = {}) => [id, { id, name: `A${id}`, parent, level: 'Area', owner: null, targets: {}, ...more }];

/** 1 over 3 and 4, 4 over 5 and 6; 2 is not divided. */
const tree = new Tree(new Map([area(1), area(2), area(3, 1), area(4, 1), area(5, 4), area(6, 4)]));
const plain = { value: null, down: true, grouped: true, folded: new Set() };
const all = { areas: null, level: 2, unassigned: true };
const told = (rows) => rows.map(({ id, group, depth }) => `${'  '.repeat(depth)}${id}${group ? '+' : ''}`);

test('areas stand below those they belong to; what is not divided stands for itself', () => {
  assert.deepEqual(told(rowsOf(tree, all, plain)), ['1+', '  3', '  4', '2', '0']);
  assert.deepEqual(told(rowsOf(tree, { ...all, level: 3 }, plain)), ['1+', '  3', '  4+', '    5', '    6', '2', '0']);
  assert.deepEqual(told(rowsOf(tree, { ...all, level: 1 }, plain)), ['1', '2', '0']);
});

test('a focus shows what lies in it, without itself', () => {
  assert.deepEqual(told(rowsOf(tree, { areas: [1], level: 2, unassigned: false }, plain)), ['3', '4']);
  assert.deepEqual(told(rowsOf(tree, { areas: [4, 1, 99], level: 3, unassigned: false }, plain)), ['3', '4+', '  5', '  6']);
  assert.deepEqual(told(rowsOf(tree, { areas: [2], level: 2, unassigned: false }, plain)), ['2']);
});

test('siblings are sorted among themselves; without groups all are; what has no value comes last', () => {
  const value = (id) => ({ 1: 5, 2: 9, 3: 1, 4: 7, 5: null, 6: 2 })[id];
  assert.deepEqual(told(rowsOf(tree, { ...all, level: 3 }, { ...plain, value })), ['2', '1+', '  4+', '    6', '    5', '  3', '0']);
  assert.deepEqual(told(rowsOf(tree, { ...all, level: 3 }, { ...plain, value, down: false, grouped: false })), ['3', '6', '2', '5', '0']);
});

test('a group that is folded hides its rows', () => {
  assert.deepEqual(told(rowsOf(tree, { ...all, level: 3 }, { ...plain, folded: new Set([4]) })), ['1+', '  3', '  4+', '2', '0']);
});

test('names are sorted as people count', () => {
  const names = new Tree(new Map([area(1, null, { name: 'R 10' }), area(2, null, { name: 'R 9' })]));
  const value = (id) => names.name(id);
  assert.deepEqual(told(rowsOf(names, { areas: null, level: 1, unassigned: false }, { ...plain, value, down: false })), ['2', '1']);
});

test('choices are remembered; what can\'t be read or kept is as it comes', () => {
  const kept = new Map();
  globalThis.localStorage = { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v) };
  keep('looks', { a: 1 });
  assert.deepEqual(recall('looks', { a: 0, b: 2 }), { a: 1, b: 2 });
  assert.equal(recall('nothing', 7), 7);
  kept.set('tp-geo:broken', '{');
  assert.deepEqual(recall('broken', { a: 0 }), { a: 0 });
  kept.set('tp-geo:other', '"text"');
  assert.deepEqual(recall('other', { a: 0 }), { a: 0 });
  globalThis.localStorage = { getItem: () => { throw new Error('full'); }, setItem: () => { throw new Error('full'); } };
  keep('looks', { a: 3 });
  assert.equal(recall('looks', 5), 5);
  delete globalThis.localStorage;
});
