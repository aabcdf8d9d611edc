// Reference layers: polygons and lines over the fills; their marks and names are drawn among the names.
import { thinned } from '../geometry/coarse.js';
import { starts } from '../geometry/topology.js';
import { blobOf, giveUp } from '../wire/blobs.js';
import { summed, unpackBlob } from '../wire/packed.js';
import { Ground } from './ground.js';
import { Outlines } from './outlines.js';
import { rgb } from './theme.js';

/**
 * @typedef {{x: number, y: number, room: number, name: string}} Mark room: 0 where a point is drawn
 * @typedef {import('../geometry/topology.js').Ground & {marks: Mark[], arcStart: Uint32Array, arcs: any}} Layer
 * @typedef {{fill: Ground, lines: Outlines}} Dress
 */

/** Map units by which layers are simplified at least; Python has done that. */
const FINEST = 4;

export class Reference {
  /** @type {Array<Layer & {color: string}>} what is switched on and has come */ shown = [];
  drawn = '[]';

  /** @param {import('../app.js').App} app */
  constructor(app) {
    this.app = app;
    /** @type {Map<string, Layer | null>} by key; null: on its way */
    this.known = new Map();
    /** @type {WeakMap<import('./renderer.js').Renderer, Map<string, Dress>>} by key and detail */
    this.dressed = new WeakMap();
  }

  /** What there is, or what is chosen, changed. */
  refresh() {
    const { app, known } = this;
    const { renderer } = app.scene;
    const on = (app.data?.layers ?? []).filter((/** @type {any} */ l) => !app.looks.choices.hidden.includes(l.name));
    const wanted = new Set(on.map((/** @type {any} */ l) => l.key));
    for (const [key, layer] of known) if (!layer && !wanted.has(key) && known.delete(key)) giveUp(key);
    for (const key of wanted) if (!known.has(key)) this.#fetch(key);
    const come = on.filter((/** @type {any} */ l) => known.get(l.key));
    const drawn = JSON.stringify(come);
    if (!renderer || (drawn === this.drawn && renderer.reference.length === come.length)) return;
    this.drawn = drawn;
    this.shown = come.map((/** @type {any} */ l) => ({ ...known.get(l.key), color: l.color }));
    renderer.reference = come.map((/** @type {any} */ l) => ({ color: rgb(l.color), at: (/** @type {number} */ k) => this.#dress(renderer, l.key, k) }));
    app.scene.dirty(null);
  }

  /** @param {string} key */
  async #fetch(key) {
    const { app, known } = this;
    known.set(key, null);
    known.set(key, await decodeLayer(await blobOf(key, () => app.intake.ask())));
    app.intake.fed();
    this.refresh();
  }

  /**
   * A layer with the corners that a scale can show.
   * @param {import('./renderer.js').Renderer} renderer @param {string} key @param {number} k
   */
  #dress(renderer, key, k) {
    const { gl, programs } = renderer;
    const layer = /** @type {Layer} */ (this.known.get(key));
    const made = this.dressed.get(renderer) ?? new Map();
    this.dressed.set(renderer, made);
    const tolerance = Math.max(FINEST, 2 ** Math.floor(Math.log2(1 / k)));
    const name = key + tolerance;
    if (!made.has(name)) {
      const { arcStart, x, y } = thinned(layer, tolerance);
      const drawn = { ...layer, x, y, arcStart, start: arcStart };
      const lines = new Outlines(gl, programs.quad, /** @type {any} */ (drawn), layer.arcs);
      lines.set(() => true);
      made.set(name, { fill: new Ground(gl, programs.hair, drawn), lines });
    }
    return made.get(name);
  }
}

/** @param {Int32Array} values */
function ends(values) {
  return values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [Infinity, -Infinity]);
}

/** @param {Uint8Array} blob @returns {Promise<Layer>} */
export async function decodeLayer(blob) {
  const { head, arrays } = await unpackBlob(blob, 'TPR1');
  const a = /** @type {Record<string, Int32Array>} */ (arrays);
  const [x, y, mx, my] = [a.x, a.y, a['mark.x'], a['mark.y']].map(summed);
  const start = starts(a.length);
  const box = new Float32Array(4 * a.length.length);
  for (let r = 0; r < a.length.length; r++) {
    const [[x0, x1], [y0, y1]] = [x, y].map((of) => ends(of.subarray(start[r], start[r + 1])));
    box.set([x0, y0, x1, y1], 4 * r);
  }
  return {
    x: Float32Array.from(x), y: Float32Array.from(y), start, arcStart: start, hole: a.hole,
    arcs: { start: Uint32Array.from({ length: start.length }, (_, r) => r), indices: start.map((_, r) => r), box },
    marks: head.names.map((/** @type {string} */ name, /** @type {number} */ i) => ({ x: mx[i], y: my[i], room: a['mark.room'][i], name })),
  };
}
