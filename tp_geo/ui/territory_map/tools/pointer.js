// Mouse, pen and touch on the map: moves it, shows what lies below, else hands on to the tool.
import { Drawn, Line, Polygon } from './shapes.js';
import { Strokes } from './strokes.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../editor.js').How} How
 * @typedef {{mode: 'pan' | 'pick' | 'tool' | 'look', x: number, y: number, lastX: number, lastY: number,
 *   moved: boolean, how: How}} Drag
 */

/** A press that moved less is a click, in pixels; fingers are less steady. */
const SLACK = { mouse: 4, pen: 6, touch: 10 };

/** A finger that rests so long shows what lies below it, in milliseconds. */
const REST_MS = 500;

/** Lines a wheel reports are so high, in pixels. */
const LINE_PX = 16;

export class Pointer {
  /** @param {App} app @param {HTMLElement} surface */
  constructor(app, surface) {
    this.app = app;
    this.surface = surface;
    const [strokes, drawn] = [new Strokes(app), new Drawn(app)];
    /** @type {Record<string, any>} what a tool does with a press; none: it picks and moves the map */
    this.hands = { paint: strokes, brush: strokes, erase: strokes, rectangle: drawn, lasso: drawn, polygon: new Polygon(app), split: new Line(app) };
    /** @type {Drag | null} */
    this.drag = null;
    /** @type {Map<number, [number, number]>} */
    this.touches = new Map();
    this.spread = 0;
    this.space = false;
    const on = (/** @type {string} */ name, /** @type {(e: any) => void} */ listener) =>
      surface.addEventListener(name, listener, { passive: false });
    on('pointerdown', (e) => this.#down(e));
    on('pointermove', (e) => this.#move(e));
    on('pointerup', (e) => this.#up(e));
    on('pointercancel', (e) => this.#cancel(e));
    on('pointerleave', (e) => this.#leave(e));
    on('wheel', (e) => this.#wheel(e));
    on('contextmenu', (e) => e.preventDefault());
    on('dblclick', (e) => this.#double(e));
  }

  /** The corners that are being set. */
  get polygon() {
    return this.hands[this.app.tool === 'split' ? 'split' : 'polygon'];
  }

  /** What the tool at hand does with a press. */
  get hand() {
    const { app } = this;
    return app.readonly && app.toolNow.edits ? undefined : this.hands[app.tool];
  }

  /** @param {MouseEvent} e @returns {[number, number]} */
  #at(e) {
    const box = this.surface.getBoundingClientRect();
    return [e.clientX - box.left, e.clientY - box.top];
  }

  /** @param {PointerEvent} e */
  #down(e) {
    const { app } = this;
    if (!app.ready) return;
    app.root.focus({ preventScroll: true });
    app.root.classList.add('pointed');
    this.surface.setPointerCapture(e.pointerId);
    app.cursor.leave();
    const [x, y] = this.#at(e);
    this.touches.set(e.pointerId, [x, y]);
    this.spread = 0;
    clearTimeout(this.resting);
    if (e.pointerType === 'touch') {
      this.#unhover();
      this.resting = setTimeout(() => requestAnimationFrame(() => this.#rest()), REST_MS); // moves that wait come first
    }
    if (this.touches.size > 1) {
      if (this.touches.size === 2) this.#pinch();
      return;
    }
    const how = e.shiftKey ? 'add' : e.altKey ? 'remove' : 'set';
    const pans = e.button === 1 || e.button === 2 || this.space;
    this.drag = { mode: pans ? 'pan' : this.hand ? 'tool' : 'pick', x, y, lastX: x, lastY: y, moved: false, how };
    if (this.drag.mode === 'tool' && !this.hand.press(x, y)) this.drag = null;
  }

  /** @param {PointerEvent} e */
  #move(e) {
    const { app, drag } = this;
    if (!app.ready) return;
    const [x, y] = this.#at(e);
    if (this.touches.has(e.pointerId)) this.touches.set(e.pointerId, [x, y]);
    if (this.touches.size === 2) {
      this.#pinch();
      return;
    }
    if (drag ? drag.mode === 'look' : !this.touches.size) this.#hover(x, y);
    if (!drag || drag.mode === 'look') return;
    if (Math.hypot(x - drag.x, y - drag.y) > slackOf(e)) drag.moved = true;
    this.#unhover();
    if (drag.mode === 'tool') this.hand?.drag(this.#places(e));
    else if (drag.moved) app.viewport.pan(x - drag.lastX, y - drag.lastY);
    drag.lastX = x;
    drag.lastY = y;
    app.redrawOverlay();
  }

  /** Where the pointer was since the event before: a browser sends one for several. @param {PointerEvent} e */
  #places(e) {
    const parts = e.getCoalescedEvents?.() ?? [];
    return (parts.length ? parts : [e]).map((part) => this.#at(part));
  }

  /** @param {PointerEvent} e */
  #up(e) {
    const { app, drag } = this;
    const pinched = this.spread;
    this.#gone(e);
    this.drag = null;
    for (const [x, y] of pinched ? this.touches.values() : []) {
      this.drag = { mode: 'pan', x, y, lastX: x, lastY: y, moved: true, how: 'set' };
    }
    if (!drag || !app.ready) return;
    if (drag.mode === 'tool') this.hand?.lift(drag.how, drag.moved, this.#at(e), 2 * slackOf(e));
    else if (!drag.moved && (drag.mode === 'pick' || e.button === 2)) {
      this.pick(drag.x, drag.y, drag.how);
      if (e.button === 2 && app.allows('units')) app.act('units');
    }
    app.redrawOverlay();
  }

  /** What a click with Shift does. @param {number} x @param {number} y */
  tap(x, y) {
    const { hand } = this;
    if (!hand) this.pick(x, y, 'add');
    else if (hand.press(x, y)) hand.lift('add', false, [x, y]);
  }

  /** A finger has rested: it shows what lies below, until it is lifted and put down again. */
  #rest() {
    const { app, drag } = this;
    if (!drag || drag.moved || app.toolNow.edits) return;
    if (drag.mode === 'tool') this.hand?.cancel();
    drag.mode = 'look';
    this.#hover(drag.x, drag.y);
  }

  /** Select what lies under a place. @param {number} x @param {number} y @param {How} how */
  pick(x, y, how) {
    const { app } = this;
    const item = app.search.itemAt(...app.camera.toMap(x, y));
    app.clock();
    const taken = item < 0 ? [] : app.scope.take([item]);
    if (taken.length) app.editor.select(taken, how === 'add' ? 'toggle' : how);
    else if (how === 'set') app.editor.select([]);
  }

  /** @param {PointerEvent} e */
  #cancel(e) {
    this.#gone(e);
    this.#drop();
  }

  /** @param {PointerEvent} e */
  #gone(e) {
    this.touches.delete(e.pointerId);
    this.spread = 0;
  }

  /** Give up what the pointer is in the middle of. @returns {boolean} whether it was at something */
  abandon() {
    const busy = this.drag?.mode === 'tool';
    this.#drop();
    return this.polygon.giveUp() || busy;
  }

  /** What a press had begun never was. */
  #drop() {
    if (this.drag?.mode === 'tool') this.hand?.cancel();
    this.drag = null;
    this.app.redrawOverlay();
  }

  /** @param {PointerEvent} e */
  #leave(e) {
    if (this.drag || e.pointerType === 'touch') return;
    this.#unhover();
    this.app.overlay.brushAt = null;
    this.app.redrawOverlay();
  }

  #unhover() {
    this.app.overlay.hover = -1;
    this.app.card.show(-1, 0, 0);
    this.app.points.hide();
  }

  /** @param {number} x @param {number} y */
  #hover(x, y) {
    const { app } = this;
    const item = app.points.hover(x, y) ? -1 : app.search.itemAt(...app.camera.toMap(x, y));
    app.overlay.hover = item;
    app.overlay.brushAt = null;
    this.hand?.hover?.(x, y);
    app.card.show(item, x, y);
    app.redrawOverlay();
  }

  /** @param {WheelEvent} e two fingers that go sideways on a trackpad move the map, all else zooms */
  #wheel(e) {
    const { app } = this;
    if (!app.ready) return;
    e.preventDefault();
    const unit = e.deltaMode === 1 ? LINE_PX : 1;
    if (!e.ctrlKey && Math.abs(e.deltaX) > Math.abs(e.deltaY)) {
      app.viewport.pan(-e.deltaX * unit, -e.deltaY * unit);
      return;
    }
    const delta = Math.max(-120, Math.min(120, e.deltaY * unit));
    app.camera.zoomAt(...this.#at(e), Math.exp(-delta * (e.ctrlKey ? 0.01 : 0.0026)));
    app.viewport.moved();
  }

  /** Closes a polygon or ends a line, or looks into the area below. @param {MouseEvent} e */
  #double(e) {
    const { app } = this;
    if (!app.ready) return;
    this.polygon.close();
    if (app.tool !== 'select') return;
    const item = app.search.itemAt(...app.camera.toMap(...this.#at(e)));
    const area = item < 0 ? 0 : app.shown[item];
    if (app.plan.tree.children(area).length && area) app.drill(area);
  }

  /** Two fingers move and zoom the map with any tool; what one of them began never was. */
  #pinch() {
    const { app } = this;
    this.#drop();
    const [[ax, ay], [bx, by]] = [...this.touches.values()];
    const spread = Math.hypot(ax - bx, ay - by);
    const middle = /** @type {[number, number]} */ ([(ax + bx) / 2, (ay + by) / 2]);
    if (this.spread && this.middle) {
      app.camera.pan(middle[0] - this.middle[0], middle[1] - this.middle[1]);
      app.camera.zoomAt(...middle, spread / this.spread);
      app.viewport.moved();
    }
    this.spread = spread;
    this.middle = middle;
  }
}

/** @param {PointerEvent} e */
function slackOf(e) {
  return SLACK[/** @type {'mouse'} */ (e.pointerType)] ?? SLACK.mouse;
}
