// Where to write an area's name: inside its largest part, near the middle of it.

/**
 * @typedef {import('../geometry/topology.js').Topology} Topology
 * @typedef {{id: number, x: number, y: number, area: number, width: number}} Label
 */

/**
 * @param {Topology} t
 * @param {Float32Array} size area of each item
 * @param {Uint16Array} shown area id of each item
 * @returns {Label[]} the largest first
 */
export function labelsOf(t, size, shown) {
  const part = partsOf(t, shown);
  const parts = momentsOf(t, size, part);
  /** @type {Map<number, number>} */
  const largest = new Map();
  for (const [root, m] of parts) {
    const id = shown[root];
    if (!id) continue;
    const best = largest.get(id);
    if (best === undefined || m.area > /** @type {any} */ (parts.get(best)).area) largest.set(id, root);
  }
  const anchors = nearestPoints(t, part, parts, new Set(largest.values()));
  return [...largest].map(([id, root]) => {
    const m = /** @type {any} */ (parts.get(root));
    const at = anchors.get(root) ?? { x: m.x / m.area, y: m.y / m.area };
    return { id, x: at.x, y: at.y, area: m.area, width: Math.sqrt(m.area) };
  }).sort((a, b) => b.area - a.area);
}

/**
 * By item, one item that stands for its connected part.
 * @param {Topology} t
 * @param {Uint16Array} shown
 */
function partsOf(t, shown) {
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
  return up.map((_, i) => find(i));
}

/**
 * @param {Topology} t
 * @param {Float32Array} size
 * @param {Uint32Array} part
 * @returns {Map<number, {x: number, y: number, area: number}>}
 */
function momentsOf(t, size, part) {
  const found = new Map();
  for (let i = 0; i < t.items; i++) {
    if (!(size[i] > 0) || t.px[i] < 0) continue;
    let m = found.get(part[i]);
    if (!m) found.set(part[i], m = { x: 0, y: 0, area: 0 });
    m.x += t.px[i] * size[i];
    m.y += t.py[i] * size[i];
    m.area += size[i];
  }
  return found;
}

/**
 * The inner point of an item nearest to the middle of each part that is asked for.
 * @param {Topology} t
 * @param {Uint32Array} part
 * @param {Map<number, {x: number, y: number, area: number}>} parts
 * @param {Set<number>} wanted
 */
function nearestPoints(t, part, parts, wanted) {
  /** @type {Map<number, {x: number, y: number, d: number}>} */
  const best = new Map();
  for (let i = 0; i < t.items; i++) {
    if (!wanted.has(part[i]) || t.px[i] < 0) continue;
    const m = /** @type {any} */ (parts.get(part[i]));
    const d = Math.hypot(t.px[i] - m.x / m.area, t.py[i] - m.y / m.area);
    const known = best.get(part[i]);
    if (!known || d < known.d) best.set(part[i], { x: t.px[i], y: t.py[i], d });
  }
  return best;
}
