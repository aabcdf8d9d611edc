// Measures of containers, and what areas add up to: always computed, never kept in step.
import { unpackBlob } from '../wire/packed.js';

/**
 * @typedef {{name: string, label: string, unit: string, aggregate: 'sum' | 'mean',
 *   weight: string | null}} Measure
 * @typedef {import('./plan.js').Plan} Plan
 * @typedef {{sum: Float64Array, weight: Float64Array, count: Uint32Array}} Totals by area id
 */

export class Facts {
  /**
   * @param {Measure[]} measures
   * @param {Float32Array[]} columns by measure, NaN where not known
   */
  constructor(measures, columns) {
    this.measures = measures;
    this.columns = columns;
  }

  /** @param {Uint8Array} blob @returns {Promise<Facts>} */
  static async decode(blob) {
    const { head, arrays } = await unpackBlob(blob, 'TPF1');
    const columns = head.measures.map((/** @type {any} */ _, /** @type {number} */ i) => arrays[`m.${i}`]);
    return new Facts(head.measures, columns);
  }

  /** @param {string} name @returns {number} -1 when there is none */
  indexOf(name) {
    return this.measures.findIndex((m) => m.name === name);
  }

  /**
   * What an item adds to a sum, and the weight it has.
   * @param {number} measure
   * @returns {{amount: (i: number) => number, weight: (i: number) => number}}
   */
  amounts(measure) {
    const column = this.columns[measure];
    const { aggregate, weight } = this.measures[measure];
    if (aggregate === 'sum') {
      return { amount: (i) => column[i] || 0, weight: (i) => (column[i] === column[i] ? 1 : 0) };
    }
    const by = weight === null ? null : this.columns[this.indexOf(weight)];
    const of = (/** @type {number} */ i) => (column[i] === column[i] ? (by ? by[i] || 0 : 1) : 0);
    return { amount: (i) => (column[i] || 0) * of(i), weight: of };
  }

  /**
   * Sums by area, added up the tree; row 0 is what is unassigned.
   * @param {Plan} plan
   * @param {number} measure -1 counts containers only
   * @returns {Totals}
   */
  totals(plan, measure) {
    const { tree, current } = plan;
    const sum = new Float64Array(tree.size);
    const weight = new Float64Array(tree.size);
    const count = new Uint32Array(tree.size);
    for (let i = 0; i < current.length; i++) count[current[i]]++;
    if (measure >= 0) this.#add(plan, measure, sum, weight);
    for (const id of [...tree.order].reverse()) {
      const parent = tree.area(id).parent;
      if (parent === null) continue;
      sum[parent] += sum[id];
      weight[parent] += weight[id];
      count[parent] += count[id];
    }
    return { sum, weight, count };
  }

  /**
   * One figure of an area: its sum, or its mean.
   * @param {Totals} totals
   * @param {number} measure
   * @param {number} id
   */
  figure(totals, measure, id) {
    return this.measures[measure].aggregate === 'sum'
      ? totals.sum[id] : totals.sum[id] / totals.weight[id];
  }

  /** @param {Plan} plan @param {number} measure @param {Float64Array} sum @param {Float64Array} weight */
  #add(plan, measure, sum, weight) {
    const of = this.amounts(measure);
    const { current } = plan;
    for (let i = 0; i < current.length; i++) {
      sum[current[i]] += of.amount(i);
      weight[current[i]] += of.weight(i);
    }
    const { name } = this.measures[measure];
    for (const [id, correction] of plan.corrections) {
      if (!correction[name] || id >= sum.length) continue;
      sum[id] += correction[name][0];
      weight[id] += correction[name][1];
    }
  }
}

/**
 * (total - target) / target; null without a target above 0.
 * @param {number} total
 * @param {number | undefined} target
 */
export function deviation(total, target) {
  return target ? (total - target) / target : null;
}
