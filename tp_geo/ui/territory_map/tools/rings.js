// Neighbors of items, and what follows from them: one ring more, one ring less, the edge.

/**
 * @typedef {import('../geometry/topology.js').Topology} Topology
 * @typedef {{start: Uint32Array, list: Uint32Array}} Neighbors those of i: `list[start[i]..start[i + 1]]`
 */

/** @type {WeakMap<Topology, Neighbors>} */
const known = new WeakMap();

/** @param {Topology} t @returns {Neighbors} items that share a border, and islands with what they are tied to */
export function neighborsOf(t) {
  let found = known.get(t);
  if (!found) known.set(t, found = listed(t));
  return found;
}

/**
 * A selection with all its neighbors.
 * @param {Topology} t
 * @param {Set<number>} items
 * @returns {number[]} what is new
 */
export function ringAround(t, items) {
  const { start, list } = neighborsOf(t);
  const ring = new Set();
  for (const i of items) {
    for (let k = start[i]; k < start[i + 1]; k++) if (!items.has(list[k])) ring.add(list[k]);
  }
  return [...ring];
}

/**
 * Items beside one that is not among them.
 * @param {Topology} t
 * @param {Iterable<number>} items
 * @param {(item: number) => boolean} among
 * @returns {number[]}
 */
export function edgeOf(t, items, among) {
  const { start, list } = neighborsOf(t);
  const found = [];
  for (const i of items) {
    for (let k = start[i]; k < start[i + 1]; k++) {
      if (among(list[k])) continue;
      found.push(i);
      break;
    }
  }
  return found;
}

/** @param {Topology} t @returns {Neighbors} */
function listed(t) {
  const start = new Uint32Array(t.items + 1);
  eachPair(t, (a, b) => { start[a + 1]++; start[b + 1]++; });
  for (let i = 0; i < t.items; i++) start[i + 1] += start[i];
  const at = start.slice();
  const list = new Uint32Array(start[t.items]);
  eachPair(t, (a, b) => { list[at[a]++] = b; list[at[b]++] = a; });
  return { start, list };
}

/** @param {Topology} t @param {(a: number, b: number) => void} visit once for each arc and link */
function eachPair(t, visit) {
  for (let a = 0; a < t.own.length; a++) if (t.beyond[a] >= 0) visit(t.own[a], t.beyond[a]);
  for (const [a, b] of t.links) visit(a, b);
}
