import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Finder } from '../../tp_geo/ui/territory_map/model/finding.js';
import { rowsOf } from '../../tp_geo/ui/territory_map/model/listing.js';
import { keep, recall } from '../../tp_geo/ui/territory_map/model/remembered.js';
import { Tree } from '../../tp_geo/ui/territory_map/model/tree.js';
import { smallShapes } from './support.js';

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

test('a few letters find areas, owners, states, places and codes, the closest first', async () => {
  const { t } = await smallShapes();
  const areas = new Tree(new Map([
    area(1, null, { name: 'Upper Coast', owner: 'Cellini' }), area(2, 1, { name: 'Cello' }), area(3, null, { name: 'New Cell' }),
  ]));
  const finder = new Finder(t);
  const found = (text) => finder.find(text, { tree: areas }).map((hit) => `${hit.kind} ${hit.name}`);
  assert.deepEqual(found('upp'), ['area Upper Coast', 'state Upper']);
  assert.deepEqual(found('00003'), ['container 00003']);
  assert.deepEqual(found('cell').slice(0, 3), ['area Cello', 'owner Cellini', 'city Cell 0']);
  assert.ok(found('cell').includes('area New Cell'));
  assert.deepEqual(found('0000').length, 6, 'a few of each kind');
  assert.deepEqual(found('  '), []);
  assert.deepEqual(found('no such place'), []);
});

test('what is found says which containers are meant', async () => {
  const { t } = await smallShapes();
  const finder = new Finder(t);
  const [state] = finder.find('lower', { tree: new Tree(new Map()) });
  assert.deepEqual(state.items(), [0, 1, 2]);
  const [code] = finder.find('00010', { tree: new Tree(new Map()) });
  assert.deepEqual(code.items(), [10]);
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
