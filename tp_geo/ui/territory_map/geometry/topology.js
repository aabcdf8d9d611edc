// The shapes as they came: arcs with an item on either side, and the rings made of them.
import { unpackBlob, summed } from '../wire/packed.js';
import { projectionOf } from './projection.js';

/**
 * @typedef {{name: string, codes: string[], names: string[], of: Int32Array}} Level
 * @typedef {{name: string, x: number, y: number}} Named
 * @typedef {{x: Float32Array, y: Float32Array, start: Uint32Array, hole: Int32Array}} Ground
 * @typedef {Object} Topology
 * @property {number} items
 * @property {string[]} codes
 * @property {string[]} names
 * @property {Level[]} levels what items lie in: county, state, ...
 * @property {(lon: number, lat: number) => [number, number] | null} locate degrees to map units
 * @property {Float32Array} x corners of arcs, map units (y runs down)
 * @property {Float32Array} y
 * @property {Uint32Array} arcStart
 * @property {Int32Array} own item along each arc
 * @property {Int32Array} beyond item on its other side, -1 for none
 * @property {Int32Array} used arcs of all rings, `~i` backwards
 * @property {Int32Array} perRing how many of them each ring has
 * @property {Float32Array} rx corners of rings
 * @property {Float32Array} ry
 * @property {Uint32Array} ringStart
 * @property {Int32Array} ringItem
 * @property {Int32Array} ringHole 1 where the ring is a hole of the one before
 * @property {Float32Array} px a point inside each item; -1 where it is not shown
 * @property {Float32Array} py
 * @property {Int32Array} piece the piece of a composite that shows each item, -1 where none does
 * @property {Array<[number, number]>} links neighbors that no arc lies between: islands above all
 * @property {Ground} ground the land round the items, as rings; holes follow what they are in
 * @property {Named[]} neighbors countries round the items
 * @property {Named[]} cities the largest first
 * @property {any} projection constants, see `projectionOf`
 * @property {[number, number, number]} sheet left, top, step: plane metres to map units
 */

/**
 * @param {Uint8Array} blob
 * @returns {Promise<Topology>}
 */
export async function decodeTopology(blob) {
  const { head, arrays } = await unpackBlob(blob, 'TPG4');
  const a = /** @type {Record<string, Int32Array>} */ (arrays);
  const arcStart = starts(a.length);
  const own = summed(a.own);
  const x = Float32Array.from(summed(a.x));
  const y = Float32Array.from(summed(a.y));
  const used = summed(a.used);
  return {
    items: head.items,
    codes: head.codes,
    names: head.names,
    levels: head.levels.map((/** @type {any} */ l) => ({ ...l, of: summed(a[`in.${l.name}`]) })),
    locate: located(head),
    x, y, arcStart, own,
    beyond: a.beyond.map((step, i) => own[i] + step),
    used,
    perRing: a.arcs,
    ...ringsOf(used, a.arcs, arcStart, x, y),
    ringItem: summed(a.item),
    ringHole: a.hole,
    px: Float32Array.from(summed(a.px)),
    py: Float32Array.from(summed(a.py)),
    piece: summed(a.piece),
    links: Array.from(summed(a.link), (one, i) => [one, one + a.linked[i]]),
    ground: { x: Float32Array.from(summed(a['ground.x'])), y: Float32Array.from(summed(a['ground.y'])), start: starts(a['ground.length']), hole: a['ground.hole'] },
    neighbors: named(head.neighbors, a, 'neighbor'),
    cities: named(head.cities, a, 'city'),
    projection: head.projection,
    sheet: head.sheet,
  };
}

/** @param {string[]} names @param {Record<string, Int32Array>} arrays @param {string} of @returns {Named[]} */
function named(names, arrays, of) {
  const x = summed(arrays[`${of}.x`]);
  const y = summed(arrays[`${of}.y`]);
  return names.map((name, i) => ({ name, x: x[i], y: y[i] }));
}

/** @param {any} head @returns {Topology['locate']} */
function located(head) {
  const project = projectionOf(head.projection);
  const [left, top, step] = head.sheet;
  return (lon, lat) => {
    const plane = project(lon, lat);
    return plane && [(plane[0] - left) / step, (top - plane[1]) / step];
  };
}

/** @param {ArrayLike<number>} lengths */
export function starts(lengths) {
  const out = new Uint32Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i++) out[i + 1] = out[i] + lengths[i];
  return out;
}

/**
 * Corners of rings from those of arcs.
 * @param {Int32Array} used arcs in order, `~i` backwards
 * @param {Int32Array} perRing
 * @param {Uint32Array} arcStart
 * @param {Float32Array} x
 * @param {Float32Array} y
 */
export function ringsOf(used, perRing, arcStart, x, y) {
  const ringStart = new Uint32Array(perRing.length + 1);
  let at = 0;
  for (let r = 0, u = 0; r < perRing.length; r++) {
    for (let k = 0; k < perRing[r]; k++, u++) {
      const arc = used[u] < 0 ? ~used[u] : used[u];
      at += arcStart[arc + 1] - arcStart[arc] - 1;
    }
    ringStart[r + 1] = at;
  }
  const rx = new Float32Array(at);
  const ry = new Float32Array(at);
  at = 0;
  for (const arc of used) {
    const back = arc < 0;
    const from = arcStart[back ? ~arc : arc];
    const last = arcStart[(back ? ~arc : arc) + 1] - 1;
    for (let k = 0; k < last - from; k++, at++) {
      const i = back ? last - k : from + k;
      rx[at] = x[i];
      ry[at] = y[i];
    }
  }
  return { ringStart, rx, ry };
}
