// Units on the map: which view of them to ask for, and which of its clusters are drawn as one.
import { summed, unpackBlob } from '../wire/packed.js';

/**
 * @typedef {{x: number, y: number, count: number, sum: number, weight: number, name: string}} Cluster
 *   in map units; a sum that is not known is NaN; only what stands alone has a name
 * @typedef {{clusters: Cluster[], lost: number, measure: string}} View
 */

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
  let left = [...clusters].sort((a, b) => b.count - a.count || a.x - b.x || a.y - b.y);
  const found = [];
  while (left.length) {
    const { x, y } = left[0];
    /** @type {[Cluster[], Cluster[]]} */
    const [near, far] = [[], []];
    for (const one of left) (Math.hypot(one.x - x, one.y - y) < reach ? near : far).push(one);
    found.push(near.length > 1 ? joint(near) : near[0]);
    left = far;
  }
  return found.sort((a, b) => b.count - a.count);
}

/** @param {Cluster[]} parts @returns {Cluster} */
function joint(parts) {
  const sum = (/** @type {(one: Cluster) => number} */ of) => parts.reduce((all, one) => all + of(one), 0);
  const known = (/** @type {'sum' | 'weight'} */ of) => (parts.every((one) => isNaN(one[of])) ? NaN : sum((one) => one[of] || 0));
  const count = sum((one) => one.count);
  return { x: sum((one) => one.x * one.count) / count, y: sum((one) => one.y * one.count) / count, count,
    sum: known('sum'), weight: known('weight'), name: '' };
}

/** What a cluster comes to in its measure. @param {Cluster} cluster */
export function figureOf({ sum, weight }) {
  return Number.isNaN(weight) ? sum : sum / weight;
}
