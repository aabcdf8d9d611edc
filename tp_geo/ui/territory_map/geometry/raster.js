// Which item lies under each cell of a grid over the map: found once, looked up many times.

/**
 * @typedef {import('./topology.js').Topology} Topology
 * @typedef {import('./mesh.js').Frames} Frames
 * @typedef {import('./chunks.js').Box} Box
 *
 * @typedef {Object} Raster
 * @property {number} w
 * @property {number} h
 * @property {number} x left of the first cell, map units
 * @property {number} y top of the first cell
 * @property {number} cell side of a cell
 * @property {Int32Array} item at the middle of each cell, -1 for none
 */

/** Cells along the longer side. */
const CELLS = 1100;

/**
 * @param {Topology} t coarse shapes do
 * @param {Pick<Frames, 'box' | 'ringOf' | 'ringOfStart'>} frames
 * @param {Box} bounds
 * @param {number} [cells] along the longer side
 * @returns {Raster}
 */
export function rasterOf(t, frames, [x0, y0, x1, y1], cells = CELLS) {
  const cell = Math.max(x1 - x0, y1 - y0) / cells || 1;
  const w = Math.max(1, Math.ceil((x1 - x0) / cell));
  const h = Math.max(1, Math.ceil((y1 - y0) / cell));
  const raster = { w, h, x: x0, y: y0, cell, item: new Int32Array(w * h).fill(-1) };
  /** @type {number[][]} by row of an item, where its border crosses it */
  const rows = [];
  for (let item = 0; item < t.items; item++) {
    const top = Math.max(0, Math.floor((frames.box[4 * item + 1] - y0) / cell));
    const bottom = Math.min(h - 1, Math.floor((frames.box[4 * item + 3] - y0) / cell));
    if (!(bottom >= top)) continue;
    while (rows.length <= bottom - top) rows.push([]);
    for (let r = 0; r <= bottom - top; r++) rows[r].length = 0;
    for (let k = frames.ringOfStart[item]; k < frames.ringOfStart[item + 1]; k++) {
      cross(t, frames.ringOf[k], raster, top, bottom, rows);
    }
    for (let r = 0; r <= bottom - top; r++) fill(raster, top + r, rows[r], item);
  }
  return raster;
}

/**
 * @param {Topology} t @param {number} ring @param {Raster} raster
 * @param {number} top @param {number} bottom @param {number[][]} rows
 */
function cross({ rx, ry, ringStart }, ring, raster, top, bottom, rows) {
  const end = ringStart[ring + 1];
  for (let i = ringStart[ring], j = end - 1; i < end; j = i++) {
    const a = (ry[j] - raster.y) / raster.cell - 0.5;
    const b = (ry[i] - raster.y) / raster.cell - 0.5;
    const first = Math.max(top, Math.ceil(Math.min(a, b)));
    const last = Math.min(bottom, Math.ceil(Math.max(a, b)) - 1);
    for (let row = first; row <= last; row++) {
      rows[row - top].push(rx[j] + ((rx[i] - rx[j]) * (row - a)) / (b - a));
    }
  }
}

/** @param {Raster} raster @param {number} row @param {number[]} crossings @param {number} item */
function fill({ w, x, cell, item: out }, row, crossings, item) {
  crossings.sort((a, b) => a - b);
  for (let k = 0; k + 1 < crossings.length; k += 2) {
    const from = Math.max(0, Math.ceil((crossings[k] - x) / cell - 0.5));
    const to = Math.min(w - 1, Math.ceil((crossings[k + 1] - x) / cell - 0.5) - 1);
    for (let col = from; col <= to; col++) out[row * w + col] = item;
  }
}
