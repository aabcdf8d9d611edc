// What tools take: single items or whole counties and states, from anywhere or from one area only.

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../geometry/topology.js').Level} Level
 */

/** Levels of the shapes that may be taken whole, and those a stroke may stay in a place of, the smallest first. */
const GRAINS = ['county', 'state', '=county', '=state'];

export class Scope {
  /** @type {WeakMap<Level, number[][]>} items by place in a level */ members = new WeakMap();
  /** Name of the level that is taken whole; none: single items; after `=`: of the level a stroke stays in. */ grain = '';
  /** @type {number | null} the only area that items are taken from; 0: unassigned; null: any */ from = null;
  /** Whether items stay inside the parent of the active area. */ inside = false;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
  }

  /** @returns {string[]} what may be taken: single items first */
  get grains() {
    const { topology } = this.app;
    return ['', ...GRAINS.filter((name) => topology?.levels.some((level) => name.endsWith(level.name) && level.codes.length > 1))];
  }

  /** Whether anything is left out or taken along. */
  get on() {
    return Boolean(this.grain) || this.from !== null || this.inside;
  }

  /** @returns {number | null} the area that items have to stay in */
  get parent() {
    const { active, plan } = this.app;
    return this.inside && active ? plan.areas.get(active)?.parent ?? null : null;
  }

  /** @param {{grain?: string, from?: number | null, inside?: boolean}} change */
  set(change) {
    Object.assign(this, change);
    this.app.toolbar.refresh();
  }

  /** The next larger thing to take, then single items again. */
  cycle() {
    const { grains } = this;
    this.set({ grain: grains[(grains.indexOf(this.grain) + 1) % grains.length] });
  }

  /** Areas that are gone limit nothing any more. */
  prune() {
    if (this.from && !this.app.plan.areas.has(this.from)) this.from = null;
    if (!this.grains.includes(this.grain)) this.grain = '';
  }

  /**
   * What a tool takes when it meets items.
   * @param {Iterable<number>} items
   * @returns {number[]}
   */
  take(items) {
    const may = this.filter();
    return this.widened(items).filter(may);
  }

  /**
   * With all of the counties or states that items lie in, when these are taken whole.
   * @param {Iterable<number>} items
   * @returns {number[]}
   */
  widened(items) {
    const level = this.app.topology.levels.find((l) => l.name === this.grain);
    if (!level) return [...items];
    const whole = this.#membersOf(level);
    /** @type {Set<number>} */
    const places = new Set();
    const found = [];
    for (const i of items) {
      const at = level.of[i];
      if (at < 0) found.push(i);
      else places.add(at);
    }
    for (const at of places) for (const i of whole[at]) found.push(i);
    return found;
  }

  /**
   * What of the items lies in the county or state a stroke stays in: that of its first item.
   * @param {number[]} items
   * @param {number} first
   * @returns {number[]}
   */
  kept(items, first) {
    const of = this.app.topology.levels.find((level) => this.grain === `=${level.name}`)?.of;
    return of ? items.filter((item) => of[item] === of[first]) : items;
  }

  /** Which items may be taken now. @returns {(item: number) => boolean} */
  filter() {
    const { app } = this;
    const { current, tree } = app.plan;
    const may = tree.inFocus(app.focus);
    for (const only of [this.from, this.parent]) {
      if (only === null) continue;
      const inside = tree.inFocus({ areas: only ? [only] : [], level: 0, unassigned: only === 0 });
      for (let id = 0; id < may.length; id++) may[id] &= inside[id];
    }
    return (item) => may[current[item]] === 1;
  }

  /** @param {Level} level */
  #membersOf(level) {
    let found = this.members.get(level);
    if (!found) {
      found = level.codes.map(() => /** @type {number[]} */ ([]));
      for (let i = 0; i < level.of.length; i++) if (level.of[i] >= 0) found[level.of[i]].push(i);
      this.members.set(level, found);
    }
    return found;
  }
}
