// What changed since an earlier revision: which area each item showed then, and what flowed where.

/**
 * @typedef {import('./plan.js').Plan} Plan
 * @typedef {{from: number, to: number, count: number}} Flow `from` is GONE for an area that is no more
 */

/** What an item showed whose area is gone. */
export const GONE = 65535;

/**
 * By item, the area that stood for it at an earlier revision, as the tree is now.
 * @param {Plan} plan @param {Int32Array} base leaf area of each item then
 * @param {number} level
 * @returns {Uint16Array}
 */
export function shownThen({ tree }, base, level) {
  const standsFor = tree.shownAt(level);
  return Uint16Array.from(base, (leaf) => (leaf && !tree.areas.has(leaf) ? GONE : standsFor[leaf]));
}

/**
 * How many items went from where to where, the largest flow first; and how many stayed.
 * @param {Plan} plan @param {Uint16Array} was @param {number} level
 * @returns {{flows: Flow[], stayed: number}}
 */
export function flowsOf({ tree, current }, was, level) {
  const standsFor = tree.shownAt(level);
  /** @type {Map<number, Flow>} */
  const found = new Map();
  let stayed = 0;
  for (let i = 0; i < was.length; i++) {
    const to = standsFor[current[i]];
    if (was[i] === to) {
      stayed++;
      continue;
    }
    const key = was[i] * 65536 + to;
    const flow = found.get(key);
    if (flow) flow.count++;
    else found.set(key, { from: was[i], to, count: 1 });
  }
  return { flows: [...found.values()].sort((a, b) => b.count - a.count || a.to - b.to || a.from - b.from), stayed };
}
