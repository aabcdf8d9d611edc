// The 2D canvas above the map: what the pointer is over, lasso and brush.

/** @typedef {import('../app.js').App} App */

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
    if (this.hover >= 0) this.#outline(this.hover);
    if (this.path) this.#lasso(this.path);
    if (this.brushAt) this.#ring(this.brushAt);
  }

  /** @param {number} item */
  #outline(item) {
    const { context: c, app } = this;
    const { topology: t, frames, theme, camera } = app;
    c.beginPath();
    for (let k = frames.ringOfStart[item]; k < frames.ringOfStart[item + 1]; k++) {
      const ring = frames.ringOf[k];
      for (let i = t.ringStart[ring]; i < t.ringStart[ring + 1]; i++) {
        const [x, y] = camera.toScreen(t.rx[i], t.ry[i]);
        if (i === t.ringStart[ring]) c.moveTo(x, y);
        else c.lineTo(x, y);
      }
      c.closePath();
    }
    c.fillStyle = theme.dark ? 'rgba(255,255,255,.16)' : 'rgba(255,255,255,.3)';
    c.fill('evenodd');
    c.strokeStyle = theme.dark ? '#fff' : '#10151d';
    c.lineWidth = 1.75;
    c.stroke();
  }

  /** @param {Array<[number, number]>} path */
  #lasso(path) {
    const { context: c, app } = this;
    c.beginPath();
    for (const [i, [x, y]] of path.entries()) {
      if (i) c.lineTo(x, y);
      else c.moveTo(x, y);
    }
    c.closePath();
    c.globalAlpha = 0.14;
    c.fillStyle = app.theme.accentCss;
    c.fill();
    c.globalAlpha = 1;
    c.setLineDash([5, 4]);
    c.strokeStyle = app.theme.accentCss;
    c.lineWidth = 1.5;
    c.stroke();
    c.setLineDash([]);
    c.fillStyle = app.theme.accentCss;
    for (const [x, y] of path.slice(0, this.handles)) c.fillRect(x - 3.5, y - 3.5, 7, 7);
  }

  /** @param {[number, number]} at */
  #ring([x, y]) {
    const { context: c, app } = this;
    c.beginPath();
    c.arc(x, y, app.brush, 0, 2 * Math.PI);
    c.strokeStyle = app.theme.halo;
    c.lineWidth = 3.5;
    c.stroke();
    c.strokeStyle = app.tool === 'erase' ? app.theme.text : app.theme.accentCss;
    c.lineWidth = 1.5;
    c.stroke();
  }
}
