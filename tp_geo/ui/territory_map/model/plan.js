// The alignment as the browser has it: what Python confirmed, and what is on its way.
import { areasOf, positionsOf, unpackPart } from '../wire/codec.js';
import { Tree } from './tree.js';

/**
 * @typedef {import('./tree.js').Area} Area
 * @typedef {import('../wire/outbox.js').Operation} Operation
 * @typedef {Record<string, [number, number]>} Correction by measure: what to add to sum and weight
 */

export class Plan {
  /** @param {string} alignment @param {number} items */
  constructor(alignment, items) {
    this.alignment = alignment;
    /** @type {number | null} */
    this.rev = null;
    this.items = items;
    this.confirmed = new Uint16Array(items);
    this.current = new Uint16Array(items);
    this.confirmedHeld = new Uint8Array(items);
    this.held = new Uint8Array(items);
    this.mixed = new Uint8Array(items);
    /** @type {number[]} items that became mixed, or no longer are, and were not told of so far */
    this.remixed = [];
    /** @type {Map<number, Area>} */
    this.areas = new Map();
    /** @type {Map<number, Correction>} */
    this.corrections = new Map();
    this.tree = new Tree(this.areas);
  }

  /**
   * Take what Python says: all of it, or what was touched since a revision we have.
   * @param {any} message
   * @returns {Promise<boolean>} false when it does not fit what is here: ask for all of it
   */
  async take(message) {
    if (message.full) return this.#takeFull(message);
    if (this.rev === null) return false;
    if (message.rev <= this.rev) return true;
    if (!message.delta || message.since > this.rev) return false;
    return this.#takeDelta(message);
  }

  /**
   * Lay operations over what is confirmed.
   * @param {Operation[]} ops
   * @returns {number[]} containers that now show something else
   */
  overlay(ops) {
    const next = this.confirmed.slice();
    const held = this.confirmedHeld.slice();
    for (const op of ops) {
      if (op.kind !== 'assign' && op.kind !== 'hold') continue;
      const [into, what] = op.kind === 'hold' ? [held, Number(op.held)] : [next, this.tree.leaf(op.to)];
      for (const item of positionsOf(op.items)) if (item < next.length) into[item] = what;
    }
    const changed = this.remixed;
    this.remixed = [];
    for (let i = 0; i < next.length; i++) {
      if (next[i] !== this.current[i] || held[i] !== this.held[i]) changed.push(i);
    }
    this.current = next;
    this.held = held;
    return changed;
  }

  /**
   * Why an item can't be moved now, or null.
   * @param {number} item
   * @returns {string | null}
   */
  stuck(item) {
    if (this.held[item]) return 'held';
    const lock = this.tree.lock(this.current[item]);
    return lock ? `in ${lock.name}, which is locked` : null;
  }

  /** @param {any} message */
  async #takeFull({ rev, full }) {
    const [part, entries] = await Promise.all([unpackPart(full), areasOf(full.assign)]);
    if (entries.length !== this.items) {
      throw new Error(`The plan has ${entries.length} containers, the shapes ${this.items}.`);
    }
    this.rev = rev;
    this.confirmed = entries;
    this.confirmedHeld = flags(this.items, part.held);
    const before = this.mixed;
    this.mixed = flags(this.items, part.mixed);
    this.#remix(before);
    this.areas = new Map(part.areas.map((/** @type {Area} */ a) => [a.id, a]));
    this.corrections = new Map(
      Object.entries(part.corrections).map(([id, c]) => [Number(id), /** @type {any} */ (c)]),
    );
    this.tree = new Tree(this.areas);
    return true;
  }

  /** @param {any} message */
  async #takeDelta({ rev, delta }) {
    const part = await unpackPart(delta);
    this.rev = rev;
    const touched = part.moves.flatMap((/** @type {any} */ [to, steps]) => {
      const items = positionsOf(steps);
      for (const item of items) this.confirmed[item] = to;
      return [...items];
    });
    const before = this.mixed.slice();
    for (const item of touched) this.confirmedHeld[item] = this.mixed[item] = 0;
    for (const item of positionsOf(part.held)) this.confirmedHeld[item] = 1;
    for (const item of positionsOf(part.mixed)) this.mixed[item] = 1;
    this.#remix(before);
    for (const [id, c] of Object.entries(part.corrections)) {
      if (c) this.corrections.set(Number(id), /** @type {any} */ (c));
      else this.corrections.delete(Number(id));
    }
    for (const area of part.areas) this.areas.set(area.id, area);
    for (const id of part.dropped) this.areas.delete(id);
    for (const [id, color] of Object.entries(part.colors)) this.#recolor(Number(id), color);
    if (part.areas.length || part.dropped.length) this.tree = new Tree(this.areas);
    return true;
  }

  /** @param {Uint8Array} before */
  #remix(before) {
    for (let i = 0; i < this.items; i++) if (before[i] !== this.mixed[i]) this.remixed.push(i);
  }

  /** @param {number} id @param {string} color */
  #recolor(id, color) {
    const area = this.areas.get(id);
    if (area && area.color !== color) this.areas.set(id, { ...area, color });
  }
}

/** @param {number} size @param {number[]} steps */
function flags(size, steps) {
  const found = new Uint8Array(size);
  for (const item of positionsOf(steps)) found[item] = 1;
  return found;
}
