// Reference layers as they come: runs of corners with their boxes, marks and names.
import assert from 'node:assert/strict';
import test from 'node:test';
import { deflateSync } from 'node:zlib';
import { decodeLayer, Reference } from '../../tp_geo/ui/territory_map/render/reference.js';
import { meshOf } from '../../tp_geo/ui/territory_map/render/ground.js';

/** @param {number[]} values zig-zag, below 64 */
const small = (values) => values.flatMap((v) => {
  let z = v < 0 ? -2 * v - 1 : 2 * v;
  const out = [];
  for (; z > 127; z >>= 7) out.push((z & 127) | 128);
  return [...out, z];
});
const steps = (/** @type {number[]} */ of) => of.map((v, i) => v - (of[i - 1] ?? 0));

/** @param {string[]} names @param {Record<string, number[]>} arrays */
function packed(names, arrays) {
  const bodies = Object.entries(arrays).map(([name, of]) => ({ name, count: of.length, body: small(of) }));
  const head = Buffer.from(JSON.stringify({ names, arrays: bodies.map((b) => [b.name, 'varint', b.count, b.body.length]) }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return new Uint8Array(deflateSync(Buffer.concat([Buffer.from('TPR1'), length, head, ...bodies.map((b) => Buffer.from(b.body))])));
}

const blob = packed(['Depot', 'Square'], {
  x: steps([0, 100, 100, 0, 0, 300, 400]), y: steps([0, 0, 90, 90, 0, 10, 700]),
  length: [5, 2], hole: [0], 'mark.x': steps([7, 50]), 'mark.y': steps([8, 45]), 'mark.room': [0, 53],
});

test('a layer is polygons first and lines behind them, each with its box', async () => {
  const layer = await decodeLayer(blob);
  assert.deepEqual([...layer.start], [0, 5, 7]);
  assert.deepEqual([...layer.arcs.box], [0, 0, 100, 90, 300, 10, 400, 700]);
  assert.deepEqual([...layer.arcs.indices.subarray(0, 2)], [0, 1]);
  assert.deepEqual(layer.marks, [{ x: 7, y: 8, room: 0, name: 'Depot' }, { x: 50, y: 45, room: 53, name: 'Square' }]);
});

test('only polygons are filled', async () => {
  const { triangles } = meshOf(await decodeLayer(blob));
  assert.equal(triangles.length, 6);
  assert.ok(triangles.every((corner) => corner < 5));
});

/** @param {any[]} layers @param {string[]} hidden */
function mapOf(layers, hidden) {
  /** @type {any} */
  const app = { data: { layers }, looks: { choices: { hidden } }, asked: 0, scene: { renderer: null, dirty() {} } };
  app.intake = { ask() { app.asked++; }, fed() {} };
  return { app, reference: new Reference(app) };
}

test('what is switched off is not asked for, what is gone is not waited for', async () => {
  const { app, reference } = mapOf([{ key: 'a', name: 'A', color: '#112233' }, { key: 'b', name: 'B', color: '#112233' }], ['B']);
  reference.refresh();
  await new Promise((done) => setTimeout(done, 5));
  assert.deepEqual([[...reference.known.keys()], app.asked], [['a'], 1]);
  app.data.layers = [];
  reference.refresh();
  assert.equal(reference.known.size, 0);
});

test('a layer is drawn with the corners that a scale can show', async () => {
  const bow = Array.from({ length: 101 }, (_, i) => [10 * i, Math.round(20 * Math.sin(i / 30))]);
  const wavy = packed([''], {
    x: steps(bow.map(([x]) => x)), y: steps(bow.map(([, y]) => y)),
    length: [101], hole: [], 'mark.x': [], 'mark.y': [], 'mark.room': [],
  });
  const { app, reference } = mapOf([{ key: 'a', name: 'A', color: '#112233' }], []);
  reference.known.set('a', await decodeLayer(wavy));
  const gl = new Proxy({}, { get: () => () => ({}) });
  const program = { attribute: () => 0 };
  app.scene.renderer = { gl, programs: { quad: program, hair: program }, reference: [] };
  reference.refresh();
  const segments = (/** @type {number} */ k) => app.scene.renderer.reference[0].at(k).lines.count;
  assert.equal(segments(0.001), 1, 'from afar it is straight');
  assert.ok(segments(0.1) < segments(10) && segments(10) <= 100);
  assert.equal(app.scene.renderer.reference[0].at(10), app.scene.renderer.reference[0].at(11), 'made once a detail');
});
