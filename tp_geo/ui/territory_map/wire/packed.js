// One compressed file of a JSON head and named arrays (tp_geo/geometry/packed.py).
import { inflate } from './codec.js';

/** @typedef {Record<string, Int32Array | Float32Array>} Arrays */

/**
 * @param {Uint8Array} blob
 * @param {string} magic four letters
 * @returns {Promise<{head: any, arrays: Arrays}>}
 */
export async function unpackBlob(blob, magic) {
  const raw = await inflate(blob);
  const found = String.fromCharCode(...raw.subarray(0, 4));
  if (found !== magic) throw new Error(`Expected a ${magic} file, found ${found}.`);
  const length = new DataView(raw.buffer, raw.byteOffset).getUint32(4, true);
  const head = JSON.parse(new TextDecoder().decode(raw.subarray(8, 8 + length)));
  /** @type {Arrays} */
  const arrays = {};
  let at = 8 + length;
  for (const [name, kind, count, size] of head.arrays) {
    const body = raw.subarray(at, at + size);
    arrays[name] = kind === 'varint' ? varints(body, count) : floats(body, count);
    at += size;
  }
  return { head, arrays };
}

/**
 * Zig-zag LEB128 to integers.
 * @param {Uint8Array} bytes
 * @param {number} count
 */
export function varints(bytes, count) {
  const out = new Int32Array(count);
  let p = 0;
  for (let i = 0; i < count; i++) {
    let byte = bytes[p++];
    let value = byte & 127;
    for (let shift = 7; byte & 128; shift += 7) {
      byte = bytes[p++];
      value |= (byte & 127) << shift;
    }
    out[i] = (value >>> 1) ^ -(value & 1);
  }
  return out;
}

/**
 * Sums of differences, in place.
 * @param {Int32Array} values
 */
export function summed(values) {
  for (let i = 1; i < values.length; i++) values[i] += values[i - 1];
  return values;
}

/**
 * Floats whose bytes were sorted into four planes.
 * @param {Uint8Array} bytes
 * @param {number} count
 */
function floats(bytes, count) {
  const mixed = new Uint8Array(count * 4);
  for (let plane = 0; plane < 4; plane++) {
    for (let i = 0; i < count; i++) mixed[4 * i + plane] = bytes[plane * count + i];
  }
  return new Float32Array(mixed.buffer);
}
