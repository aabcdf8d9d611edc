// Units on the map: which view of them to ask for, and which of its clusters are drawn as one.
import { summed, unpackBlob } from '../wire/packed.js';

/**
 * @typedef {{x: number, y: number, count: number, sum: number, weight: number, name: string}} Cluster
 *   in map units; a sum that is not known is NaN; only what stands alone has a name
 * @typedef {{clusters: Cluster[], lost: number, measure: string}} View
 */

/** Names of views begin so; see tp_geo/workflow/points.py. */
export const PREFIX = 'points-';

/** The constants of tp_geo/geometry/clustering.py. */
const [LEVELS, BLOCK, FINE, GRID] = [14, 3, 16, 1 << 17];

/** Cells are at most this wide, in pixels, and more than half of it. */
const CELL = 48;

/**
 * @param {string} key what names of views of the dataset begin with
 * @param {number} measure
 * @param {{view: number[], k: number}} camera
 */
export function viewName(key, measure, { view, k }) {
  const level = Math.max(0, Math.min(LEVELS - 1, Math.floor(Math.log2(CELL / k))));
  const side = 2 ** (level + BLOCK);
  const blocks = view.map((at) => Math.floor(Math.max(0, Math.min(GRID - 1, at)) / side));
  return [key, measure, level, ...blocks].join('-');
}

/** @param {Uint8Array} blob @param {string} measure @returns {Promise<View>} */
export async function decodeView(blob, measure) {
  const { head, arrays } = await unpackBlob(blob, 'TPC1');
  const [x, y] = [arrays.x, arrays.y].map((of) => summed(/** @type {Int32Array} */ (of)));
  let alone = 0;
  const clusters = Array.from(arrays.count, (count, i) => ({
    x: x[i] / FINE, y: y[i] / FINE, count, sum: arrays.sum[i], weight: arrays.weight?.[i] ?? NaN,
    name: count === 1 ? head.names[alone++] : '',
  }));
  return { clusters, lost: head.lost, measure };
}

/**
 * Put clusters that lie near a larger one into it.
 * @param {Cluster[]} clusters
 * @param {number} reach map units
 * @returns {Cluster[]} the largest first
 */
export function gathered(clusters, reach) {
  const order = [...clusters].sort((a, b) => b.count - a.count || a.x - b.x || a.y - b.y);
  const place = (/** @type {number} */ at) => Math.floor(at / reach);
  /** @type {Map<number, Set<Cluster>>} */
  const near = new Map();
  const bin = (/** @type {number} */ x, /** @type {number} */ y) => x * 4 * GRID + y;
  for (const one of order) {
    const key = bin(place(one.x), place(one.y));
    near.set(key, (near.get(key) ?? new Set()).add(one));
  }
  const found = [];
  for (const one of order) {
    if (!near.get(bin(place(one.x), place(one.y)))?.has(one)) continue;
    const joined = [];
    for (let x = place(one.x) - 1; x <= place(one.x) + 1; x++) {
      for (let y = place(one.y) - 1; y <= place(one.y) + 1; y++) {
        const there = near.get(bin(x, y));
        for (const other of there ?? []) {
          if (Math.hypot(other.x - one.x, other.y - one.y) >= reach) continue;
          there?.delete(other);
          joined.push(other);
        }
      }
    }
    found.push(joined.length > 1 ? joint(joined) : one);
  }
  return found.sort((a, b) => b.count - a.count);
}

/** @param {Cluster[]} parts @returns {Cluster} */
function joint(parts) {
  const whole = { x: 0, y: 0, count: 0, sum: NaN, weight: NaN, name: '' };
  for (const part of parts) {
    whole.count += part.count;
    whole.x += part.x * part.count;
    whole.y += part.y * part.count;
    for (const of of /** @type {const} */ (['sum', 'weight'])) {
      if (!Number.isNaN(part[of])) whole[of] = (whole[of] || 0) + part[of];
    }
  }
  whole.x /= whole.count;
  whole.y /= whole.count;
  return whole;
}

/** What a cluster comes to in its measure. @param {Cluster} cluster */
export function figureOf({ sum, weight }) {
  return Number.isNaN(weight) ? sum : sum / weight;
}
