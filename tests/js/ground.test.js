// The land round the items: triangles, and which sides are drawn as coasts.
import assert from 'node:assert/strict';
import test from 'node:test';
import { meshOf } from '../../tp_geo/ui/territory_map/render/ground.js';

const ground = (/** @type {number[][][]} */ rings, /** @type {number[]} */ hole) => ({
  x: Float32Array.from(rings.flat().map(([x]) => x)),
  y: Float32Array.from(rings.flat().map(([, y]) => y)),
  start: Uint32Array.from([0, ...rings.map((_, i) => rings.slice(0, i + 1).flat().length)]),
  hole: Int32Array.from(hole),
});

test('a lake in the land is no land', () => {
  const { triangles } = meshOf(ground([
    [[0, 0], [90, 5], [80, 95], [5, 90]], [[30, 30], [35, 60], [60, 55]], [[200, 0], [210, 5], [205, 20]],
  ], [0, 1, 0]));
  assert.equal(triangles.length % 3, 0);
  assert.ok(triangles.includes(4) && triangles.includes(9));
});

test('where the land was cut along the sheet there is no coast', () => {
  const { lines } = meshOf(ground([[[0, 0], [1000, 0], [1000, 30], [7, 900]]], [0]));
  assert.deepEqual(lines, [3, 0, 1, 2, 2, 3]);
});
