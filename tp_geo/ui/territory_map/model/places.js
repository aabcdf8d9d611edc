// Names on the ground: states and counties from the shapes' levels, cities from the items' names.
import { labelsOf } from './labels.js';

/**
 * @typedef {import('../geometry/topology.js').Topology} Topology
 * @typedef {import('./labels.js').Label & {name: string}} Place
 * @typedef {{name: string, x: number, y: number, items: number}} City
 * @typedef {{name: string, box: import('../geometry/chunks.js').Box}} Inset
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
  /** @type {Map<string, {x: number, y: number, items: number[]}>} */
  const found = new Map();
  for (let i = 0; i < t.items; i++) {
    if (!t.names[i] || t.px[i] < 0) continue;
    let city = found.get(t.names[i]);
    if (!city) found.set(t.names[i], city = { x: 0, y: 0, items: [] });
    city.x += t.px[i];
    city.y += t.py[i];
    city.items.push(i);
  }
  return [...found].filter(([, { items }]) => items.length >= SHARED)
    .map(([name, { x, y, items }]) => {
      const at = nearest(t, items, x / items.length, y / items.length);
      return { name: name.split(',')[0], x: t.px[at], y: t.py[at], items: items.length };
    })
    .sort((a, b) => b.items - a.items || (a.name < b.name ? -1 : 1));
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
  return [...found].map(([at, of]) => ({ name: titled(projection.pieces[at].name), box: of }));
}

/** @param {string} name */
function titled(name) {
  return name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}
