// Tiles of a map server that whoever runs the app has named, blended over the fills where they are wanted.
import { planesOf } from '../geometry/projection.js';
import { h } from '../view/dom.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../geometry/projection.js').Plane} Plane
 * @typedef {import('../geometry/chunks.js').Box} Box
 */

/** A tile is a square of Web Mercator; it is laid on the sheet in so many parts a side. */
const PARTS = 4;

/** Pixels from which on the four tiles below a tile are drawn instead. */
const WIDEST = 420;
const COARSEST = 3;
const FINEST = 18;
const KEPT = 400;

/** Metres round the Earth, and how much longer the sheet may draw them; more is torn apart behind the Earth. */
const ROUND = 4e7;
const TORN = 3;

/** How much larger than itself a part is drawn, so that no seam shows. */
const SEAM = 1.015;

export class Basemap {
  /** @type {Map<string, HTMLImageElement>} by address */ images = new Map();
  /** @type {import('../geometry/topology.js').Topology | undefined} what the planes are of */ of;
  /** @type {Plane[]} from degrees to map units, by piece */ planes = [];
  drawn = '';
  arrived = 0;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.canvas = h('canvas', { class: 'tiles', 'aria-hidden': 'true', hidden: true });
    this.credit = h('small', { class: 'credit', hidden: true });
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
  }

  /** The server and whom to thank. @returns {{url: string, credit: string} | null} */
  get there() {
    return (!this.app.bare && this.app.data?.tiles) || null;
  }

  /** Draw anew where the camera moved or tiles have come. */
  draw() {
    const { app, canvas, context: c, there } = this;
    const { camera, topology, looks } = app;
    const on = Boolean(there && looks.choices.basemap);
    const state = JSON.stringify([on, camera.place, canvas.width, canvas.height, this.arrived]);
    if (state === this.drawn) return;
    this.drawn = state;
    canvas.hidden = this.credit.hidden = !on;
    if (!on) return;
    this.credit.textContent = there?.credit ?? '';
    this.#know(topology);
    const k = (camera.k * canvas.width) / camera.w;
    const [left, top] = camera.toScreen(0, 0);
    const { view } = camera;
    for (const { piece, box } of [{ piece: 0, box: view }, ...app.names.insets]) {
      const seen = /** @type {Box} */ (box.map((v, i) => Math[i < 2 ? 'max' : 'min'](v, view[i])));
      /** @type {[number, number, number, number]} */
      const sides = [seen[0], seen[1], seen[2] - seen[0], seen[3] - seen[1]];
      if (Math.min(...sides.slice(2)) <= 0) continue;
      c.save();
      c.setTransform(k, 0, 0, k, (left * k) / camera.k, (top * k) / camera.k);
      c.beginPath();
      c.rect(...sides);
      c.clip();
      c.clearRect(...sides);
      this.#tile(this.planes[piece], seen, 0, 0, 0);
      c.restore();
    }
  }

  /** @param {import('../geometry/topology.js').Topology} topology */
  #know(topology) {
    if (this.of === topology) return;
    this.of = topology;
    const [left, top, step] = topology.sheet;
    this.planes = planesOf(topology.projection).map((plane) => (lon, lat) => {
      const [x, y] = plane(lon, lat);
      return [(x - left) / step, (top - y) / step];
    });
  }

  /**
   * Draw what of a tile is to be seen, or of the tiles below it.
   * @param {Plane} plane @param {Box} seen map units @param {number} z @param {number} x @param {number} y
   */
  #tile(plane, seen, z, x, y) {
    const { camera, topology } = this.app;
    const below = () => [0, 1, 2, 3].forEach((i) => this.#tile(plane, seen, z + 1, 2 * x + (i & 1), 2 * y + (i >> 1)));
    if (z < COARSEST) return below();
    const at = Array.from({ length: (PARTS + 1) ** 2 }, (_, i) => plane(...degrees(z, x + (i % (PARTS + 1)) / PARTS, y + Math.floor(i / (PARTS + 1)) / PARTS)));
    const low = [0, 1].map((axis) => Math.min(...at.map((p) => p[axis])));
    const high = [0, 1].map((axis) => Math.max(...at.map((p) => p[axis])));
    const size = Math.max(high[0] - low[0], high[1] - low[1]);
    const apart = [0, 1].some((axis) => high[axis] + size / 8 < seen[axis] || low[axis] - size / 8 > seen[axis + 2]);
    if (apart || !(size * topology.sheet[2] * 2 ** z < TORN * ROUND)) return undefined;
    if (z < FINEST && size * camera.k > WIDEST) return below();
    const image = this.#image(z, x, y);
    for (let i = 0; image && i < PARTS ** 2; i++) this.#part(image, at, i % PARTS, Math.floor(i / PARTS));
    return undefined;
  }

  /** @param {HTMLImageElement} image @param {Array<[number, number]>} at corners of its parts @param {number} i @param {number} j */
  #part(image, at, i, j) {
    const { context: c } = this;
    const [a, b, d] = [0, 1, PARTS + 1].map((step) => at[j * (PARTS + 1) + i + step]);
    const size = image.width / PARTS;
    c.save();
    c.transform((b[0] - a[0]) / size, (b[1] - a[1]) / size, (d[0] - a[0]) / size, (d[1] - a[1]) / size, a[0], a[1]);
    c.drawImage(image, i * size, j * size, size, size, 0, 0, size * SEAM, size * SEAM);
    c.restore();
  }

  /** A tile that has come; one that has not is asked for. @param {number} z @param {number} x @param {number} y */
  #image(z, x, y) {
    const { images, app } = this;
    const url = /** @type {string} */ (this.there?.url).replace('{z}', `${z}`).replace('{x}', `${x}`).replace('{y}', `${y}`);
    const known = images.get(url);
    if (known) return known.width ? known : null;
    const image = new Image();
    images.set(url, image);
    if (images.size > KEPT) images.delete(/** @type {string} */ (images.keys().next().value));
    image.onload = () => {
      this.arrived++;
      app.redrawOverlay();
    };
    image.onerror = () => {
      if (!this.told) app.toasts.say(`The basemap of ${new URL(url).host} can't be reached.`, { bad: true });
      this.told = true;
    };
    image.src = url;
    return null;
  }
}

/** The place of a corner of tiles. @param {number} z @param {number} x @param {number} y @returns {[number, number]} longitude, latitude */
export function degrees(z, x, y) {
  const share = 2 ** -z;
  return [360 * x * share - 180, Math.atan(Math.sinh(Math.PI * (1 - 2 * y * share))) * (180 / Math.PI)];
}
