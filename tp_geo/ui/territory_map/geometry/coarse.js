// The same arcs with fewer corners, for the whole nation on one screen: what differs is below a pixel.
import { ringsOf, starts } from './topology.js';

/** @typedef {import('./topology.js').Topology} Topology */

/**
 * @param {Topology} t
 * @param {number} tolerance map units a border may move
 * @returns {Topology} with the same arcs, rings and items
 */
export function coarsened(t, tolerance) {
  const { x, y, arcStart } = thinned(t, tolerance);
  return { ...t, x, y, arcStart, ...ringsOf(t.used, t.perRing, arcStart, x, y) };
}

/**
 * Runs of corners with fewer of them.
 * @param {Pick<Topology, 'x' | 'y' | 'arcStart'>} t
 * @param {number} tolerance
 */
export function thinned(t, tolerance) {
  const keep = new Uint8Array(t.x.length);
  const lengths = Array.from(t.arcStart.subarray(1), (_, a) => thin(t, a, tolerance, keep));
  return { x: t.x.filter((_, i) => keep[i]), y: t.y.filter((_, i) => keep[i]), arcStart: starts(lengths) };
}

/**
 * Mark the corners of an arc that stay (Douglas and Peucker); of a closed arc at least three.
 * @param {Pick<Topology, 'x' | 'y' | 'arcStart'>} t @param {number} arc @param {number} tolerance @param {Uint8Array} keep
 * @returns {number} how many stay
 */
function thin({ x, y, arcStart }, arc, tolerance, keep) {
  const first = arcStart[arc];
  const last = arcStart[arc + 1] - 1;
  keep[first] = keep[last] = 1;
  let kept = 2;
  const closed = x[first] === x[last] && y[first] === y[last];
  const waiting = [[first, last, closed ? 2 : 0]];
  while (waiting.length) {
    const [from, to, must] = /** @type {number[]} */ (waiting.pop());
    const [at, off] = farthest(x, y, from, to);
    if (at < 0 || (off <= tolerance && !must)) continue;
    keep[at] = 1;
    kept++;
    waiting.push([from, at, must > 1 ? 1 : 0], [at, to, 0]);
  }
  return kept;
}

/**
 * The corner farthest from the straight line between two others, and how far.
 * @param {Float32Array} x @param {Float32Array} y @param {number} from @param {number} to
 */
function farthest(x, y, from, to) {
  const dx = x[to] - x[from];
  const dy = y[to] - y[from];
  const length = Math.hypot(dx, dy);
  let best = -1;
  let most = -1;
  for (let i = from + 1; i < to; i++) {
    const ex = x[i] - x[from];
    const ey = y[i] - y[from];
    const off = length ? Math.abs(ex * dy - ey * dx) / length : Math.hypot(ex, ey);
    if (off > most) [best, most] = [i, off];
  }
  return [best, most];
}
