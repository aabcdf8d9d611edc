// Things sorted into a coarse grid, so that only what is in view is drawn.

const SIDE = 48;

/**
 * @typedef {[number, number, number, number]} Box left, top, right, bottom
 * @typedef {Object} Chunks
 * @property {Uint32Array} indices
 * @property {Uint32Array} start by cell
 * @property {Float32Array} box by cell, what its things really cover
 */

/**
 * Sort index lists into cells.
 * @param {number} count of things
 * @param {(i: number) => Box} boxOf the box of a thing; its middle chooses the cell
 * @param {(i: number) => number} sizeOf how many indices a thing has
 * @param {(i: number, out: Uint32Array, at: number) => void} write its indices
 * @param {Box} bounds of everything
 * @returns {Chunks}
 */
export function buildChunks(count, boxOf, sizeOf, write, bounds) {
  const cells = new Uint16Array(count);
  const start = new Uint32Array(SIDE * SIDE + 1);
  const box = new Float32Array(SIDE * SIDE * 4);
  for (let c = 0; c < SIDE * SIDE; c++) box.set([Infinity, Infinity, -Infinity, -Infinity], 4 * c);
  for (let i = 0; i < count; i++) {
    const b = boxOf(i);
    cells[i] = cellOf((b[0] + b[2]) / 2, (b[1] + b[3]) / 2, bounds);
    start[cells[i] + 1] += sizeOf(i);
    widen(box, 4 * cells[i], b);
  }
  for (let c = 0; c < SIDE * SIDE; c++) start[c + 1] += start[c];
  const at = start.slice();
  const indices = new Uint32Array(start[SIDE * SIDE]);
  for (let i = 0; i < count; i++) {
    write(i, indices, at[cells[i]]);
    at[cells[i]] += sizeOf(i);
  }
  return { indices, start, box };
}

/**
 * Runs of indices whose cells meet a box.
 * @param {Pick<Chunks, 'start' | 'box'>} chunks
 * @param {Box} view
 * @returns {Array<[number, number]>} first and count
 */
export function runsIn({ start, box }, [x0, y0, x1, y1]) {
  /** @type {Array<[number, number]>} */
  const runs = [];
  for (let c = 0; c < start.length - 1; c++) {
    const count = start[c + 1] - start[c];
    const b = 4 * c;
    const meets = box[b] <= x1 && box[b + 2] >= x0 && box[b + 1] <= y1 && box[b + 3] >= y0;
    if (!count || !meets) continue;
    const last = runs[runs.length - 1];
    if (last && last[0] + last[1] === start[c]) last[1] += count;
    else runs.push([start[c], count]);
  }
  return runs;
}

/** @param {number} x @param {number} y @param {Box} b */
function cellOf(x, y, b) {
  return step(y, b[1], b[3]) * SIDE + step(x, b[0], b[2]);
}

/** @param {number} v @param {number} low @param {number} high */
function step(v, low, high) {
  const at = Math.floor(((v - low) / (high - low || 1)) * SIDE);
  return at >= 0 ? Math.min(SIDE - 1, at) : 0;
}

/** @param {Float32Array} box @param {number} at @param {Box} b */
function widen(box, at, b) {
  box[at] = Math.min(box[at], b[0]);
  box[at + 1] = Math.min(box[at + 1], b[1]);
  box[at + 2] = Math.max(box[at + 2], b[2]);
  box[at + 3] = Math.max(box[at + 3], b[3]);
}
