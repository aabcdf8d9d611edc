// What the plan is compared with: an earlier state of it, or another plan on the same containers.
import { summed, unpackBlob } from '../wire/packed.js';
import { Tree } from './tree.js';

/**
 * @typedef {import('./plan.js').Plan} Plan
 * @typedef {import('./tree.js').Area} Area
 * @typedef {{as: Uint16Array, alone: Map<number, Area>}} Match `as`: by area of the base, the area
 *   of the plan that it is, or an id no area has; `alone`: those by that id
 */

/** Between the names of a path. */
const STEP = '\u0000';

export class Base {
  /** @type {Map<number, import('./plan.js').Correction>} */ corrections;

  /**
   * @param {{areas: Area[], corrections: Record<string, any>}} head
   * @param {Uint16Array} current the leaf area of each container
   * @param {boolean} own whether it is of the plan's own past, so that areas have their ids
   */
  constructor({ areas, corrections }, current, own) {
    this.own = own;
    this.current = current;
    this.items = current.length;
    this.held = this.mixed = new Uint8Array(current.length);
    this.areas = new Map(areas.map((area) => [area.id, area]));
    this.corrections = new Map(Object.entries(corrections).map(([id, c]) => [Number(id), c]));
    this.tree = new Tree(this.areas);
  }

  /** @param {Uint8Array} blob @param {boolean} own @returns {Promise<Base>} */
  static async decode(blob, own) {
    const { head, arrays } = await unpackBlob(blob, 'TPB1');
    return new Base(head, Uint16Array.from(summed(/** @type {Int32Array} */ (arrays.assign))), own);
  }

  /**
   * Which areas are the same: those of one id, in another plan those of one path of names.
   * @param {Plan} plan
   * @returns {Match}
   */
  match({ areas, tree }) {
    const as = new Uint16Array(this.tree.size);
    const alone = new Map();
    const paths = this.own ? null : new Map([...areas.keys()].map((id) => [pathOf(tree, id), id]));
    for (const [id, area] of this.areas) {
      const twin = paths ? paths.get(pathOf(this.tree, id)) : areas.has(id) ? id : undefined;
      as[id] = twin ?? tree.size + alone.size;
      if (twin === undefined) alone.set(as[id], area);
    }
    return { as, alone };
  }

  /** By item, the area of the plan that stood for it here. @param {Match} match @param {number} level */
  shown({ as }, level) {
    const standsFor = this.tree.shownAt(level).map((id) => as[id]);
    return this.current.map((leaf) => standsFor[leaf]);
  }

  /** The focus in this base's ids; all of it where none of its areas is here. @param {import('./tree.js').Focus} focus @param {Match} match */
  focus(focus, { as }) {
    const areas = focus.areas?.flatMap((id) => [...this.areas.keys()].filter((own) => as[own] === id)) ?? [];
    return { ...focus, areas: areas.length ? areas : null };
  }
}

/** @param {Tree} tree @param {number} id */
function pathOf(tree, id) {
  return tree.ancestry(id).map((area) => area.name).join(STEP);
}
