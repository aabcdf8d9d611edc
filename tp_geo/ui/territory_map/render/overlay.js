// The 2D canvas above the map: what the pointer is over, lasso and brush.

/** @typedef {import('../app.js').App} App */

/** Radius of the ring round the container that the keyboard is at, in pixels. */
const CURSOR = 13;

export class Overlay {
  /** @param {App} app @param {HTMLCanvasElement} canvas */
  constructor(app, canvas) {
    this.app = app;
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    this.hover = -1;
    /** @type {Array<[number, number]> | null} */
    this.path = null;
    /** Corners of the path that are set and shown as such. */
    this.handles = 0;
    /** @type {[number, number] | null} */
    this.brushAt = null;
  }

  draw() {
    const { context: c, canvas, app } = this;
    const dpr = canvas.width / app.camera.w;
    c.setTransform(dpr, 0, 0, dpr, 0, 0);
    c.clearRect(0, 0, app.camera.w, app.camera.h);
    // some browsers keep an old picture on the screen when a frame clears all and draws nothing
    c.fillStyle = 'rgba(0,0,0,.01)';
    c.fillRect(0, 0, 1, 1);
    if (this.hover >= 0) this.#lift(app.scope.widened([this.hover]));
    if (this.path) this.#lasso(this.path);
    if (this.brushAt) this.#ring(this.brushAt, app.brush);
    if (app.cursor.item >= 0) this.#ring(app.cursor.at, CURSOR);
  }

  /** What a click would take: lighter, and one alone with its outline. @param {number[]} items */
  #lift(items) {
    const { context: c, app } = this;
    const { theme } = app;
    c.beginPath();
    for (const item of items) this.#trace(item);
    c.fillStyle = theme.dark ? 'rgba(255,255,255,.16)' : 'rgba(255,255,255,.3)';
    c.fill('evenodd');
    if (items.length > 1) return;
    c.strokeStyle = theme.dark ? '#fff' : '#10151d';
    c.lineWidth = 1.75;
    c.stroke();
  }

  /** Rings of an item, without the corners that fall together on the screen. @param {number} item */
  #trace(item) {
    const { context: c, app } = this;
    const { topology: t, frames, camera } = app;
    const { k, x: left, y: top } = camera;
    for (let r = frames.ringOfStart[item]; r < frames.ringOfStart[item + 1]; r++) {
      const ring = frames.ringOf[r];
      const first = t.ringStart[ring];
      let [lastX, lastY] = [t.rx[first], t.ry[first]];
      c.moveTo((lastX - left) * k + camera.w / 2, (lastY - top) * k + camera.h / 2);
      for (let i = first + 1; i < t.ringStart[ring + 1]; i++) {
        if ((Math.abs(t.rx[i] - lastX) + Math.abs(t.ry[i] - lastY)) * k < 1) continue;
        [lastX, lastY] = [t.rx[i], t.ry[i]];
        c.lineTo((lastX - left) * k + camera.w / 2, (lastY - top) * k + camera.h / 2);
      }
      c.closePath();
    }
  }

  /** @param {Array<[number, number]>} path */
  #lasso(path) {
    const { context: c, app } = this;
    c.beginPath();
    for (const [i, [x, y]] of path.entries()) {
      if (i) c.lineTo(x, y);
      else c.moveTo(x, y);
    }
    if (app.tool !== 'split') {
      c.closePath();
      c.globalAlpha = 0.14;
      c.fillStyle = app.theme.accentCss;
      c.fill();
      c.globalAlpha = 1;
    }
    c.setLineDash([5, 4]);
    c.strokeStyle = app.theme.accentCss;
    c.lineWidth = 1.5;
    c.stroke();
    c.setLineDash([]);
    c.fillStyle = app.theme.accentCss;
    for (const [x, y] of path.slice(0, this.handles)) c.fillRect(x - 3.5, y - 3.5, 7, 7);
  }

  /** @param {[number, number]} at @param {number} radius */
  #ring([x, y], radius) {
    const { context: c, app } = this;
    c.beginPath();
    c.arc(x, y, radius, 0, 2 * Math.PI);
    c.strokeStyle = app.theme.halo;
    c.lineWidth = 3.5;
    c.stroke();
    c.strokeStyle = app.tool === 'erase' ? app.theme.text : app.theme.accentCss;
    c.lineWidth = 1.5;
    c.stroke();
  }
}
