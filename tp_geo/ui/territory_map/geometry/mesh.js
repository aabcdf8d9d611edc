// Triangles of all items, their boxes and areas.
import earcut from '../vendor/earcut.js';
import { stretchOf } from './projection.js';

/**
 * @typedef {import('./topology.js').Topology} Topology
 * @typedef {Object} Frames
 * @property {Float32Array} box left, top, right, bottom of each item; empty ones are inverted
 * @property {Float32Array} area map units squared
 * @property {Float32Array} km2 on the Earth
 * @property {Uint32Array} ringOf rings sorted by item
 * @property {Uint32Array} ringOfStart by item
 *
 * @typedef {Object} Mesh
 * @property {Uint32Array} triangles corners as indices into the rings' corners, item by item
 * @property {Uint32Array} triangleStart by item
 * @property {Uint32Array} cornerItem
 */

/** How long triangles are made before the page may do something else, in milliseconds. */
const SLICE_MS = 12;

/**
 * @param {Topology} t
 * @returns {Frames}
 */
export function buildFrames(t) {
  const { box, area } = measured(t);
  return { ...ringsByItem(t), box, area, km2: area.map((units, i) => units * km2PerUnit(t, i)) };
}

/**
 * @param {Topology} t
 * @param {Frames} frames
 * @param {() => Promise<void>} [pause] lets the page breathe; without it all is done at once
 * @returns {Promise<Mesh>}
 */
export async function buildMesh(t, frames, pause) {
  const cornerItem = new Uint32Array(t.rx.length);
  for (let r = 0; r < t.ringItem.length; r++) {
    cornerItem.fill(t.ringItem[r], t.ringStart[r], t.ringStart[r + 1]);
  }
  const triangleStart = new Uint32Array(t.items + 1);
  const triangles = new Uint32Array(t.rx.length * 3 + 3);
  let n = 0;
  let began = performance.now();
  for (let item = 0; item < t.items; item++) {
    n = addItem(t, frames, item, triangles, n);
    triangleStart[item + 1] = n;
    if (!pause || item % 64 || performance.now() - began < SLICE_MS) continue;
    await pause();
    began = performance.now();
  }
  return { triangles: triangles.slice(0, n), triangleStart, cornerItem };
}

/** @param {Topology} t */
function ringsByItem(t) {
  const ringOfStart = new Uint32Array(t.items + 1);
  for (const item of t.ringItem) ringOfStart[item + 1]++;
  for (let i = 0; i < t.items; i++) ringOfStart[i + 1] += ringOfStart[i];
  const at = ringOfStart.slice();
  const ringOf = new Uint32Array(t.ringItem.length);
  for (let r = 0; r < t.ringItem.length; r++) ringOf[at[t.ringItem[r]]++] = r;
  return { ringOf, ringOfStart };
}

/**
 * @param {Topology} t
 * @param {Frames} frames
 * @param {number} item
 * @param {Uint32Array} out
 * @param {number} n how many corners it holds
 * @returns {number} how many it holds now
 */
function addItem(t, { ringOf, ringOfStart }, item, out, n) {
  for (let k = ringOfStart[item]; k < ringOfStart[item + 1];) {
    let end = k + 1;
    while (end < ringOfStart[item + 1] && t.ringHole[ringOf[end]]) end++;
    n = addPolygon(t, ringOf[k], ringOf[end - 1], out, n);
    k = end;
  }
  return n;
}

/**
 * @param {Topology} t
 * @param {number} outer a ring
 * @param {number} last of its holes, which follow it; the ring itself where there is none
 * @param {Uint32Array} out
 * @param {number} n
 */
function addPolygon({ rx, ry, ringStart }, outer, last, out, n) {
  const base = ringStart[outer];
  const count = ringStart[last + 1] - base;
  /** @type {number[]} */
  const flat = new Array(2 * count);
  for (let i = 0; i < count; i++) {
    flat[2 * i] = rx[base + i];
    flat[2 * i + 1] = ry[base + i];
  }
  const holes = [];
  for (let ring = outer + 1; ring <= last; ring++) holes.push(ringStart[ring] - base);
  for (const corner of earcut(flat, holes.length ? holes : undefined)) out[n++] = base + corner;
  return n;
}

/** Square kilometres of a map unit squared where an item lies. @param {Topology} t @param {number} item */
function km2PerUnit({ projection, sheet, piece, py }, item) {
  const [, top, step] = sheet;
  const metres = step / stretchOf(projection, piece[item], top - py[item] * step);
  return (metres * metres) / 1e6;
}

/** @param {Topology} t */
function measured(t) {
  const box = new Float32Array(t.items * 4);
  for (let i = 0; i < t.items; i++) box.set([Infinity, Infinity, -Infinity, -Infinity], 4 * i);
  const twice = new Float64Array(t.items);
  for (let r = 0; r < t.ringItem.length; r++) {
    const b = 4 * t.ringItem[r];
    let sum = 0;
    for (let i = t.ringStart[r], end = t.ringStart[r + 1], j = end - 1; i < end; j = i++) {
      const x = t.rx[i];
      const y = t.ry[i];
      if (x < box[b]) box[b] = x;
      if (y < box[b + 1]) box[b + 1] = y;
      if (x > box[b + 2]) box[b + 2] = x;
      if (y > box[b + 3]) box[b + 3] = y;
      sum += t.rx[j] * y - x * t.ry[j];
    }
    twice[t.ringItem[r]] += t.ringHole[r] ? -Math.abs(sum) : Math.abs(sum);
  }
  return { box, area: Float32Array.from(twice, (v) => v / 2) };
}
