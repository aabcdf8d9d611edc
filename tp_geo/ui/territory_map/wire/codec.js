// Plain data on the wire: base64, zlib, positions as steps. See docs/map-protocol.md.

/**
 * @param {string} text base64
 * @returns {Uint8Array}
 */
export function bytesOf(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/**
 * @param {Uint8Array} bytes zlib data
 * @returns {Promise<Uint8Array>}
 */
export async function inflate(bytes) {
  const stream = new Blob([/** @type {BlobPart} */ (bytes)]).stream();
  const plain = stream.pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}

/**
 * A part of a message as it was before it was compressed.
 * @param {any} part
 * @returns {Promise<any>}
 */
export async function unpackPart(part) {
  if (!part || typeof part.z !== 'string') return part;
  const { z, ...rest } = part;
  return { ...rest, ...JSON.parse(new TextDecoder().decode(await inflate(bytesOf(z)))) };
}

/**
 * @param {ArrayLike<number>} steps the first position and the steps between them
 * @returns {Int32Array}
 */
export function positionsOf(steps) {
  const out = new Int32Array(steps.length);
  let at = 0;
  for (let i = 0; i < steps.length; i++) out[i] = at += steps[i];
  return out;
}

/**
 * @param {Iterable<number>} positions in any order
 * @returns {number[]}
 */
export function stepsOf(positions) {
  const sorted = Int32Array.from(new Set(positions)).sort();
  return Array.from(sorted, (p, i) => (i ? p - sorted[i - 1] : p));
}

/**
 * Area numbers of all containers, little endian.
 * @param {string} text base64 of zlib of uint16
 * @returns {Promise<Uint16Array>}
 */
export async function areasOf(text) {
  const raw = await inflate(bytesOf(text));
  return new Uint16Array(raw.buffer, raw.byteOffset, raw.byteLength >> 1).slice();
}
