// Shapes and figures by key: in memory, else in IndexedDB, else asked of Python once.

const DATABASE = 'tp-geo';
const STORE = 'blobs';
const KEPT = 12;

/** What is handed on and not kept here. */
const PASSING = /^points-/;

/**
 * The other component brings the bytes; what the two share hangs on the window.
 * @type {Map<string, Uint8Array>}
 */
const memory = ((/** @type {any} */ (globalThis)).__tpBlobs ||= new Map());

/** @type {Map<string, Array<(bytes: Uint8Array) => void>>} */
const waiting = new Map();

/** @type {any} */ (globalThis).__tpOffer = offer;

/** @returns {Promise<IDBDatabase | null>} null where the browser keeps nothing */
function open() {
  return new Promise((done) => {
    try {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' });
      request.onsuccess = () => done(request.result);
      request.onerror = request.onblocked = () => done(null);
    } catch {
      done(null);
    }
  });
}

/**
 * @param {string} key
 * @returns {Promise<Uint8Array | null>}
 */
async function fromDisk(key) {
  const database = await open();
  if (!database) return null;
  return new Promise((done) => {
    const request = database.transaction(STORE).objectStore(STORE).get(key);
    request.onsuccess = () => done(request.result?.bytes ?? null);
    request.onerror = () => done(null);
  }).finally(() => database.close());
}

/**
 * @param {string} key
 * @param {Uint8Array} bytes
 */
async function toDisk(key, bytes) {
  const database = await open();
  if (!database) return;
  const store = database.transaction(STORE, 'readwrite').objectStore(STORE);
  store.put({ key, bytes, at: Date.now() });
  const all = store.getAll();
  all.onsuccess = () => {
    const old = all.result.sort((a, b) => b.at - a.at).slice(KEPT);
    for (const record of old) store.delete(record.key);
    database.close();
  };
  all.onerror = () => database.close();
}

/**
 * Bytes that came from Python: keep them and hand them to whoever waits.
 * @param {string} key
 * @param {Uint8Array} bytes
 */
export function offer(key, bytes) {
  if (!memory.has(key) && !PASSING.test(key)) {
    memory.set(key, bytes);
    toDisk(key, bytes).catch(() => {});
  }
  for (const done of waiting.get(key) ?? []) done(bytes);
  waiting.delete(key);
}

/**
 * @param {string} key
 * @param {() => void} ask called once when the bytes are nowhere here
 * @returns {Promise<Uint8Array>}
 */
export async function blobOf(key, ask) {
  const found = memory.get(key) ?? (await fromDisk(key).catch(() => null)) ?? memory.get(key);
  if (found) {
    memory.set(key, found);
    return found;
  }
  return new Promise((done) => {
    waiting.set(key, [...(waiting.get(key) ?? []), done]);
    ask();
  });
}

/** Wait for bytes no longer. @param {string} key */
export function giveUp(key) {
  waiting.delete(key);
}

/** @returns {string[]} keys somebody waits for */
export function missing() {
  return [...waiting.keys()].sort();
}
