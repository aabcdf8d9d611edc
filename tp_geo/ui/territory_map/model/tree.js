// The tree of areas: who is above whom, and which area stands for a leaf at a level.

/**
 * @typedef {Object} Area
 * @property {number} id
 * @property {string} name
 * @property {number | null} parent
 * @property {string} level
 * @property {string} color
 * @property {boolean} locked
 * @property {string | null} owner
 * @property {Record<string, number>} targets
 * @property {string} status
 * @property {boolean} scattered whether it need not be in one piece
 *
 * @typedef {{areas: number[] | null, level: number, unassigned: boolean}} Focus
 */

export class Tree {
  /** @type {number[]} areas in the order of the tree, parents first */ order = [];

  /** @param {Map<number, Area>} areas */
  constructor(areas) {
    this.areas = areas;
    this.size = Math.max(0, ...areas.keys()) + 1;
    /** @type {Map<number | null, number[]>} */
    this.below = new Map();
    for (const id of [...areas.keys()].sort((a, b) => a - b)) {
      const parent = /** @type {Area} */ (areas.get(id)).parent;
      this.below.set(parent, [...(this.below.get(parent) ?? []), id]);
    }
    this.depth = new Uint8Array(this.size);
    this.deepest = this.#walk();
  }

  /** @param {number | null} id @returns {number[]} */
  children(id) {
    return this.below.get(id) ?? [];
  }

  /** @param {number} id @returns {Area} */
  area(id) {
    return /** @type {Area} */ (this.areas.get(id));
  }

  /** @param {number} id */
  name(id) {
    return id === 0 ? 'Unassigned' : this.areas.get(id)?.name ?? `area ${id}`;
  }

  /** Where items given to an area land: itself, or its first leaf. @param {number} id */
  leaf(id) {
    let at = id;
    while (at && this.children(at).length) at = this.children(at)[0];
    return at;
  }

  /** The area and those above it, nearest first. @param {number} id @returns {Area[]} */
  ancestry(id) {
    const found = [];
    for (let at = this.areas.get(id); at; at = at.parent === null ? undefined : this.areas.get(at.parent)) {
      found.push(at);
    }
    return found;
  }

  /** The locked area at or above one, if any. @param {number} id @returns {Area | undefined} */
  lock(id) {
    return this.ancestry(id).find((area) => area.locked);
  }

  /**
   * By area id, the area that stands for it when a level is shown: its ancestor
   * there, or itself when it lies above. Index 0 is unassigned.
   * @param {number} level
   * @returns {Uint16Array}
   */
  shownAt(level) {
    const shown = new Uint16Array(this.size);
    for (const id of this.order) {
      const parent = this.area(id).parent;
      shown[id] = parent === null || this.depth[id] <= level ? id : shown[parent];
    }
    return shown;
  }

  /**
   * By area id, whether it lies in the focus.
   * @param {Focus} focus
   * @returns {Uint8Array}
   */
  inFocus(focus) {
    const inside = new Uint8Array(this.size);
    inside[0] = focus.unassigned ? 1 : 0;
    const tops = focus.areas === null ? null : new Set(focus.areas);
    for (const id of this.order) {
      const parent = this.area(id).parent;
      inside[id] = !tops || tops.has(id) || (parent !== null && inside[parent]) ? 1 : 0;
    }
    return inside;
  }

  /** Areas in the order of the tree, parents first, and how deep each lies. */
  #walk() {
    const waiting = [...this.children(null)].reverse().map((id) => [id, 1]);
    while (waiting.length) {
      const [id, depth] = /** @type {number[]} */ (waiting.pop());
      this.order.push(id);
      this.depth[id] = depth;
      for (const child of [...this.children(id)].reverse()) waiting.push([child, depth + 1]);
    }
    return this.order.reduce((most, id) => Math.max(most, this.depth[id]), 0);
  }
}
