// What changed since an earlier revision: which area each item showed then, and what flowed where.

/**
 * @typedef {import('./plan.js').Plan} Plan
 * @typedef {{from: number, to: number, count: number}} Flow
 * @typedef {{items: number, amount: number, gained: Float64Array, lost: Float64Array, sums: boolean}} Difference
 *   `items`, `amount`: what moved on the level; `gained`, `lost`: by area of the plan, on any level;
 *   `sums`: amounts are of the measure, else they count containers
 */

/**
 * How many items went from where to where, the largest flow first; and how many stayed.
 * @param {Plan} plan @param {Uint16Array} was the area each item showed then @param {number} level
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

/**
 * What moved from area to area between a base and the plan.
 * @param {import('./base.js').Base} base @param {Plan} plan @param {import('./base.js').Match} match
 * @param {import('./facts.js').Facts} facts @param {number} measure -1 where there is none
 * @param {number} shown level
 * @returns {Difference}
 */
export function differenceOf(base, plan, match, facts, measure, shown) {
  const { tree, current } = plan;
  const sums = measure >= 0 && facts.measures[measure].aggregate === 'sum';
  const amount = sums ? facts.amounts(measure).amount : () => 1;
  const found = { items: 0, amount: 0, gained: new Float64Array(tree.size), lost: new Float64Array(tree.size), sums };
  for (let level = 1; level <= Math.max(1, tree.deepest); level++) {
    const [was, standsFor] = [base.shown(match, level), tree.shownAt(level)];
    const at = (/** @type {number} */ id) => id < tree.size && (tree.depth[id] === level || (!id && level === 1));
    for (let i = 0; i < current.length; i++) {
      const now = standsFor[current[i]];
      if (was[i] === now) continue;
      if (level === shown) {
        found.items++;
        found.amount += amount(i);
      }
      if (at(now)) found.gained[now] += amount(i);
      if (at(was[i])) found.lost[was[i]] += amount(i);
    }
  }
  return found;
}
