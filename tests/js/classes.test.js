import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breaksOf, classOf, tidy } from '../../tp_geo/ui/territory_map/model/classes.js';
import { containerClasses, deviationClasses, ownersOf, parentsShown } from '../../tp_geo/ui/territory_map/model/coloring.js';
import { Facts } from '../../tp_geo/ui/territory_map/model/facts.js';
import { Plan } from '../../tp_geo/ui/territory_map/model/plan.js';
import { Tree } from '../../tp_geo/ui/territory_map/model/tree.js';
import { rangeText } from '../../tp_geo/ui/territory_map/view/color-key.js';
import { random } from './support.js';

const counts = (values, breaks) => {
  const found = new Array(breaks.length + 1).fill(0);
  for (const v of values) found[classOf(v, breaks)]++;
  return found;
};

test('quantiles hold about as many values each', () => {
  const next = random(3);
  const values = Array.from({ length: 5000 }, () => Math.exp(6 * next()));
  for (const count of [3, 5, 9]) {
    const found = counts(values, breaksOf(values, 'quantiles', count));
    assert.equal(found.length, count);
    for (const n of found) assert.ok(Math.abs(n - 5000 / count) < 0.25 * (5000 / count), `${found}`);
  }
});

test('natural breaks lie in the gaps', () => {
  const values = [1, 2, 3, 100, 101, 102, 1000, 1001];
  const breaks = breaksOf(values, 'natural', 3);
  assert.deepEqual(counts(values, breaks), [3, 3, 2]);
});

test('the highest value alone is a class too, however limits are rounded', () => {
  const values = [...Array.from({ length: 900 }, (_, i) => i * 0.7), 60_123.4567];
  assert.deepEqual(counts(values, breaksOf(values, 'natural', 2)), [900, 1]);
});

test('natural breaks are the best there are', () => {
  const next = random(11);
  const values = Float64Array.from({ length: 12 }, () => Math.round(100 * next() ** 3)).sort();
  const cost = (groups) => groups.reduce((sum, g) => {
    const mean = g.reduce((a, b) => a + b, 0) / g.length;
    return sum + g.reduce((a, b) => a + (b - mean) ** 2, 0);
  }, 0);
  const cut = (ends) => [values.slice(0, ends[0]), values.slice(ends[0], ends[1]), values.slice(ends[1])];
  let best = Infinity;
  for (let a = 1; a < 11; a++) for (let b = a + 1; b < 12; b++) best = Math.min(best, cost(cut([a, b])));
  const breaks = breaksOf(values, 'natural', 3);
  const ends = breaks.map((limit) => values.findIndex((v) => v >= limit));
  assert.ok(cost(cut(ends)) <= best + 1e-9, `${breaks}`);
});

test('equal steps are equal, and limits are short to read', () => {
  assert.deepEqual(breaksOf([0, 100], 'equal', 5), [20, 40, 60, 80]);
  for (const limit of breaksOf(Array.from({ length: 999 }, (_, i) => i * 1.2345678), 'quantiles', 4)) {
    assert.ok(String(limit).length <= 4, `${limit}`);
  }
});

test('values that repeat or are missing leave fewer classes, never empty ones by mistake', () => {
  assert.deepEqual(breaksOf([], 'quantiles', 5), []);
  assert.deepEqual(breaksOf([NaN, NaN], 'natural', 5), []);
  for (const method of ['quantiles', 'natural', 'equal']) assert.deepEqual(breaksOf([7, 7, 7], method, 5), [], method);
  const mostlyZero = [...new Array(90).fill(0), ...Array.from({ length: 10 }, (_, i) => i + 1)];
  for (const method of ['quantiles', 'natural', 'equal']) {
    const breaks = breaksOf(mostlyZero, method, 5);
    assert.deepEqual(breaks, tidy(breaks));
    for (const n of counts(mostlyZero, breaks)) assert.ok(n > 0, method);
  }
});

test('limits by hand are put in order, once each', () => {
  assert.deepEqual(tidy([5, 1, 5, NaN, 3]), [1, 3, 5]);
  assert.equal(classOf(3, [1, 3, 5]), 2, 'a value on a limit lies above it');
});

test('classes are told in words', () => {
  const words = (v) => String(v);
  assert.deepEqual([0, 1, 2].map((i) => rangeText([1, 5], i, words)), ['Under 1', '1 to 5', '5 and more']);
  assert.equal(rangeText([], 0, words), 'All');
});

const area = (id, parent = null, more = {}) =>
  [id, { id, name: `A${id}`, parent, level: 'Area', color: '#000000', locked: false, owner: null, targets: {}, status: 'draft', ...more }];

function subject(areas, current, values) {
  const plan = new Plan('p', current.length);
  plan.areas = new Map(areas);
  plan.tree = new Tree(plan.areas);
  plan.current = Uint16Array.from(current);
  const measures = [{ name: 'pop', label: 'Population', unit: '', aggregate: 'sum', weight: null }];
  const facts = new Facts(measures, [Float32Array.from(values)]);
  const km2 = new Float32Array(current.length).fill(2);
  return { plan, facts, measure: 0, km2, level: 1, tolerance: 0.05, totals: () => facts.totals(plan, 0) };
}

test('areas are classed by how far off target they are; those without a target are counted apart', () => {
  const areas = [area(1, null, { targets: { pop: 100 } }), area(2, null, { targets: { pop: 100 } }), area(3)];
  const found = deviationClasses(subject(areas, [1, 2, 3], [100, 140, 5]), { method: 'quantiles', count: 5, hand: [] });
  assert.deepEqual(found.breaks, [-0.25, -0.1, -0.05, 0.05, 0.1, 0.25]);
  assert.deepEqual(found.counts, [0, 0, 0, 1, 0, 0, 1]);
  assert.equal(found.unknown, 1);
  assert.deepEqual([1, 2, 3].map(found.of), [3, 6, -1]);
});

test('density is the measure over the land; what is not known stays out', () => {
  const found = containerClasses(subject([area(1)], [1, 1, 0], [4, 10, NaN]), 'density', { method: 'hand', count: 5, hand: [3] });
  assert.deepEqual([0, 1, 2].map(found.of), [0, 1, -1]);
  assert.deepEqual([found.counts, found.unknown], [[1, 1], 1]);
});

test('an area without an owner has that of the nearest above it', () => {
  const { plan } = subject([area(1, null, { owner: 'Ana' }), area(2, 1), area(3, 2, { owner: 'Bo' }), area(4)], [3], [1]);
  assert.deepEqual(ownersOf(plan), [null, 'Ana', 'Ana', 'Bo', null]);
  assert.deepEqual([...parentsShown(plan, 2)], [0, 1, 1, 1, 4]);
  assert.deepEqual([...parentsShown(plan, 3)], [0, 1, 2, 2, 4]);
});
