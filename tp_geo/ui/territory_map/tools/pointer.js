// Mouse, pen and touch on the map: what a press, a drag and a lift mean to the tool at hand.

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../editor.js').How} How
 * @typedef {{mode: string, x: number, y: number, lastX: number, lastY: number, moved: boolean,
 *   how: How}} Drag
 */

const SLACK = 4;
const LASSO_STEP = 3;

export class Pointer {
  /** @param {App} app @param {HTMLElement} surface */
  constructor(app, surface) {
    this.app = app;
    this.surface = surface;
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
    on('pointerleave', () => this.#leave());
    on('wheel', (e) => this.#wheel(e));
    on('contextmenu', (e) => e.preventDefault());
    on('dblclick', (e) => this.#double(e));
  }

  /** @param {PointerEvent | WheelEvent} e @returns {[number, number]} */
  #at(e) {
    const box = this.surface.getBoundingClientRect();
    return [e.clientX - box.left, e.clientY - box.top];
  }

  /** @param {PointerEvent} e */
  #down(e) {
    const { app } = this;
    if (!app.ready) return;
    app.root.focus({ preventScroll: true });
    this.surface.setPointerCapture(e.pointerId);
    const [x, y] = this.#at(e);
    this.touches.set(e.pointerId, [x, y]);
    if (this.touches.size === 2) return this.#pinch();
    if (this.touches.size > 2) return undefined;
    const how = e.shiftKey ? 'add' : e.altKey ? 'remove' : 'set';
    this.drag = { mode: this.#mode(e), x, y, lastX: x, lastY: y, moved: false, how };
    if (this.drag.mode === 'stroke' && !this.#beginStroke(x, y)) this.drag = null;
    if (this.drag?.mode === 'shape') app.overlay.path = [[x, y]];
    return undefined;
  }

  /** @param {PointerEvent} e */
  #mode(e) {
    const { tool, readonly } = this.app;
    if (e.button === 1 || e.button === 2 || this.space) return 'pan';
    if (tool === 'lasso' || tool === 'rectangle') return 'shape';
    if (!readonly && ['paint', 'brush', 'erase'].includes(tool)) return 'stroke';
    return 'pick';
  }

  /** @param {number} x @param {number} y */
  #beginStroke(x, y) {
    const { app } = this;
    const to = app.tool === 'erase' ? 0 : app.active;
    if (to === null) {
      app.toasts.say('Choose an area in the legend first.');
      return false;
    }
    if (!app.editor.begin(to)) return false;
    app.clock();
    this.#paint(x, y, x, y);
    return true;
  }

  /** @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
  #paint(x0, y0, x1, y1) {
    const { app } = this;
    const radius = app.tool === 'paint' ? 0 : app.brush / app.camera.k;
    const from = app.camera.toMap(x0, y0);
    const to = app.camera.toMap(x1, y1);
    app.editor.paint(app.search.along(...from, ...to, radius, 3 / app.camera.k));
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
    if (!drag) {
      this.#hover(x, y);
      return;
    }
    if (Math.hypot(x - drag.x, y - drag.y) > SLACK) drag.moved = true;
    if (drag.mode === 'stroke') this.#strokeOn(e, drag);
    else if (drag.mode === 'shape') this.#shapeOn(x, y, drag);
    else if (drag.moved) this.#panOn(x, y, drag);
    drag.lastX = x;
    drag.lastY = y;
  }

  /** @param {PointerEvent} e @param {Drag} drag */
  #strokeOn(e, drag) {
    const events = e.getCoalescedEvents?.() ?? [];
    let { lastX, lastY } = drag;
    for (const part of events.length ? events : [e]) {
      const [x, y] = this.#at(part);
      this.#paint(lastX, lastY, x, y);
      [lastX, lastY] = [x, y];
    }
    if (this.app.tool !== 'paint') this.app.overlay.brushAt = this.#at(e);
    this.app.overlay.hover = -1;
    this.app.card.show(-1, 0, 0);
    this.app.redrawOverlay();
  }

  /** @param {number} x @param {number} y @param {Drag} drag */
  #shapeOn(x, y, drag) {
    const { overlay, tool } = this.app;
    const path = overlay.path ?? [];
    if (tool === 'rectangle') overlay.path = [[drag.x, drag.y], [x, drag.y], [x, y], [drag.x, y]];
    else if (Math.hypot(x - path[path.length - 1][0], y - path[path.length - 1][1]) > LASSO_STEP) path.push([x, y]);
    overlay.hover = -1;
    this.app.card.show(-1, 0, 0);
    this.app.redrawOverlay();
  }

  /** @param {number} x @param {number} y @param {Drag} drag */
  #panOn(x, y, drag) {
    const { app } = this;
    app.overlay.hover = -1;
    app.card.show(-1, 0, 0);
    app.viewport.pan(x - drag.lastX, y - drag.lastY);
  }

  /** @param {PointerEvent} e */
  #up(e) {
    const { app, drag } = this;
    this.touches.delete(e.pointerId);
    if (this.touches.size < 2) this.spread = 0;
    this.drag = null;
    if (!drag || !app.ready) return;
    if (drag.mode === 'stroke') app.editor.end();
    else if (drag.mode === 'shape') this.#shapeDone(drag);
    else if (!drag.moved && drag.mode === 'pick') this.#pick(drag);
    app.redrawOverlay();
  }

  /** @param {Drag} drag */
  #pick(drag) {
    const { app } = this;
    const item = app.search.itemAt(...app.camera.toMap(drag.x, drag.y));
    app.clock();
    if (item >= 0) app.editor.select([item], drag.how === 'add' ? 'toggle' : drag.how);
    else if (drag.how === 'set') app.editor.select([]);
  }

  /** @param {Drag} drag */
  #shapeDone(drag) {
    const { app } = this;
    const path = app.overlay.path ?? [];
    app.overlay.path = null;
    if (!drag.moved) {
      this.#pick(drag);
      return;
    }
    const corners = path.map(([x, y]) => app.camera.toMap(x, y));
    app.clock();
    const began = performance.now();
    const found = app.search.within(corners.map((c) => c[0]), corners.map((c) => c[1]));
    app.figures.lassoMs = performance.now() - began;
    app.editor.select(found, drag.how);
  }

  /** @param {PointerEvent} e */
  #cancel(e) {
    this.touches.delete(e.pointerId);
    if (this.drag?.mode === 'stroke') this.app.editor.abandon();
    this.drag = null;
    this.app.overlay.path = null;
    this.app.redrawOverlay();
  }

  /** Give up what the pointer is in the middle of. @returns {boolean} whether it was at something */
  abandon() {
    if (!this.drag || this.drag.mode === 'pick' || this.drag.mode === 'pan') return false;
    if (this.drag.mode === 'stroke') this.app.editor.abandon();
    this.drag = null;
    this.app.overlay.path = null;
    this.app.redrawOverlay();
    return true;
  }

  #leave() {
    if (this.drag) return;
    const { overlay } = this.app;
    overlay.hover = -1;
    overlay.brushAt = null;
    this.app.card.show(-1, 0, 0);
    this.app.redrawOverlay();
  }

  /** @param {number} x @param {number} y */
  #hover(x, y) {
    const { app } = this;
    const item = app.search.itemAt(...app.camera.toMap(x, y));
    app.overlay.hover = item;
    app.overlay.brushAt = ['brush', 'erase'].includes(app.tool) && !app.readonly ? [x, y] : null;
    app.card.show(item, x, y);
    app.redrawOverlay();
  }

  /** @param {WheelEvent} e */
  #wheel(e) {
    const { app } = this;
    if (!app.ready) return;
    e.preventDefault();
    const lines = e.deltaMode === 1 ? 16 : 1;
    const delta = Math.max(-120, Math.min(120, e.deltaY * lines));
    app.camera.zoomAt(...this.#at(e), Math.exp(-delta * (e.ctrlKey ? 0.01 : 0.0026)));
    app.viewport.moved();
  }

  /** @param {PointerEvent} e */
  #double(e) {
    const { app } = this;
    if (app.ready && app.tool === 'select' && e.altKey) app.viewport.zoomBy(2);
  }

  #pinch() {
    const { app } = this;
    if (this.drag?.mode === 'stroke') app.editor.abandon();
    this.drag = null;
    app.overlay.path = null;
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
