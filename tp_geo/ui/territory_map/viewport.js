// Where the camera goes: to all, to items, to the focus; and what follows when it moved.
import { keepPlace, placeOf } from './wire/memory.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {import('./geometry/chunks.js').Box} Box
 */

/** Height of the tools above the map, in pixels. */
const TOOLS_PX = 62;
const KEEP_MS = 300;

/** Items that are pointed at are shown in a window at least this part of the whole across. */
const SURROUNDINGS = 0.02;

export class Viewport {
  /** @param {App} app @param {HTMLElement} stage */
  constructor(app, stage) {
    this.app = app;
    this.stage = stage;
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(stage);
  }

  /** The camera goes to what is marked, to where it was last, or to all. */
  begin() {
    const { app } = this;
    const place = placeOf(this.#name);
    app.cursor.leave();
    if (app.marked.size) this.lookAtItems(app.marked);
    else if (place) Object.assign(app.camera, place);
    else this.fit();
  }

  /** Fit the map to a few items with some of what is around them. @param {Set<number>} items */
  lookAtItems(items) {
    const [x0, y0, x1, y1] = this.app.search.bounds;
    this.lookAt((item) => items.has(item), SURROUNDINGS * Math.max(x1 - x0, y1 - y0));
  }

  /** Fit the map to an area and those below it; 0 is what is unassigned. @param {number} id */
  lookAtArea(id) {
    const { plan } = this.app;
    const inside = plan.tree.inFocus({ areas: id ? [id] : [], level: 0, unassigned: id === 0 });
    this.lookAt((item) => inside[plan.current[item]] === 1);
  }

  lookAtFocus() {
    const { focus, plan } = this.app;
    if (focus.areas === null) {
      this.fit();
      return;
    }
    const inside = plan.tree.inFocus({ ...focus, unassigned: false });
    this.lookAt((item) => inside[plan.current[item]] === 1);
  }

  /**
   * Fit the map to items.
   * @param {(item: number) => boolean} chosen
   * @param {number} least how much is shown across at least, in map units
   */
  lookAt(chosen, least = 0) {
    const { topology, frames, camera } = this.app;
    /** @type {Box} */
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    const of = frames.box;
    for (let i = 0; i < topology.items; i++) {
      if (!chosen(i) || !(of[4 * i] <= of[4 * i + 2])) continue;
      for (const side of [0, 1]) {
        box[side] = Math.min(box[side], of[4 * i + side]);
        box[side + 2] = Math.max(box[side + 2], of[4 * i + side + 2]);
      }
    }
    if (box[0] > box[2]) return;
    for (const side of [0, 1]) {
      const short = Math.max(0, least - (box[side + 2] - box[side])) / 2;
      box[side] -= short;
      box[side + 2] += short;
    }
    camera.fit(box, 48, this.#top + 20, this.#right(48));
    this.moved();
  }

  fit() {
    const { camera, search } = this.app;
    camera.fit(search.bounds, 24, this.#top, this.#right(24));
    this.whole = JSON.stringify(camera.place);
    this.moved();
  }

  /** There is more room or less, as when a panel opens: what shows everything still does. */
  refit() {
    if (JSON.stringify(this.app.camera.place) === this.whole) this.fit();
  }

  /** @param {number} factor */
  zoomBy(factor) {
    const { camera, cursor } = this.app;
    camera.zoomAt(...cursor.at, factor);
    this.moved();
  }

  /** @param {number} dx pixels @param {number} dy */
  pan(dx, dy) {
    this.app.camera.pan(dx, dy);
    this.moved();
  }

  /** The camera moved. */
  moved() {
    const { app } = this;
    app.scene.panned();
    app.pointer.polygon.follow();
    app.cursor.follow();
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => keepPlace(this.#name, app.camera.place), KEEP_MS);
  }

  /** What the place of the camera is remembered under. */
  get #name() {
    return `${this.app.name}:${this.app.intake.geoKey}`;
  }

  /** Pixels left free at the right: the color key stands there. @param {number} pad */
  #right(pad) {
    const { offsetWidth } = this.app.key.element;
    return pad + Math.min(offsetWidth, this.app.camera.w / 3);
  }

  /** Pixels left free above. */
  get #top() {
    return this.app.bare ? 28 : TOOLS_PX;
  }

  /** Take the room there is: two plans side by side share it. */
  resize() {
    const { app } = this;
    const w = this.stage.clientWidth / app.compare.halves;
    const h = this.stage.clientHeight;
    if (!w || !h) return;
    const first = app.camera.w === 1;
    Object.assign(app.camera, { w, h });
    app.scene.resize();
    if (!app.search) return;
    app.camera.limit(app.search.bounds);
    first ? this.begin() : this.refit();
    if (!app.theme) return; // nothing has been styled so far; all is drawn when it is
    app.scene.dirty(null);
    app.legend.refresh();
  }

  dispose() {
    clearTimeout(this.keeping);
    this.watch.disconnect();
  }
}
