import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { test } from 'node:test';
import { decodeView, figureOf, gathered, viewName } from '../../tp_geo/ui/territory_map/model/points.js';
import { blobOf, giveUp, missing, offer } from '../../tp_geo/ui/territory_map/wire/blobs.js';

const one = (x, y, count, sum = count, more = {}) => ({ x, y, count, sum, weight: NaN, name: '', ...more });
const total = (clusters, of) => clusters.reduce((all, c) => all + c[of], 0);

/** The same numbers in every run. */
function numbers(seed) {
  let state = seed;
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
}

test('a view is named by whole blocks of the level whose cells suit the zoom', () => {
  const whole = { view: [-500, 10, 131071, 99000], k: 0.005 };
  assert.equal(viewName('points-ab', 2, whole), 'points-ab-2-13-0-0-1-1');
  assert.equal(viewName('points-ab', 0, { view: [1000, 2000, 1100, 2063], k: 13 }), 'points-ab-0-1-62-125-68-128');
  assert.equal(viewName('points-ab', 0, { view: [8, 8, 9, 15], k: 500 }), 'points-ab-0-0-1-1-1-1');
  assert.equal(viewName('points-ab', 0, { view: [9e9, 9e9, 9e9, 9e9], k: 1e-6 }), 'points-ab-0-13-1-1-1-1');
});

test('clusters that lie near a larger one go into it, and nothing is lost or doubled', () => {
  const next = numbers(7);
  for (const reach of [1, 20, 300]) {
    const all = Array.from({ length: 800 }, () => one(next() * 1000, next() * 700, 1 + Math.floor(next() ** 8 * 5000)));
    const found = gathered(all, reach);
    assert.equal(total(found, 'count'), total(all, 'count'));
    assert.equal(total(found, 'sum'), total(all, 'sum'));
    assert.ok(found.length <= all.length);
    assert.deepEqual(gathered([...all].reverse(), reach).map((c) => c.count), found.map((c) => c.count));
  }
});

test('what is gathered lies at the middle of its points; what stands alone keeps its name', () => {
  const [both, far] = gathered([one(0, 0, 3), one(4, 0, 1, 1, { name: 'Near' }), one(50, 0, 1, 9, { name: 'Far' })], 10);
  assert.deepEqual([both.x, both.count, both.sum, both.name], [1, 4, 4, '']);
  assert.equal(far.name, 'Far');
});

test('a sum is known when any part is; of a mean the weights tell', () => {
  const [mixed] = gathered([one(0, 0, 2, NaN), one(1, 0, 1, 5)], 10);
  assert.equal(figureOf(mixed), 5);
  assert.ok(Number.isNaN(figureOf(gathered([one(0, 0, 2, NaN), one(1, 0, 1, NaN)], 10)[0])));
  const [mean] = gathered([one(0, 0, 2, 20, { weight: 2 }), one(1, 0, 1, 40, { weight: 1 })], 10);
  assert.equal(figureOf(mean), 20);
});

test('a packed view is read as it was written', async () => {
  const floats = (...values) => {
    const bytes = new Uint8Array(new Float32Array(values).buffer);
    return [0, 1, 2, 3].flatMap((plane) => values.map((_, i) => bytes[4 * i + plane]));
  };
  const bodies = [[64, 32], [16, 0], [2, 4], floats(7, 2.5)];
  const kinds = [['x', 'varint'], ['y', 'varint'], ['count', 'varint'], ['sum', 'float32']];
  const head = JSON.stringify({ lost: 2, names: ['Acme'], arrays: kinds.map(([name, kind], i) => [name, kind, 2, bodies[i].length]) });
  const length = new Uint8Array(new Uint32Array([head.length]).buffer);
  const raw = [...Buffer.from('TPC1'), ...length, ...Buffer.from(head), ...bodies.flat()];
  const view = await decodeView(new Uint8Array(deflateSync(Buffer.from(raw))), 'revenue');
  assert.deepEqual([view.lost, view.measure], [2, 'revenue']);
  assert.deepEqual(view.clusters.map(({ x, y, count, sum, name }) => [x, y, count, sum, name]),
    [[2, 0.5, 1, 7, 'Acme'], [3, 0.5, 2, 2.5, '']]);
});

test('a view is handed on and not kept; one that is given up is asked for no more', async () => {
  const bytes = new Uint8Array([1]);
  const first = blobOf('points-a', () => {});
  await new Promise((done) => setTimeout(done));
  assert.deepEqual(missing(), ['points-a']);
  offer('points-a', bytes);
  assert.equal(await first, bytes);
  let asked = 0;
  blobOf('points-a', () => asked++);
  await new Promise((done) => setTimeout(done));
  assert.equal(asked, 1);
  giveUp('points-a');
  assert.deepEqual(missing(), []);
});
