import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Camera } from '../../tp_geo/ui/territory_map/geometry/camera.js';
import { coarsened } from '../../tp_geo/ui/territory_map/geometry/coarse.js';
import { buildChunks, runsIn } from '../../tp_geo/ui/territory_map/geometry/chunks.js';
import { buildMesh } from '../../tp_geo/ui/territory_map/geometry/mesh.js';
import { projectionOf, stretchOf } from '../../tp_geo/ui/territory_map/geometry/projection.js';
import { fixture, random, smallShapes } from './support.js';

for (const [name, { projection, points }] of Object.entries(fixture('projections'))) {
  test(`places land where Python puts them: ${name}`, () => {
    const project = projectionOf(projection);
    for (const [lon, lat, x, y] of points) {
      const found = project(lon, lat);
      if (x === null) assert.equal(found, null, `${lon} ${lat}`);
      else assert.ok(Math.hypot(found[0] - x, found[1] - y) < 0.01, `${lon} ${lat}: ${found}`);
    }
  });
}

test('shapes keep codes, names and parents', async () => {
  const { t } = await smallShapes();
  assert.equal(t.items, 11);
  assert.equal(t.codes[3], '00003');
  assert.equal(t.names[3], 'Cell 3');
  assert.equal(t.names[10], '', 'a name that is the code is not repeated');
  const [state] = t.levels;
  assert.deepEqual(state.names, ['Lower', 'Upper']);
  assert.deepEqual([...state.of], [0, 0, 0, 1, 1, 1, 1, 1, 1, 1, -1]);
});

test('a place finds its item, holes and islands included', async () => {
  const { t, search } = await smallShapes();
  const at = (lon, lat) => search.itemAt(...t.locate(lon, lat));
  assert.equal(at(0.5, 0.5), 0);
  assert.equal(at(5.2, 0.2), 0, 'the island');
  assert.equal(at(2.5, 2.5), 8);
  assert.equal(at(1.1, 1.1), 4);
  assert.equal(at(1.45, 1.5), 9, 'in the hole');
  assert.equal(at(4, 0.2), -1, 'the sea');
  assert.equal(at(40, 40), -1, 'off the sheet');
});

test('every place of a fine raster lies in at most one item', async () => {
  const { t, search } = await smallShapes();
  const next = random(1);
  for (let k = 0; k < 500; k++) {
    const place = t.locate(next() * 6, next() * 3);
    const owners = Array.from({ length: t.items }, (_, i) => i).filter((i) => search.covers(i, ...place));
    assert.ok(owners.length <= 1);
    assert.equal(search.itemAt(...place), owners[0] ?? -1);
  }
});

test('a lasso takes items by their inner point', async () => {
  const { t, search } = await smallShapes();
  const [left, top] = t.locate(-0.1, 0.9);
  const [right, bottom] = t.locate(3.1, -0.1);
  const [xs, ys] = [[left, right, right, left], [top, top, bottom, bottom]];
  assert.deepEqual(search.within(xs, ys), [0, 1, 2]);
  assert.deepEqual(search.within([0, 1, 0], [0, 0, 1]), []);
});

test('a fast brush misses nothing on its way', async () => {
  const { t, search } = await smallShapes();
  const [x0, y0] = t.locate(0.5, 0.5);
  const [x1, y1] = t.locate(2.5, 0.5);
  const unit = (x1 - x0) / 2;
  assert.deepEqual([...search.along(x0, y0, x1, y1, 0, unit / 20)].sort(), [0, 1, 2]);
  const wide = search.along(x0, y0, x1, y1, unit * 1.1, unit / 20);
  for (const item of [0, 1, 2, 3, 5]) assert.ok(wide.has(item));
  for (const item of [6, 7, 8]) assert.ok(!wide.has(item));
});

test('triangles cover just the area of each item', async () => {
  const { t, frames } = await smallShapes();
  const mesh = await buildMesh(t, frames);
  for (let i = 0; i < t.items; i++) {
    let twice = 0;
    for (let k = mesh.triangleStart[i]; k < mesh.triangleStart[i + 1]; k += 3) {
      const [a, b, c] = mesh.triangles.subarray(k, k + 3);
      assert.equal(mesh.cornerItem[a], i);
      twice += Math.abs((t.rx[b] - t.rx[a]) * (t.ry[c] - t.ry[a]) - (t.rx[c] - t.rx[a]) * (t.ry[b] - t.ry[a]));
    }
    assert.ok(Math.abs(twice / 2 - frames.area[i]) <= 1e-6 * frames.area[i] + 1, `item ${i}`);
  }
});

test('triangles made in slices are the same', async () => {
  const { t, frames } = await smallShapes();
  const slow = await buildMesh(t, frames, () => Promise.resolve());
  assert.deepEqual(slow, await buildMesh(t, frames));
});

test('coarse shapes keep arcs, sides and ends', async () => {
  const { t } = await smallShapes();
  const rough = coarsened(t, 1e9);
  assert.equal(rough.arcStart.length, t.arcStart.length);
  for (let a = 0; a < t.own.length; a++) {
    assert.equal(rough.x[rough.arcStart[a]], t.x[t.arcStart[a]]);
    assert.equal(rough.x[rough.arcStart[a + 1] - 1], t.x[t.arcStart[a + 1] - 1]);
    const corners = rough.arcStart[a + 1] - rough.arcStart[a];
    const closed = t.x[t.arcStart[a]] === t.x[t.arcStart[a + 1] - 1] && t.y[t.arcStart[a]] === t.y[t.arcStart[a + 1] - 1];
    assert.equal(corners, closed ? 4 : 2);
  }
  assert.deepEqual(coarsened(t, 0).rx, t.rx, 'nothing to leave out');
});

test('what is in view is found by cell, each thing once', () => {
  const boxes = Array.from({ length: 100 }, (_, i) => [i, i, i + 1, i + 1]);
  const chunks = buildChunks(100, (i) => boxes[i], () => 2, (i, out, at) => out.set([i, i], at), [0, 0, 100, 100]);
  const seen = (view) => new Set(runsIn(chunks, view).flatMap(([first, n]) => [...chunks.indices.subarray(first, first + n)]));
  assert.equal(seen([0, 0, 100, 100]).size, 100);
  const some = seen([40, 40, 42, 42]);
  for (const i of [40, 41]) assert.ok(some.has(i));
  assert.ok(some.size < 12);
  assert.equal(seen([200, 200, 300, 300]).size, 0);
});

test('what is shown whole lies beside the color key and below the tools', () => {
  const camera = new Camera();
  Object.assign(camera, { w: 800, h: 600 });
  camera.fit([0, 0, 1000, 500], 20, 60, 220);
  const [left, top] = camera.toScreen(0, 0);
  const [right, bottom] = camera.toScreen(1000, 500);
  assert.ok(Math.abs(left - 20) < 1e-9 && Math.abs(right - 580) < 1e-9);
  assert.ok(top > 60 && bottom < 580);
});

test('screen and map agree, and zooming keeps the place under the pointer', () => {
  const camera = new Camera();
  Object.assign(camera, { w: 800, h: 600 });
  camera.limit([0, 0, 1000, 500]);
  camera.fit([0, 0, 1000, 500], 20);
  assert.ok(Math.abs(camera.k - 0.76) < 1e-9);
  const before = camera.toMap(123, 456);
  camera.zoomAt(123, 456, 3);
  const after = camera.toMap(123, 456);
  assert.ok(Math.hypot(before[0] - after[0], before[1] - after[1]) < 1e-6);
  const [px, py] = camera.toScreen(...camera.toMap(77, 88));
  assert.ok(Math.hypot(px - 77, py - 88) < 1e-9);
  camera.zoomAt(0, 0, 1e9);
  assert.ok(camera.k <= camera.most);
});

test('items know their size on the Earth', async () => {
  const { frames } = await smallShapes();
  const degree = ((6371007.181 * Math.PI) / 180 / 1000) ** 2;
  const cut = frames.km2[4] + frames.km2[9];
  for (const item of [1, 2, 3, 5, 8]) assert.ok(Math.abs(frames.km2[item] / degree - 1) < 0.01, `${frames.km2[item]}`);
  assert.ok(Math.abs(cut / degree - 1) < 0.01);
  assert.equal(stretchOf({ kind: 'albers', pieces: [{ scale: 1 }, { scale: 0.36 }] }, 1, 0), 0.36);
});

test('an island and its coast are neighbors', async () => {
  const { t } = await smallShapes();
  assert.deepEqual(t.links, [[2, 10]]);
  assert.equal(t.piece[3], 0);
});
