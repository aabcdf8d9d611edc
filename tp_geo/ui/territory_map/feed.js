// Entry of the second component: brings bytes once and hands them to the map, or leaves them for it.

/** @param {{data: Uint8Array | null}} api */
export default function feed({ data }) {
  if (!data?.buffer) return;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const length = view.getUint32(0, true);
  const key = new TextDecoder().decode(data.subarray(4, 4 + length));
  const bytes = data.slice(4 + length);
  const page = /** @type {any} */ (globalThis);
  if (page.__tpOffer) page.__tpOffer(key, bytes);
  else (page.__tpBlobs ||= new Map()).set(key, bytes);
}
