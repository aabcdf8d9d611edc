// Names on the ground: states and counties from the shapes' levels, cities from the items' names.
import { labelsOf } from './labels.js';

/**
 * @typedef {import('../geometry/topology.js').Topology} Topology
 * @typedef {import('./labels.js').Label & {name: string}} Place
 * @typedef {{name: string, x: number, y: number, items: number}} City
 * @typedef {{name: string, piece: number, box: import('../geometry/chunks.js').Box}} Inset
 */

/** A name that so many items share is that of a city. */
const SHARED = 2;

/**
 * @param {Topology} t
 * @param {Float32Array} size
 * @param {import('../geometry/raster.js').Raster} raster
 * @param {string} level
 * @returns {Place[]} the largest first; none where the shapes don't know the level
 */
export function placesOf(t, size, raster, level) {
  const of = t.levels.find((l) => l.name === level);
  if (!of) return [];
  const shown = Uint16Array.from(of.of, (at) => at + 1);
  return labelsOf(t, size, raster, shown).map((label) =>
    ({ ...label, name: of.names[label.id - 1] || of.codes[label.id - 1] }));
}

/**
 * Items of one name are a city, called by what stands before the comma.
 * @param {Topology} t
 * @returns {City[]} the one of most items first
 */
export function citiesOf(t) {
  return itemsByName(t).filter(([, items]) => items.length >= SHARED).map(([name, items]) => {
    const at = nearest(t, items, mean(t.px, items), mean(t.py, items));
    return { name: name.split(',')[0], x: t.px[at], y: t.py[at], items: items.length };
  });
}

/**
 * Items that the map shows and that have a name of their own, by name; that of most items first.
 * @param {Pick<Topology, 'names' | 'px'>} t
 * @returns {Array<[string, number[]]>}
 */
export function itemsByName({ names, px }) {
  /** @type {Map<string, number[]>} */
  const found = new Map();
  names.forEach((name, i) => {
    if (!name || px[i] < 0) return;
    const items = found.get(name);
    if (items) items.push(i);
    else found.set(name, [i]);
  });
  return [...found].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
}

/** @param {ArrayLike<number>} of @param {number[]} items */
function mean(of, items) {
  return items.reduce((sum, i) => sum + of[i], 0) / items.length;
}

/** @param {Topology} t @param {number[]} items @param {number} x @param {number} y */
function nearest(t, items, x, y) {
  const off = (/** @type {number} */ i) => Math.hypot(t.px[i] - x, t.py[i] - y);
  return items.reduce((best, i) => (off(i) < off(best) ? i : best));
}

/**
 * What a composite shows beside its first piece: Alaska, Hawaii, ...
 * @param {Topology} t
 * @param {Pick<import('../geometry/mesh.js').Frames, 'box'>} frames
 * @returns {Inset[]}
 */
export function insetsOf({ items, piece, projection }, { box }) {
  /** @type {Map<number, import('../geometry/chunks.js').Box>} */
  const found = new Map();
  for (let i = 0; i < items; i++) {
    if (piece[i] < 1 || !(box[4 * i] <= box[4 * i + 2])) continue;
    const known = found.get(piece[i]) ?? [Infinity, Infinity, -Infinity, -Infinity];
    found.set(piece[i], [
      Math.min(known[0], box[4 * i]), Math.min(known[1], box[4 * i + 1]),
      Math.max(known[2], box[4 * i + 2]), Math.max(known[3], box[4 * i + 3]),
    ]);
  }
  return [...found].map(([at, of]) => ({ name: titled(projection.pieces[at].name), piece: at, box: of }));
}

/** @param {string} name */
function titled(name) {
  return name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}
