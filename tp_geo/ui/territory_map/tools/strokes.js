// Paint, brush and eraser: what the pointer runs over goes to an area, none is left out.

/** @typedef {import('../app.js').App} App */

/** Places along a stroke are looked at so far apart, in pixels: closer than anything that can be hit. */
const PACE_PX = 1;

export class Strokes {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    /** @type {[number, number]} */
    this.last = [0, 0];
    /** The item the stroke met first, -1 for none yet. */
    this.first = -1;
  }

  /** @param {number} x pixels @param {number} y @returns {boolean} whether a stroke begins */
  press(x, y) {
    const { app } = this;
    const to = app.tool === 'erase' ? 0 : app.active;
    if (to === null) {
      app.toasts.say('Choose an area in the legend first.');
      return false;
    }
    if (!app.editor.begin(to)) return false;
    app.clock();
    this.last = [x, y];
    this.first = -1;
    this.#paint(x, y);
    return true;
  }

  /** @param {Array<[number, number]>} places where the pointer was since, in order */
  drag(places) {
    for (const [x, y] of places) this.#paint(x, y);
    this.hover(...this.last);
  }

  /** @param {number} x @param {number} y */
  hover(x, y) {
    this.app.overlay.brushAt = this.app.toolNow.sized ? [x, y] : null;
  }

  lift() {
    this.app.editor.end();
  }

  cancel() {
    this.app.editor.abandon();
  }

  /** From where the pointer was, in a straight line. @param {number} x @param {number} y */
  #paint(x, y) {
    const { app } = this;
    const { k } = app.camera;
    const radius = app.toolNow.sized ? app.brush / k : 0;
    const from = app.camera.toMap(...this.last);
    const to = app.camera.toMap(x, y);
    this.last = [x, y];
    const met = app.search.along(...from, ...to, radius, PACE_PX / k);
    if (this.first < 0) [this.first = -1] = met;
    app.editor.paint(app.scope.kept(app.scope.take(met), this.first));
  }
}
