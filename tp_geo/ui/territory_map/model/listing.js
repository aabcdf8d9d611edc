// The rows of the legend: areas of the focus in the order of the tree, or sorted by what a column says.

/**
 * @typedef {import('./tree.js').Tree} Tree
 * @typedef {import('./tree.js').Focus} Focus
 * @typedef {{id: number, group: boolean, depth: number}} Row `group`: an area above those shown
 * @typedef {{by: string, down: boolean}} Sorting by a column's name, '' for the order of the tree
 * @typedef {(id: number) => number | string | null} Value
 */

/**
 * @param {Tree} tree
 * @param {Focus} focus
 * @param {{value: Value | null, down: boolean, grouped: boolean, folded: Set<number>}} options
 *   `value`: what siblings are sorted by, null: the order of the tree
 * @returns {Row[]}
 */
export function rowsOf(tree, focus, { value, down, grouped, folded }) {
  const shown = tree.shownAt(focus.level);
  const inside = tree.inFocus(focus);
  const tops = focus.areas === null ? tree.children(null) : topsOf(tree, new Set(focus.areas));
  const order = value ? (/** @type {number[]} */ ids) => sorted(ids, value, down) : (/** @type {number[]} */ ids) => ids;
  const only = tops.length === 1 && focus.areas !== null ? tops[0] : null;
  const isGroup = (/** @type {number} */ id) => tree.children(id).length > 0 && tree.depth[id] < focus.level;
  /** @type {Row[]} */
  const rows = [];
  if (grouped) {
    const walk = (/** @type {number[]} */ ids, /** @type {number} */ depth) => {
      for (const id of order(ids)) {
        const group = isGroup(id);
        if (!group && shown[id] !== id) continue;
        if (id !== only || !group) rows.push({ id, group, depth });
        if (group && (id === only || !folded.has(id))) walk(tree.children(id), id === only ? depth : depth + 1);
      }
    };
    walk(tops, 0);
  } else {
    const ids = tree.order.filter((id) => inside[id] && shown[id] === id && !isGroup(id));
    rows.push(...order(ids).map((id) => ({ id, group: false, depth: 0 })));
  }
  if (focus.unassigned) rows.push({ id: 0, group: false, depth: 0 });
  return rows;
}

/** Areas of a set that lie below no other of it. @param {Tree} tree @param {Set<number>} wanted */
function topsOf(tree, wanted) {
  return tree.order.filter((id) => wanted.has(id) && !tree.ancestry(id).slice(1).some((area) => wanted.has(area.id)));
}

/** What has no value comes last, whichever way. @param {number[]} ids @param {Value} value @param {boolean} down */
function sorted(ids, value, down) {
  const way = down ? -1 : 1;
  return [...ids].sort((one, other) => {
    const [a, b] = [value(one), value(other)];
    if (a === null || b === null) return a === b ? one - other : a === null ? 1 : -1;
    const order = typeof a === 'string' ? a.localeCompare(String(b), 'en', { numeric: true }) : a - Number(b);
    return way * order || one - other;
  });
}
