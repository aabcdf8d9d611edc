// What the tests share: fixtures made by Python, a seeded random source, the modules' folder.
import { readFileSync } from 'node:fs';
import { decodeTopology } from '../../tp_geo/ui/territory_map/geometry/topology.js';
import { buildFrames } from '../../tp_geo/ui/territory_map/geometry/mesh.js';
import { Search } from '../../tp_geo/ui/territory_map/geometry/search.js';

export const fixture = (name) =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));

export const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));

export async function smallShapes() {
  const t = await decodeTopology(bytes(fixture('shapes').shapes));
  const frames = buildFrames(t);
  return { t, frames, search: new Search(t, frames) };
}

/** Mulberry32: the same numbers each time. */
export function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let x = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}
