// Which item is where: a grid over boxes, then point in polygon. Under 0.1 ms a question.

/**
 * @typedef {import('./topology.js').Topology} Topology
 * @typedef {import('./mesh.js').Frames} Frames
 */

const SIDE = 256;

export class Search {
  /** @type {Uint32Array} items by cell */ list;
  /** @type {Uint32Array} where each cell's items begin */ start;

  /** @param {Topology} t @param {Frames} frames */
  constructor(t, frames) {
    this.t = t;
    this.frames = frames;
    this.bounds = boundsOf(frames.box);
    ({ list: this.list, start: this.start } = this.#filled());
  }

  /** @returns {number} the item at a place, -1 for none */
  itemAt(/** @type {number} */ x, /** @type {number} */ y) {
    const [x0, y0, x1, y1] = this.bounds;
    if (!(x >= x0 && x <= x1 && y >= y0 && y <= y1)) return -1;
    const cell = this.#row(y) * SIDE + this.#column(x);
    for (let k = this.start[cell]; k < this.start[cell + 1]; k++) {
      const item = this.list[k];
      if (this.#inBox(item, x, y) && this.covers(item, x, y)) return item;
    }
    return -1;
  }

  /** Whether an item covers a place, by the even-odd rule. */
  covers(/** @type {number} */ item, /** @type {number} */ x, /** @type {number} */ y) {
    const { rx, ry, ringStart } = this.t;
    const { ringOf, ringOfStart } = this.frames;
    let inside = false;
    for (let k = ringOfStart[item]; k < ringOfStart[item + 1]; k++) {
      const ring = ringOf[k];
      if (crossings(rx, ry, ringStart[ring], ringStart[ring + 1], x, y)) inside = !inside;
    }
    return inside;
  }

  /**
   * Items whose inner point lies in a polygon.
   * @param {number[]} xs
   * @param {number[]} ys
   * @returns {number[]}
   */
  within(xs, ys) {
    const { px, py } = this.t;
    const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    const found = [];
    for (let i = 0; i < px.length; i++) {
      if (px[i] < 0 || px[i] < box[0] || px[i] > box[2] || py[i] < box[1] || py[i] > box[3]) continue;
      if (crossings(xs, ys, 0, xs.length, px[i], py[i])) found.push(i);
    }
    return found;
  }

  /**
   * Items under a brush drawn from one place to another: those whose inner point is
   * within its radius, and those the line itself runs over.
   * @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1
   * @param {number} radius
   * @param {number} pace how far apart to look along the line
   * @returns {Set<number>}
   */
  along(x0, y0, x1, y1, radius, pace) {
    const found = new Set();
    const steps = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / pace));
    for (let s = 0; s <= steps; s++) {
      const item = this.itemAt(x0 + ((x1 - x0) * s) / steps, y0 + ((y1 - y0) * s) / steps);
      if (item >= 0) found.add(item);
    }
    if (radius > 0) this.#near(x0, y0, x1, y1, radius, found);
    return found;
  }

  /**
   * @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1
   * @param {number} radius
   * @param {Set<number>} found
   */
  #near(x0, y0, x1, y1, radius, found) {
    const { px, py } = this.t;
    const right = this.#column(Math.max(x0, x1) + radius);
    const bottom = this.#row(Math.max(y0, y1) + radius);
    for (let row = this.#row(Math.min(y0, y1) - radius); row <= bottom; row++) {
      for (let col = this.#column(Math.min(x0, x1) - radius); col <= right; col++) {
        for (let k = this.start[row * SIDE + col]; k < this.start[row * SIDE + col + 1]; k++) {
          const i = this.list[k];
          if (px[i] >= 0 && distance(px[i], py[i], x0, y0, x1, y1) <= radius) found.add(i);
        }
      }
    }
  }

  #filled() {
    const { box } = this.frames;
    const counts = new Uint32Array(SIDE * SIDE + 1);
    this.#eachCell((cell) => counts[cell + 1]++);
    for (let c = 0; c < SIDE * SIDE; c++) counts[c + 1] += counts[c];
    const at = counts.slice();
    const list = new Uint32Array(counts[SIDE * SIDE]);
    this.#eachCell((cell, item) => { list[at[cell]++] = item; });
    return { list, start: counts };
  }

  /** @param {(cell: number, item: number) => void} visit */
  #eachCell(visit) {
    const { box } = this.frames;
    for (let i = 0; i < this.t.items; i++) {
      if (!(box[4 * i] <= box[4 * i + 2])) continue;
      const right = this.#column(box[4 * i + 2]);
      const bottom = this.#row(box[4 * i + 3]);
      for (let row = this.#row(box[4 * i + 1]); row <= bottom; row++) {
        for (let col = this.#column(box[4 * i]); col <= right; col++) visit(row * SIDE + col, i);
      }
    }
  }

  /** @param {number} item @param {number} x @param {number} y */
  #inBox(item, x, y) {
    const { box } = this.frames;
    const b = 4 * item;
    return x >= box[b] && x <= box[b + 2] && y >= box[b + 1] && y <= box[b + 3];
  }

  /** @param {number} x */
  #column(x) {
    return clamp(((x - this.bounds[0]) / (this.bounds[2] - this.bounds[0] || 1)) * SIDE);
  }

  /** @param {number} y */
  #row(y) {
    return clamp(((y - this.bounds[1]) / (this.bounds[3] - this.bounds[1] || 1)) * SIDE);
  }
}

/**
 * @param {Float32Array} box of all items
 * @returns {import('./chunks.js').Box}
 */
function boundsOf(box) {
  /** @type {import('./chunks.js').Box} */
  const all = [Infinity, Infinity, -Infinity, -Infinity];
  for (let b = 0; b < box.length; b += 4) {
    all[0] = Math.min(all[0], box[b]);
    all[1] = Math.min(all[1], box[b + 1]);
    all[2] = Math.max(all[2], box[b + 2]);
    all[3] = Math.max(all[3], box[b + 3]);
  }
  return all[0] <= all[2] ? all : [0, 0, 1, 1];
}

/** @param {number} v */
function clamp(v) {
  return Math.max(0, Math.min(SIDE - 1, Math.floor(v)));
}

/**
 * Whether a ray from a point crosses a ring an odd number of times.
 * @param {ArrayLike<number>} xs @param {ArrayLike<number>} ys
 * @param {number} from @param {number} to
 * @param {number} x @param {number} y
 */
function crossings(xs, ys, from, to, x, y) {
  let odd = false;
  for (let i = from, j = to - 1; i < to; j = i++) {
    if ((ys[i] > y) === (ys[j] > y)) continue;
    if (x < ((xs[j] - xs[i]) * (y - ys[i])) / (ys[j] - ys[i]) + xs[i]) odd = !odd;
  }
  return odd;
}

/**
 * From a point to a line piece.
 * @param {number} x @param {number} y
 * @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1
 */
function distance(x, y, x0, y0, x1, y1) {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length = dx * dx + dy * dy;
  const at = length ? Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / length)) : 0;
  return Math.hypot(x - x0 - at * dx, y - y0 - at * dy);
}
