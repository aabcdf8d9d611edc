// What colors mean: the area, the one above it, its owner, its deviation, or a figure of each container.
import { breaksOf, classOf } from './classes.js';
import { deviation } from './facts.js';

/**
 * @typedef {'area' | 'parent' | 'owner' | 'deviation' | 'measure' | 'density' | 'change'} Way
 * @typedef {import('./plan.js').Plan} Plan
 * @typedef {import('./facts.js').Facts} Facts
 *
 * @typedef {Object} Subject what is colored
 * @property {Plan} plan
 * @property {Facts} facts
 * @property {number} measure -1 where there is none
 * @property {Float32Array} km2 by item
 * @property {number} level of the areas shown
 * @property {number} tolerance
 * @property {() => import('./facts.js').Totals} totals
 *
 * @typedef {Object} Classing how figures are put into classes
 * @property {import('./classes.js').Method | 'hand'} method
 * @property {number} count
 * @property {number[]} hand limits typed by a person
 *
 * @typedef {Object} Classes
 * @property {number[]} breaks
 * @property {number[]} counts one more than breaks
 * @property {number} unknown how many have no figure
 * @property {(key: number) => number} of class of an item or an area, -1 for none
 */

/** Ways that give each container a color of its own. */
export const BY_CONTAINER = ['measure', 'density'];

/** Ways that put figures into classes. */
export const CLASSED = ['deviation', ...BY_CONTAINER];

/** Limits of deviations, in tolerances. */
const DEVIATIONS = [-5, -2, -1, 1, 2, 5];

/** The area above each that is shown, itself at the top; by id. @param {Plan} plan @param {number} level */
export function parentsShown({ tree }, level) {
  return tree.shownAt(Math.max(1, level - 1));
}

/**
 * Owners of areas, by id: an area's own, or that of the nearest above it; null for none.
 * @param {Plan} plan
 * @returns {Array<string | null>}
 */
export function ownersOf({ tree }) {
  /** @type {Array<string | null>} */
  const found = new Array(tree.size).fill(null);
  for (const id of tree.order) {
    const { owner, parent } = tree.area(id);
    found[id] = owner ?? (parent === null ? null : found[parent]);
  }
  return found;
}

/**
 * Classes of the deviations of the areas that are shown.
 * @param {Subject} subject @param {Classing} classing
 * @returns {Classes}
 */
export function deviationClasses({ plan, facts, measure, tolerance, totals, level }, classing) {
  const { tree } = plan;
  const values = new Float64Array(tree.size).fill(NaN);
  if (measure >= 0) {
    const sums = totals();
    const { name } = facts.measures[measure];
    for (const id of tree.order) {
      values[id] = deviation(facts.figure(sums, measure, id), tree.area(id).targets[name]) ?? NaN;
    }
  }
  const shown = [...new Set(tree.shownAt(level))].filter((id) => id);
  const limits = DEVIATIONS.map((times) => Number((times * tolerance).toPrecision(6)));
  return classified(values, shown, classing.hand.length ? classing.hand : limits);
}

/**
 * Classes of a measure, or of how much of it there is per square kilometre, by container.
 * @param {Subject} subject @param {Way} way @param {Classing} classing
 * @returns {Classes}
 */
export function containerClasses({ plan, facts, measure, km2 }, way, classing) {
  const column = facts.columns[measure] ?? new Float32Array(plan.items).fill(NaN);
  const values = way === 'density' ? column.map((v, i) => (km2[i] > 0 ? v / km2[i] : NaN)) : column;
  const { method, count, hand } = classing;
  return classified(values, values.keys(), method === 'hand' ? hand : breaksOf(values, method, count));
}

/**
 * @param {ArrayLike<number>} values @param {Iterable<number>} keys that are counted
 * @param {number[]} breaks
 * @returns {Classes}
 */
function classified(values, keys, breaks) {
  const of = (/** @type {number} */ key) => (Number.isFinite(values[key]) ? classOf(values[key], breaks) : -1);
  const counts = new Array(breaks.length + 1).fill(0);
  let unknown = 0;
  for (const key of keys) {
    const at = of(key);
    if (at < 0) unknown++;
    else counts[at]++;
  }
  return { breaks, counts, unknown, of };
}
