// What part of the map is in view: a middle in map units and pixels per map unit.

/** @typedef {import('./chunks.js').Box} Box */

export class Camera {
  constructor() {
    this.x = 0;
    this.y = 0;
    this.k = 1;
    this.w = 1;
    this.h = 1;
    this.least = 1e-4;
    this.most = 64;
  }

  /** @returns {[number, number]} pixels */
  toScreen(/** @type {number} */ x, /** @type {number} */ y) {
    return [(x - this.x) * this.k + this.w / 2, (y - this.y) * this.k + this.h / 2];
  }

  /** @returns {[number, number]} map units */
  toMap(/** @type {number} */ px, /** @type {number} */ py) {
    return [(px - this.w / 2) / this.k + this.x, (py - this.h / 2) / this.k + this.y];
  }

  /** @returns {Box} map units in view */
  get view() {
    return [...this.toMap(0, 0), ...this.toMap(this.w, this.h)];
  }

  /**
   * Show a box as large as it goes.
   * @param {Box} box
   * @param {number} pad pixels left free on each side
   * @param {number} top pixels left free above, where the tools are
   * @param {number} right pixels left free where the color key is
   */
  fit([x0, y0, x1, y1], pad = 24, top = pad, right = pad) {
    const across = Math.max(20, this.w - pad - right) / Math.max(1e-9, x1 - x0);
    const down = Math.max(20, this.h - pad - top) / Math.max(1e-9, y1 - y0);
    this.k = this.#within(Math.min(across, down));
    this.x = (x0 + x1) / 2 + (right - pad) / 2 / this.k;
    this.y = (y0 + y1) / 2 - (top - pad) / 2 / this.k;
  }

  /** Zoom by a factor and keep what is under a pixel where it is. */
  zoomAt(/** @type {number} */ px, /** @type {number} */ py, /** @type {number} */ factor) {
    const [x, y] = this.toMap(px, py);
    this.k = this.#within(this.k * factor);
    this.x = x - (px - this.w / 2) / this.k;
    this.y = y - (py - this.h / 2) / this.k;
  }

  /** Move the map by pixels. */
  pan(/** @type {number} */ dx, /** @type {number} */ dy) {
    this.x -= dx / this.k;
    this.y -= dy / this.k;
  }

  /** @param {Box} bounds of the whole map: limits of the zoom follow */
  limit([x0, y0, x1, y1]) {
    this.least = (0.4 * Math.min(this.w, this.h)) / Math.max(x1 - x0, y1 - y0);
    this.most = Math.max(2, this.least * 4000);
  }

  /** @returns {{x: number, y: number, k: number}} */
  get place() {
    return { x: this.x, y: this.y, k: this.k };
  }

  /** @param {number} k */
  #within(k) {
    return Math.max(this.least, Math.min(this.most, k));
  }
}
