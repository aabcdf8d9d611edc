// The container the keyboard is at: arrows go on from it, Space does there what a click does.
import { h } from '../view/dom.js';

/** @typedef {import('../app.js').App} App */

/** The container stays so far inside the map, in pixels. */
const MARGIN = 80;

export class Cursor {
  /** None: -1. */ item = -1;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.spoken = h('p', { class: 'spoken', 'aria-live': 'polite' });
  }

  /** @returns {[number, number]} pixels; without a container the middle of the map */
  get at() {
    const { item, app: { camera, topology: { px, py } } } = this;
    return item < 0 ? [camera.w / 2, camera.h / 2] : camera.toScreen(px[item], py[item]);
  }

  /** To the nearest container in a direction; to begin with, the one nearest to the middle. @param {number} dx @param {number} dy */
  step(dx, dy) {
    const { app } = this;
    if (!this.#isIn(0)) this.leave();
    const { item } = this;
    const { topology: { px, py, items }, camera } = app;
    const [x, y] = camera.toMap(...this.at);
    let best = Infinity;
    for (let i = 0; i < items; i++) {
      const [right, down] = [px[i] - x, py[i] - y];
      const along = right * dx + down * dy;
      const across = Math.abs(right * dy - down * dx);
      const cost = item < 0 ? Math.hypot(right, down) : along > across ? along + 2 * across : Infinity;
      if (cost >= best || px[i] < 0 || i === item || !app.reachable(i)) continue;
      best = cost;
      this.item = i;
    }
    if (this.item < 0) return;
    if (!this.#isIn(MARGIN)) [camera.x, camera.y] = [px[this.item], py[this.item]];
    app.viewport.moved();
    app.overlay.hover = this.item;
    this.say(`${app.card.element.innerText}${app.editor.selection.has(this.item) ? '\nselected' : ''}`);
    app.redrawOverlay();
  }

  /** The map moved: the card goes along. */
  follow() {
    if (this.item >= 0) this.app.card.show(this.#isIn(0) ? this.item : -1, ...this.at);
  }

  /** Whether it is so far inside the map. @param {number} margin pixels */
  #isIn(margin) {
    const { camera: { w, h: height } } = this.app;
    const [x, y] = this.at;
    return x >= margin && y >= margin && x <= w - margin && y <= height - margin;
  }

  /** What a click does. */
  press() {
    if (this.item >= 0) this.app.pointer.tap(...this.at);
  }

  leave() {
    this.item = -1;
  }

  /** To those who listen to the map. @param {string} text */
  say(text) {
    this.spoken.textContent = text.replace(/\s*\n\s*/g, ', ');
  }
}
