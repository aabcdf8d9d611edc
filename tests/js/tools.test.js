import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Camera } from '../../tp_geo/ui/territory_map/geometry/camera.js';
import { Tree } from '../../tp_geo/ui/territory_map/model/tree.js';
import { COMMANDS, commandOf } from '../../tp_geo/ui/territory_map/tools/commands.js';
import { edgeOf, neighborsOf, ringAround } from '../../tp_geo/ui/territory_map/tools/rings.js';
import { Scope } from '../../tp_geo/ui/territory_map/tools/scope.js';
import { Drawn, Line, Polygon } from '../../tp_geo/ui/territory_map/tools/shapes.js';
import { Strokes } from '../../tp_geo/ui/territory_map/tools/strokes.js';
import { toolNamed } from '../../tp_geo/ui/territory_map/tools/tools.js';

const SIDE = 50;

/** A square land of unit cells: 2,500 items in 25 counties and 4 states; the last two are tied by a link. */
function land() {
  const items = SIDE * SIDE;
  const own = [];
  const beyond = [];
  for (let i = 0; i < items; i++) {
    if (i % SIDE < SIDE - 1) { own.push(i); beyond.push(i + 1); }
    if (i + SIDE < items) { own.push(i); beyond.push(i + SIDE); }
    if (i < SIDE) { own.push(i); beyond.push(-1); }
  }
  const level = (name, size) => {
    const across = SIDE / size;
    const of = Int32Array.from({ length: items }, (_, i) => Math.floor(i / SIDE / size) * across + Math.floor((i % SIDE) / size));
    const codes = Array.from({ length: across * across }, (_, k) => `${name}${k}`);
    return { name, codes, names: codes, of };
  };
  return { items, own, beyond, links: [[0, items - 1]], levels: [level('county', 10), level('state', 25)] };
}

const area = (id, parent = null) => [id, { id, name: `A${id}`, parent, locked: false, targets: {} }];

/** As much of the app as tools need: cells of one map unit, two pixels each. */
function desk() {
  const topology = land();
  const tree = new Tree(new Map([area(1), area(2), area(3, 1), area(4, 1)]));
  const said = [];
  const app = {
    topology, said, tool: 'brush', active: 3, brush: 3,
    get toolNow() { return toolNamed(this.tool); },
    plan: { tree, areas: tree.areas, current: new Uint16Array(topology.items) },
    focus: { areas: null, level: 1, unassigned: true },
    camera: Object.assign(new Camera(), { w: 100, h: 100, k: 2, x: 25, y: 25 }),
    overlay: { path: null, handles: 0, brushAt: null },
    figures: {}, toolbar: { refresh() {} }, toasts: { say: (text) => said.push(text) },
    clock() {}, redrawOverlay() {},
    pointer: { pick: (...at) => said.push(['pick', ...at]) },
    search: {
      along(x0, y0, x1, y1, radius, pace) {
        const found = new Set();
        const steps = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / pace));
        for (let s = 0; s <= steps; s++) {
          const [x, y] = [x0 + ((x1 - x0) * s) / steps, y0 + ((y1 - y0) * s) / steps].map(Math.floor);
          if (x >= 0 && y >= 0 && x < SIDE && y < SIDE) found.add(y * SIDE + x);
        }
        return found;
      },
      within(xs, ys) {
        const found = [];
        const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
        for (let i = 0; i < topology.items; i++) {
          const [x, y] = [(i % SIDE) + 0.5, Math.floor(i / SIDE) + 0.5];
          if (x > left && x < right && y > top && y < bottom) found.push(i);
        }
        return found;
      },
    },
    editor: {
      selection: new Set(), painted: new Set(), began: null, ended: 0,
      begin(to) { this.began = to; return true; },
      paint(items) { for (const i of items) this.painted.add(i); },
      end() { this.ended++; },
      abandon() { this.painted.clear(); },
      select(items, how) { this.picked = [...items]; this.how = how; },
    },
  };
  app.scope = new Scope(app);
  return app;
}

test('a fast brush over two thousand containers leaves none out', () => {
  const app = desk();
  const strokes = new Strokes(app);
  const center = (x, y) => [2 * (x + 0.5), 2 * (y + 0.5)];
  strokes.press(...center(0, 0));
  for (let row = 0; row < 40; row++) {
    const [from, to] = row % 2 ? [SIDE - 1, 0] : [0, SIDE - 1];
    strokes.drag([center(from, row), center(to, row)]); // one event a row of fifty
  }
  strokes.lift();
  assert.equal(app.editor.painted.size, 2000);
  assert.equal(app.editor.ended, 1);
});

test('a stroke needs an area, an eraser none', () => {
  const app = Object.assign(desk(), { active: null });
  const strokes = new Strokes(app);
  assert.equal(strokes.press(10, 10), false);
  assert.match(app.said[0], /Choose an area/);
  app.tool = 'erase';
  assert.equal(strokes.press(10, 10), true);
  assert.equal(app.editor.began, 0);
});

test('whole counties and states are taken when any of their containers is met', () => {
  const { scope } = desk();
  assert.deepEqual(scope.grains, ['', 'county', 'state', '=county', '=state']);
  assert.deepEqual(scope.take([7]), [7]);
  scope.cycle();
  assert.equal(scope.take([7, 8]).length, 100);
  assert.equal(scope.take([7, 17]).length, 200);
  scope.cycle();
  assert.equal(scope.take([7]).length, 625);
  for (let more = 0; more < 3; more++) scope.cycle();
  assert.equal(scope.grain, '');
});

test('a stroke stays in the county or state it begins in', () => {
  const app = desk();
  const { scope, topology } = app;
  const strokes = new Strokes(app);
  const { of } = topology.levels.find((level) => level.name === 'county');
  const begins = 7;
  const center = (x, y) => [2 * (x + 0.5), 2 * (y + 0.5)];
  scope.set({ grain: '=county' });
  strokes.press(...center(begins, 0));
  strokes.drag([center(0, 0), center(SIDE - 1, 0), center(SIDE - 1, 20)]);
  strokes.lift();
  assert.ok(app.editor.painted.size > 1);
  assert.deepEqual(new Set([...app.editor.painted].map((item) => of[item])), new Set([of[begins]]));
  app.editor.painted.clear();
  strokes.press(-10, -10);
  assert.equal(app.editor.painted.size, 0);
  strokes.drag([center(SIDE - 1, 20)]);
  assert.deepEqual(new Set([...app.editor.painted].map((item) => of[item])), new Set([of[0]]), 'the first it meets counts');
});

test('limits hold together: from one area, inside the area above, in the focus', () => {
  const app = desk();
  const { scope, plan } = app;
  plan.current.set([0, 1, 2, 3, 4]);
  const all = [0, 1, 2, 3, 4];
  assert.deepEqual(scope.take(all), all);
  scope.set({ from: 0 });
  assert.deepEqual(scope.take(all), [0]);
  scope.set({ from: 1 });
  assert.deepEqual(scope.take(all), [1, 3, 4], 'an area with those below it');
  scope.set({ from: null, inside: true });
  assert.deepEqual(scope.take(all), [1, 3, 4], 'area 3 lies in area 1');
  app.active = 2;
  assert.deepEqual(scope.take(all), all, 'nothing lies above area 2');
  scope.set({ inside: false });
  app.focus = { areas: [1], level: 2, unassigned: false };
  assert.deepEqual(scope.take(all), [1, 3, 4]);
});

test('a limit to an area that is gone is no limit', () => {
  const { scope, plan } = desk();
  scope.set({ from: 4 });
  plan.areas.delete(4);
  scope.prune();
  assert.equal(scope.from, null);
});

test('a ring more and a ring less are opposites inside the map; islands follow their links', () => {
  const t = land();
  const middle = new Set([25 * SIDE + 25]);
  const grown = new Set([...middle, ...ringAround(t, middle)]);
  assert.equal(grown.size, 5);
  const edge = new Set(edgeOf(t, grown, (i) => grown.has(i)));
  assert.deepEqual([...grown].filter((i) => !edge.has(i)), [...middle]);
  const { start, list } = neighborsOf(t);
  assert.deepEqual([...list.slice(start[0], start[1])].sort((a, b) => a - b), [1, SIDE, t.items - 1]);
});

test('a polygon is closed, taken back by corners, and given up', () => {
  const app = Object.assign(desk(), { tool: 'polygon' });
  const polygon = new Polygon(app);
  assert.equal(polygon.close(), false);
  for (const at of [[20, 20], [60, 20], [60, 60], [99, 99]]) polygon.lift('add', false, at);
  assert.equal(polygon.back(), true);
  polygon.lift('set', false, [20, 60]);
  assert.equal(app.overlay.handles, 4);
  assert.equal(polygon.close(), true);
  assert.equal(app.editor.picked.length, 400);
  assert.equal(app.editor.how, 'add', 'as the first corner was set');
  assert.equal(app.overlay.path, null);
  polygon.lift('set', false, [20, 20]);
  assert.equal(polygon.giveUp(), true);
  assert.equal(polygon.giveUp(), false);
  assert.equal(polygon.back(), false);
});

test('a click on its first corner closes a polygon; a double click counts as one corner', () => {
  const app = Object.assign(desk(), { tool: 'polygon' });
  const polygon = new Polygon(app);
  for (const at of [[20, 20], [60, 20], [60, 60], [20, 60], [22, 23]]) polygon.lift('set', false, at);
  assert.equal(app.editor.picked.length, 400);
  app.editor.picked = null;
  for (const at of [[20, 20], [60, 20], [60, 20]]) polygon.lift('set', false, at);
  assert.equal(polygon.close(), true);
  assert.equal(app.editor.picked, null, 'two corners are no ring');
});

test('corners stay on the ground when the map moves', () => {
  const app = Object.assign(desk(), { tool: 'polygon' });
  const polygon = new Polygon(app);
  polygon.lift('set', false, [20, 20]);
  app.camera.pan(10, 0);
  polygon.follow();
  assert.deepEqual(app.overlay.path[0], [30, 20]);
});

test('a rectangle that was not drawn is a click', () => {
  const app = Object.assign(desk(), { tool: 'rectangle' });
  const drawn = new Drawn(app);
  drawn.press(20, 20);
  drawn.lift('set', false);
  assert.deepEqual(app.said, [['pick', 20, 20, 'set']]);
  drawn.press(20, 20);
  drawn.drag([[60, 60]]);
  drawn.lift('remove', true);
  assert.equal(app.editor.picked.length, 400);
  assert.equal(app.editor.how, 'remove');
});

test('no two commands share a key, and each is found by it', () => {
  const keys = COMMANDS.flatMap((command) => command.keys);
  assert.equal(new Set(keys).size, keys.length);
  const press = (key, more = {}) => commandOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more })?.label;
  assert.equal(press('b'), 'Brush');
  assert.equal(press('B', { shiftKey: true }), 'Brush');
  assert.equal(press('?', { shiftKey: true }), 'Keys');
  assert.equal(press('z', { ctrlKey: true }), 'Undo');
  assert.equal(press('Z', { metaKey: true, shiftKey: true }), 'Redo');
  assert.equal(press('b', { ctrlKey: true }), undefined);
  assert.equal(press('b', { altKey: true }), undefined);
});

/** A desk with the line tool at hand; area 3 holds the left half of the land. */
function cutting() {
  const app = desk();
  app.tool = 'split';
  app.posted = [];
  app.act = (...said) => app.posted.push(said);
  app.topology.sheet = [1000, 2000, 10];
  app.plan.current.fill(3).forEach((_, i, current) => { if (i % SIDE >= 25) current[i] = 4; });
  return { app, line: new Line(app) };
}

const tap = (line, x, y) => { line.press(x, y); line.lift('set', false, [x, y]); };

test('a line of corners is sent in metres of the map', () => {
  const { app, line } = cutting();
  tap(line, 10, 0);
  tap(line, 30, 40);
  tap(line, 10, 100);
  assert.equal(app.overlay.handles, 3);
  assert.ok(line.close());
  assert.deepEqual(app.posted, [['cut', 3, { line: [[1050, 2000], [1150, 1800], [1050, 1500]] }]]);
  assert.equal(app.overlay.path, null);
  assert.ok(!line.close(), 'nothing is left to end');
});

test('a line drawn in one go ends when it is lifted, and trembling bends it nowhere', () => {
  const { app, line } = cutting();
  line.press(10, 0);
  for (let y = 0; y <= 100; y += 5) line.drag([[10 + (y % 2), y], [12, y + 1]]);
  line.drag([[4, 97]]);
  line.lift('set', true, [4, 97]);
  const [, , { line: sent }] = app.posted[0];
  assert.ok(sent.length > 4);
  assert.ok(sent.every(([x]) => Math.abs(x - 1050) <= 10), JSON.stringify(sent));
});

test('a double click sets the last corner once', () => {
  const { app, line } = cutting();
  tap(line, 10, 0);
  tap(line, 10, 90);
  tap(line, 12, 91);
  line.close();
  assert.equal(app.posted[0][2].line.length, 2);
});

test('a line that does not cross the chosen area is refused in words', () => {
  const { app, line } = cutting();
  tap(line, 70, 0);
  tap(line, 70, 100);
  line.close();
  tap(line, 10, 10);
  line.close();
  assert.deepEqual(app.posted, []);
  assert.deepEqual(app.said, ['The line does not cross A3.', 'The line does not cross A3.']);
});

test('a line needs an area, and two fingers take back what the press began', () => {
  const { app, line } = cutting();
  tap(line, 10, 0);
  line.press(10, 50);
  line.drag([[10, 80]]);
  line.cancel();
  assert.equal(line.corners.length, 1);
  app.active = null;
  assert.ok(!line.press(10, 90));
  assert.deepEqual(app.said, ['Choose an area in the legend first.']);
  assert.ok(line.giveUp());
});
