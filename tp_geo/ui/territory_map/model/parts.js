// The connected parts of areas: neighbors share a border, or are linked as an island to its coast.

/**
 * @typedef {import('../geometry/topology.js').Topology} Topology
 * @typedef {{part: Uint32Array, largest: Map<number, number>, count: Map<number, number>}} Parts
 *   `part`: by item, one item that stands for its part; `largest`: by area, the part with the
 *   most land; `count`: by area, in how many parts it is
 */

/**
 * @param {Topology} t
 * @param {Float32Array} size of each item; parts without any are not counted
 * @param {ArrayLike<number>} shown area of each item, 0 for none
 * @returns {Parts}
 */
export function partsOf(t, size, shown) {
  const up = Uint32Array.from({ length: t.items }, (_, i) => i);
  const find = (/** @type {number} */ i) => {
    while (up[i] !== i) {
      up[i] = up[up[i]];
      i = up[i];
    }
    return i;
  };
  for (let a = 0; a < t.own.length; a++) {
    const other = t.beyond[a];
    if (other >= 0 && shown[t.own[a]] === shown[other]) up[find(t.own[a])] = find(other);
  }
  for (const [one, other] of t.links) if (shown[one] === shown[other]) up[find(one)] = find(other);
  const part = up.map((_, i) => find(i));
  return { part, ...counted(part, size, shown) };
}

/** @param {Uint32Array} part @param {Float32Array} size @param {ArrayLike<number>} shown */
function counted(part, size, shown) {
  /** @type {Map<number, number>} */
  const land = new Map();
  for (let i = 0; i < part.length; i++) {
    if (shown[i] && size[i] > 0) land.set(part[i], (land.get(part[i]) ?? 0) + size[i]);
  }
  const largest = new Map();
  const count = new Map();
  for (const [root, of] of land) {
    const id = shown[root];
    count.set(id, (count.get(id) ?? 0) + 1);
    const best = largest.get(id);
    if (best === undefined || of > /** @type {number} */ (land.get(best))) largest.set(id, root);
  }
  return { largest, count };
}

/**
 * Items of an area that are not in its largest part.
 * @param {Parts} parts @param {ArrayLike<number>} shown @param {number} id
 * @returns {number[]}
 */
export function astray({ part, largest }, shown, id) {
  const found = [];
  for (let i = 0; i < part.length; i++) if (shown[i] === id && part[i] !== largest.get(id)) found.push(i);
  return found;
}
