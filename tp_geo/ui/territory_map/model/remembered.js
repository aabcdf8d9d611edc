// What a planner chose to see, kept in this browser from one visit to the next.

const PREFIX = 'tp-geo:';

/**
 * @template T
 * @param {string} name
 * @param {T} otherwise where nothing is kept, or what is kept can't be read
 * @returns {T}
 */
export function recall(name, otherwise) {
  try {
    const kept = JSON.parse(shelf()?.getItem(PREFIX + name) ?? 'null');
    if (kept === null || Array.isArray(kept) !== Array.isArray(otherwise) || typeof kept !== typeof otherwise) return otherwise;
    return Array.isArray(kept) || typeof kept !== 'object' ? kept : { ...otherwise, ...kept };
  } catch {
    return otherwise;
  }
}

/** @param {string} name @param {unknown} value */
export function keep(name, value) {
  try {
    shelf()?.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // a full store forgets what was chosen, nothing else
  }
}

/** @returns {Storage | null} */
function shelf() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
