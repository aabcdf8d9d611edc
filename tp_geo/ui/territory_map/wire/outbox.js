// Edits on their way to Python: kept until acknowledged, sent again, never applied twice.

/**
 * @typedef {{seq: number, kind: 'assign', to: number, items: number[]}
 *   | {seq: number, kind: 'hold', held: boolean, items: number[]}
 *   | {seq: number, kind: 'undo'} | {seq: number, kind: 'redo'}} Operation
 * @typedef {{client: string, ops: Operation[]}} Batch
 * @typedef {{getItem(key: string): string | null, setItem(key: string, value: string): void,
 *   removeItem(key: string): void}} Shelf
 */

const PREFIX = 'tp-geo:outbox:';

/** Waits before sending again what was not acknowledged, in milliseconds. */
export const PATIENCE = [1500, 3000, 6000, 10000];

/**
 * All operations of one alignment that Python has not answered. What an earlier
 * page left behind is sent first, under its own name, so that it is applied once.
 */
export class Outbox {
  /**
   * @param {string} alignment
   * @param {string} client a name that no other page has
   * @param {Shelf | null} shelf where unanswered operations survive a reload
   */
  constructor(alignment, client, shelf) {
    this.alignment = alignment;
    this.client = client;
    this.shelf = shelf;
    this.seq = 0;
    /** @type {Batch[]} */
    this.batches = [...readShelf(shelf, PREFIX + alignment), { client, ops: [] }];
  }

  /** @returns {Operation[]} every unanswered operation in order */
  get ops() {
    return this.batches.flatMap((batch) => batch.ops);
  }

  get size() {
    return this.batches.reduce((n, batch) => n + batch.ops.length, 0);
  }

  /**
   * @param {any} op an operation without its number
   * @returns {Operation}
   */
  add(op) {
    const numbered = { ...op, seq: ++this.seq };
    this.batches[this.batches.length - 1].ops.push(numbered);
    this.#keep();
    return numbered;
  }

  /**
   * Drop what was answered.
   * @param {Record<string, number>} acks highest number answered, by client
   */
  settle(acks) {
    for (const batch of this.batches) {
      const seen = acks[batch.client] ?? 0;
      batch.ops = batch.ops.filter((op) => op.seq > seen);
    }
    this.batches = this.batches.filter((b) => b.ops.length || b.client === this.client);
    this.#keep();
  }

  /**
   * What to send now: the oldest page's operations first. Null when all is answered.
   * @param {number | null} have
   */
  message(have) {
    const batch = this.batches.find((b) => b.ops.length);
    if (!batch) return null;
    return { client: batch.client, alignment: this.alignment, have, ops: batch.ops };
  }

  #keep() {
    if (!this.shelf) return;
    const left = this.batches.filter((b) => b.ops.length);
    try {
      if (left.length) this.shelf.setItem(PREFIX + this.alignment, JSON.stringify(left));
      else this.shelf.removeItem(PREFIX + this.alignment);
    } catch {
      this.shelf = null; // full or forbidden: go on in memory
    }
  }
}

/**
 * @param {Shelf | null} shelf
 * @param {string} key
 * @returns {Batch[]}
 */
function readShelf(shelf, key) {
  try {
    const found = JSON.parse(shelf?.getItem(key) ?? '[]');
    return Array.isArray(found) ? found.filter(isBatch) : [];
  } catch {
    return [];
  }
}

/** @param {any} b */
function isBatch(b) {
  return b && typeof b.client === 'string' && Array.isArray(b.ops)
    && b.ops.every((/** @type {any} */ op) => Number.isInteger(op?.seq));
}
