// What outlives the map's element: decoded shapes, plans, outboxes and cameras of this page.
import { Base } from '../model/base.js';
import { Facts } from '../model/facts.js';
import { Plan } from '../model/plan.js';
import { coarsened } from '../geometry/coarse.js';
import { buildFrames, buildMesh } from '../geometry/mesh.js';
import { Search } from '../geometry/search.js';
import { decodeTopology } from '../geometry/topology.js';
import { blobOf } from './blobs.js';
import { Outbox } from './outbox.js';

/**
 * @typedef {import('../geometry/topology.js').Topology} Topology
 * @typedef {import('../geometry/mesh.js').Mesh} Mesh
 * @typedef {Object} Shapes
 * @property {Topology} topology
 * @property {import('../geometry/mesh.js').Frames} frames
 * @property {Search} search
 * @property {{topology: Topology, mesh: Mesh, tolerance: number}} coarse for the whole map at once
 * @property {() => Promise<Mesh>} fine made on first use, while the page goes on
 * @property {Record<string, number>} cost
 *
 * @typedef {{plan: Plan, outbox: Outbox, selection: Set<number>}} Desk what a planner works on
 */

/** @type {Map<string, Promise<Shapes>>} */
const shapes = new Map();
/** @type {Map<string, Promise<Facts>>} */
const facts = new Map();
/** @type {Map<string, Desk>} */
const desks = new Map();

/** Corners of the coarse shapes are off by up to one part in this of the map's longer side. */
const COARSE = 2600;

/** The name of this page: no other has it, so numbers of operations never clash. */
const CLIENT = Array.from(crypto.getRandomValues(new Uint32Array(2)), (n) => n.toString(36)).join('');

/**
 * @param {string} key
 * @param {() => void} ask
 * @returns {Promise<Shapes>}
 */
export function shapesOf(key, ask) {
  return remembered(shapes, key, async () => decoded(await blobOf(key, ask)));
}

/**
 * @param {string} key
 * @param {() => void} ask
 * @returns {Promise<Facts>}
 */
export function factsOf(key, ask) {
  return remembered(facts, key, async () => Facts.decode(await blobOf(key, ask)));
}

/**
 * What a plan is compared with.
 * @param {{key: string, own: boolean}} base
 * @param {() => void} ask
 * @returns {Promise<Base>}
 */
export async function baseOf({ key, own }, ask) {
  return Base.decode(await blobOf(key, ask), own);
}

/**
 * The plan and outbox of an alignment; a plan over other shapes is begun anew.
 * @param {string} alignment
 * @param {number} items
 * @returns {Desk}
 */
export function deskOf(alignment, items) {
  const known = desks.get(alignment);
  if (known?.plan.items === items) return known;
  const outbox = known?.outbox ?? new Outbox(alignment, CLIENT, shelf());
  const desk = { plan: new Plan(alignment, items), outbox, selection: new Set() };
  desks.set(alignment, desk);
  return desk;
}

/** @param {string} name @param {{x: number, y: number, k: number}} place */
export function keepPlace(name, place) {
  try {
    shelf()?.setItem(`tp-geo:place:${name}`, JSON.stringify(place));
  } catch {
    // a full store forgets where the map was, nothing else
  }
}

/** @param {string} name @returns {{x: number, y: number, k: number} | null} */
export function placeOf(name) {
  try {
    const found = JSON.parse(shelf()?.getItem(`tp-geo:place:${name}`) ?? 'null');
    return found && [found.x, found.y, found.k].every(Number.isFinite) ? found : null;
  } catch {
    return null;
  }
}

/** @param {Uint8Array} blob @returns {Promise<Shapes>} */
async function decoded(blob) {
  const t0 = performance.now();
  const topology = await decodeTopology(blob);
  const t1 = performance.now();
  const frames = buildFrames(topology);
  const search = new Search(topology, frames);
  const t2 = performance.now();
  const [x0, y0, x1, y1] = search.bounds;
  const tolerance = Math.max(x1 - x0, y1 - y0) / COARSE;
  const rough = coarsened(topology, tolerance);
  const mesh = await buildMesh(rough, frames);
  const t3 = performance.now();
  /** @type {Promise<Mesh> | undefined} */
  let made;
  const fine = () => (made ??= buildMesh(topology, frames, pause));
  const cost = { bytes: blob.length, arrivedAt: t0, decodeMs: t1 - t0, searchMs: t2 - t1, coarseMs: t3 - t2 };
  return { topology, frames, search, coarse: { topology: rough, mesh, tolerance }, fine, cost };
}

/** Let the page do something else. @returns {Promise<void>} */
function pause() {
  return new Promise((done) => setTimeout(done, 0));
}

/**
 * @template T
 * @param {Map<string, Promise<T>>} known
 * @param {string} key
 * @param {() => Promise<T>} make
 */
function remembered(known, key, make) {
  let found = known.get(key);
  if (!found) {
    found = make();
    found.catch(() => known.delete(key));
    known.set(key, found);
  }
  return found;
}

/** @returns {Storage | null} */
function shelf() {
  try {
    return globalThis.sessionStorage ?? null;
  } catch {
    return null;
  }
}
