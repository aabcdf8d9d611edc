// Where to write an area's name: in the middle of the largest ellipse inside its largest part.
import { partsOf } from './parts.js';

/**
 * @typedef {import('../geometry/topology.js').Topology} Topology
 * @typedef {import('../geometry/raster.js').Raster} Raster
 * @typedef {import('./parts.js').Parts} Parts
 * @typedef {{id: number, x: number, y: number, area: number, room: number}} Label
 *   `room`: half the height of the ellipse, map units; it is twice as wide as high, like text
 */

/** What a step to the next cell counts, across and slanted; down is 1. */
const ACROSS = 0.5;
const SLANTED = Math.hypot(ACROSS, 1);

/** Of places with nearly as much room as the best, that nearest to the middle is taken. */
const NEARLY = 0.94;

/** Areas with less room than so many cells are looked at item by item. */
const COARSE = 1.2;

/**
 * @param {Topology} t
 * @param {Float32Array} size area of each item
 * @param {Raster} raster
 * @param {ArrayLike<number>} shown area id of each item, 0 for none
 * @param {Parts} [parts] of what is shown, where they are known
 * @returns {Label[]} the largest first
 */
export function labelsOf(t, size, raster, shown, parts = partsOf(t, size, shown)) {
  const middles = middlesOf(t, size, shown, parts);
  const room = roomOf(raster, shown);
  const best = placed(raster, room, shown, parts, middles);
  const inner = innerPoints(t, shown, parts, middles, best);
  return [...middles].map(([id, m]) => {
    const cell = best.get(id);
    const at = cell ?? inner.get(id) ?? m;
    const least = 0.3 * Math.sqrt(m.area / 2);
    return { id, x: at.x, y: at.y, area: m.area, room: cell ? cell.room : least };
  }).sort((a, b) => b.area - a.area);
}

/**
 * How far each cell is from one that shows another area, in cells down; across counts half.
 * @param {Raster} raster @param {ArrayLike<number>} shown
 */
function roomOf({ w, h, item }, shown) {
  const wide = w + 2; // a rim of cells that show nothing
  const area = new Uint16Array(wide * (h + 2));
  const room = new Float32Array(area.length);
  for (let row = 0, c = 0; row < h; row++) {
    for (let col = 0, at = (row + 1) * wide + 1; col < w; col++, c++, at++) {
      if (item[c] >= 0) area[at] = shown[item[c]];
      room[at] = area[at] ? Infinity : 0;
    }
  }
  sweep(area, room, wide, 1);
  sweep(area, room, wide, -1);
  const found = new Float32Array(w * h);
  for (let row = 0; row < h; row++) {
    found.set(room.subarray((row + 1) * wide + 1, (row + 1) * wide + 1 + w), row * w);
  }
  return found;
}

/**
 * Carry distances on from cells that were passed before: down the rows, or back up.
 * @param {Uint16Array} area @param {Float32Array} room @param {number} wide @param {1 | -1} way
 */
function sweep(area, room, wide, way) {
  const beside = -way;
  const behind = -way * wide;
  const first = way > 0 ? wide : area.length - wide - 1;
  for (let c = first, left = area.length - 2 * wide; left > 0; left--, c += way) {
    const id = area[c];
    if (!id) continue;
    let least = room[c];
    const across = area[c + beside] === id ? room[c + beside] + ACROSS : ACROSS / 2;
    const down = area[c + behind] === id ? room[c + behind] + 1 : 0.5;
    const before = area[c + behind + beside] === id ? room[c + behind + beside] + SLANTED : SLANTED / 2;
    const after = area[c + behind - beside] === id ? room[c + behind - beside] + SLANTED : SLANTED / 2;
    if (across < least) least = across;
    if (down < least) least = down;
    if (before < least) least = before;
    if (after < least) least = after;
    room[c] = least;
  }
}

/**
 * The middle and the land of each area's largest part.
 * @param {Topology} t @param {Float32Array} size @param {ArrayLike<number>} shown @param {Parts} parts
 * @returns {Map<number, {x: number, y: number, area: number}>}
 */
function middlesOf(t, size, shown, { part, largest }) {
  const found = new Map();
  for (let i = 0; i < t.items; i++) {
    const id = shown[i];
    if (!id || !(size[i] > 0) || t.px[i] < 0 || part[i] !== largest.get(id)) continue;
    let m = found.get(id);
    if (!m) found.set(id, m = { x: 0, y: 0, area: 0 });
    m.x += t.px[i] * size[i];
    m.y += t.py[i] * size[i];
    m.area += size[i];
  }
  for (const m of found.values()) {
    m.x /= m.area;
    m.y /= m.area;
  }
  return found;
}

/**
 * @param {Raster} raster @param {Float32Array} room @param {ArrayLike<number>} shown @param {Parts} parts
 * @param {Map<number, {x: number, y: number}>} middles
 * @returns {Map<number, {x: number, y: number, room: number}>} by area; small ones are left out
 */
function placed({ w, x, y, cell, item }, room, shown, { part, largest }, middles) {
  const most = new Map();
  const counts = (/** @type {number} */ c) => {
    const id = room[c] > COARSE ? shown[item[c]] : 0;
    return id && part[item[c]] === largest.get(id) ? id : 0;
  };
  for (let c = 0; c < room.length; c++) {
    const id = counts(c);
    if (id && room[c] > (most.get(id) ?? 0)) most.set(id, room[c]);
  }
  const found = new Map();
  for (let c = 0; c < room.length; c++) {
    const id = counts(c);
    const m = middles.get(id);
    if (!m || room[c] < NEARLY * most.get(id)) continue;
    const px = x + ((c % w) + 0.5) * cell;
    const py = y + (Math.floor(c / w) + 0.5) * cell;
    const off = Math.hypot(px - m.x, py - m.y);
    const known = found.get(id);
    if (!known || off < known.off) found.set(id, { x: px, y: py, room: room[c] * cell, off });
  }
  return found;
}

/**
 * The inner point of an item nearest to the middle of each area that has no place so far.
 * @param {Topology} t @param {ArrayLike<number>} shown @param {Parts} parts
 * @param {Map<number, {x: number, y: number}>} middles
 * @param {Map<number, unknown>} known
 */
function innerPoints(t, shown, { part, largest }, middles, known) {
  /** @type {Map<number, {x: number, y: number, off: number}>} */
  const best = new Map();
  for (let i = 0; i < t.items; i++) {
    const m = known.has(shown[i]) ? undefined : middles.get(shown[i]);
    if (!m || t.px[i] < 0 || part[i] !== largest.get(shown[i])) continue;
    const off = Math.hypot(t.px[i] - m.x, t.py[i] - m.y);
    const found = best.get(shown[i]);
    if (!found || off < found.off) best.set(shown[i], { x: t.px[i], y: t.py[i], off });
  }
  return best;
}
