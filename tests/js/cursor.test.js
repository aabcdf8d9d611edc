import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Camera } from '../../tp_geo/ui/territory_map/geometry/camera.js';

globalThis.document ??= { createElement: () => ({ setAttribute() {}, append() {} }) };
const { Cursor } = await import('../../tp_geo/ui/territory_map/tools/cursor.js');

const SIDE = 50;

/** As much of the app as the cursor needs: cells of one map unit, two pixels each, two of them without a shape. */
function desk() {
  const items = SIDE * SIDE;
  const px = Float64Array.from({ length: items }, (_, i) => (i % SIDE) + 0.5);
  const py = Float64Array.from({ length: items }, (_, i) => Math.floor(i / SIDE) + 0.5);
  const tapped = [];
  const app = {
    tapped, outside: new Set(), topology: { items, px, py },
    camera: Object.assign(new Camera(), { w: 300, h: 300, k: 10, x: 25, y: 25 }),
    overlay: { hover: -1 }, editor: { selection: new Set() },
    card: { element: { innerText: '' }, show(item) { this.element.innerText = `cell\n\n${item}`; } },
    reachable: (i) => !app.outside.has(i),
    viewport: { moved() { app.cursor.follow(); } },
    pointer: { tap: (...at) => tapped.push(at) },
    redrawOverlay() {},
  };
  app.cursor = new Cursor(app);
  return app;
}

const cell = (x, y) => y * SIDE + x;

test('arrows begin in the middle and go from a container to the one beside it', () => {
  const app = desk();
  const { cursor } = app;
  cursor.step(1, 0);
  assert.ok([24, 25].includes(cursor.item % SIDE));
  const x = cursor.item % SIDE;
  const y = Math.floor(cursor.item / SIDE);
  for (const [dx, dy, at] of [[1, 0, cell(x + 1, y)], [0, 1, cell(x + 1, y + 1)], [-1, 0, cell(x, y + 1)], [0, -1, cell(x, y)]]) {
    cursor.step(dx, dy);
    assert.equal(cursor.item, at);
  }
  assert.equal(app.overlay.hover, cursor.item);
  assert.equal(cursor.spoken.textContent, `cell, ${cursor.item}`);
});

test('what lies outside the focus or has no shape is stepped over', () => {
  const app = desk();
  app.cursor.item = cell(20, 20);
  app.outside.add(cell(21, 20));
  app.topology.px[cell(22, 20)] = -1;
  app.cursor.step(1, 0);
  assert.equal(app.cursor.item, cell(23, 20));
});

test('the edge of the map ends the way, and the camera follows', () => {
  const app = desk();
  for (let i = 0; i < 60; i++) app.cursor.step(1, 0);
  assert.equal(app.cursor.item % SIDE, SIDE - 1);
  const [x] = app.cursor.at;
  assert.ok(x > 0 && x < app.camera.w);
  app.camera.pan(5000, 0);
  app.cursor.step(1, 0);
  assert.notEqual(app.cursor.item, -1, 'out of sight it begins anew where the map is');
});

test('a press is a click on the container, and there is none before there is one', () => {
  const app = desk();
  app.cursor.press();
  assert.deepEqual(app.tapped, []);
  app.cursor.step(1, 0);
  app.cursor.press();
  assert.deepEqual(app.tapped, [app.cursor.at]);
  app.editor.selection.add(app.cursor.item);
  app.cursor.step(0, 0);
  app.cursor.leave();
  app.cursor.press();
  assert.equal(app.tapped.length, 1);
});
