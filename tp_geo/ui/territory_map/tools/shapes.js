// Rectangle, lasso and polygon: a ring drawn on the map selects what lies inside; a line splits an area.

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../editor.js').How} How
 */

/** Corners of a lasso are at least so far apart, in pixels. */
const LASSO_STEP = 3;

/** Corners of a line are farther apart, so that a hand that shakes bends no end of it. */
const LINE_STEP = 16;

/** Select what lies inside a ring of map units. @param {App} app @param {Array<[number, number]>} ring @param {How} how */
function selectInside(app, ring, how) {
  app.clock();
  const began = performance.now();
  const found = app.search.within(ring.map((c) => c[0]), ring.map((c) => c[1]));
  app.figures.lassoMs = performance.now() - began;
  app.editor.select(app.scope.take(found), how);
}

/** A ring that is drawn in one go. */
export class Drawn {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
  }

  /** @param {number} x @param {number} y */
  press(x, y) {
    this.app.overlay.path = [[x, y]];
    return true;
  }

  /** @param {Array<[number, number]>} places */
  drag(places) {
    const { overlay, tool } = this.app;
    const path = overlay.path ?? [];
    for (const [x, y] of places) {
      const [left, top] = path[0];
      const [lastX, lastY] = path[path.length - 1];
      if (tool === 'rectangle') overlay.path = [path[0], [x, top], [x, y], [left, y]];
      else if (Math.hypot(x - lastX, y - lastY) > LASSO_STEP) path.push([x, y]);
    }
  }

  /** @param {How} how @param {boolean} moved */
  lift(how, moved) {
    const { app } = this;
    const path = app.overlay.path ?? [];
    app.overlay.path = null;
    if (moved) selectInside(app, path.map(([x, y]) => app.camera.toMap(x, y)), how);
    else app.pointer.pick(...path[0], how);
  }

  cancel() {
    this.app.overlay.path = null;
  }
}

/** A ring of corners that are set one by one. */
export class Polygon {
  /** @type {Array<[number, number]>} map units, so that the map may move meanwhile */ corners = [];
  /** @type {How} */ how = 'set';

  /** @param {App} app */
  constructor(app) {
    this.app = app;
  }

  press() {
    return true;
  }

  /** @param {Array<[number, number]>} places */
  drag(places) {
    this.hover(...places[places.length - 1]);
  }

  /** @param {How} how @param {boolean} _ @param {[number, number]} at @param {number} [reach] so near to the first corner it closes, in pixels */
  lift(how, _, at, reach = 8) {
    const { app, corners } = this;
    if (!corners.length) this.how = how;
    const first = corners.length > 2 ? app.camera.toScreen(...corners[0]) : null;
    if (first && Math.hypot(at[0] - first[0], at[1] - first[1]) < reach) {
      this.close();
      return;
    }
    corners.push(app.camera.toMap(...at));
    this.hover(...at);
  }

  /** Show the ring with its last side going to the pointer. @param {number} x @param {number} y */
  hover(x, y) {
    this.at = this.app.camera.toMap(x, y);
    this.follow();
  }

  /** The map moved, the corners with it. */
  follow() {
    const { app, corners } = this;
    if (!corners.length) return;
    app.overlay.path = [...corners, this.at ?? corners[0]].map(([x, y]) => app.camera.toScreen(x, y));
    app.overlay.handles = corners.length;
    app.redrawOverlay();
  }

  /** @returns {boolean} whether there was a ring to close */
  close() {
    const { corners, how } = this;
    if (!corners.length) return false;
    // a double click has set the last corner twice
    const ring = corners.filter((c, i) => !i || c[0] !== corners[i - 1][0] || c[1] !== corners[i - 1][1]);
    this.giveUp();
    this.done(ring, how);
    return true;
  }

  /** @param {Array<[number, number]>} ring @param {How} how */
  done(ring, how) {
    if (ring.length > 2) selectInside(this.app, ring, how);
  }

  /** Take the last corner back. @returns {boolean} whether there was one */
  back() {
    if (!this.corners.pop()) return false;
    if (this.corners.length) this.follow();
    else this.giveUp();
    return true;
  }

  /** The corners stay when two fingers move the map. */
  cancel() {}

  /** @returns {boolean} whether there was something to give up */
  giveUp() {
    const { overlay } = this.app;
    const some = this.corners.length > 0;
    this.corners = [];
    overlay.path = null;
    overlay.handles = 0;
    this.app.redrawOverlay();
    return some;
  }
}

/** A line across the chosen area, set corner by corner or drawn in one go: the page splits the area along it. */
export class Line extends Polygon {
  before = 0;

  /** @param {number} x @param {number} y */
  press(x, y) {
    const { app } = this;
    if (!app.active) app.toasts.say('Choose an area in the legend first.');
    this.before = this.corners.length;
    if (app.active) this.drag([[x, y]]);
    return Boolean(app.active);
  }

  /** @param {Array<[number, number]>} places */
  drag(places) {
    const { app: { camera }, corners } = this;
    for (const [x, y] of places) {
      const [lastX, lastY] = corners.length ? camera.toScreen(...corners[corners.length - 1]) : [Infinity, 0];
      if (Math.hypot(x - lastX, y - lastY) > LINE_STEP) corners.push(camera.toMap(x, y));
    }
    super.drag(places);
  }

  lift() {
    if (this.corners.length > this.before + 1) this.close();
  }

  cancel() {
    while (this.corners.length > this.before) this.back();
  }

  /** @param {Array<[number, number]>} line */
  done(line) {
    const { app } = this;
    const { active: area, plan: { current, tree }, search, camera, topology: { sheet: [left, top, step] } } = app;
    const inside = tree.inFocus({ areas: [area ?? 0], level: 0, unassigned: false });
    const crosses = line.some((at, i) => i && [...search.along(...line[i - 1], ...at, 0, 1 / camera.k)].some((item) => inside[current[item]]));
    if (!crosses) app.toasts.say(`The line does not cross ${tree.name(area ?? 0)}.`, { bad: true });
    else app.act('cut', area, { line: line.map(([x, y]) => [left + x * step, top - y * step]) });
  }
}
