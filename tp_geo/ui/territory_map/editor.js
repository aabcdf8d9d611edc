// What the planner does to the plan: pick, paint, assign, take back. Painted at once, sent after.
import { PATIENCE } from './wire/outbox.js';
import { stepsOf } from './wire/codec.js';
import { counted } from './view/format.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {'set' | 'add' | 'remove' | 'toggle'} How
 */

const SELECTION_MS = 250;

/** After so many tries without an answer the planner is told. */
const LATE = 2;

export class Editor {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    /** @type {Set<number>} */
    this.selection = new Set();
    /** @type {{to: number, items: Set<number>, left: Set<string>} | null} what the brush is at */
    this.stroke = null;
    this.attempt = 0;
    this.sentSeq = 0;
    this.awake = () => this.#wake();
    document.addEventListener('visibilitychange', this.awake);
  }

  /** The tab is looked at again; its timers have slept. */
  #wake() {
    if (document.hidden || !this.app.outbox?.size) return;
    this.attempt = 0;
    this.flush();
  }

  /** Operations to lay over what Python confirmed. @returns {any[]} */
  get pending() {
    const { ops } = this.app.outbox;
    if (!this.stroke) return ops;
    return [...ops, { seq: -1, kind: 'assign', to: this.stroke.to, items: stepsOf(this.stroke.items) }];
  }

  // ---- selection

  /**
   * @param {Iterable<number>} items
   * @param {How} how
   */
  select(items, how = 'set') {
    if (this.app.bare === true) return;
    const before = new Set(this.selection);
    const picked = [...items].filter((i) => how === 'remove' || this.app.reachable(i));
    const next = how === 'set' ? new Set(picked) : new Set(before);
    for (const i of picked) {
      if (how === 'remove' || (how === 'toggle' && before.has(i))) next.delete(i);
      else next.add(i);
    }
    this.selection.clear();
    for (const i of next) this.selection.add(i);
    if (!next.size && this.app.bar.element.contains(focused(this.app.root))) this.app.root.focus();
    const changed = [...next].filter((i) => !before.has(i)).concat([...before].filter((i) => !next.has(i)));
    if (!changed.length) return;
    this.app.touched(changed, true);
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.#tell(), SELECTION_MS);
  }

  /** The focus changed: what lies outside is no longer selected. */
  prune() {
    const { app, selection } = this;
    const { tree, current } = app.plan;
    const inside = tree.inFocus(app.focus);
    const outside = [...selection].filter((i) => !inside[current[i]]);
    if (!outside.length) return;
    this.select(outside, 'remove');
    app.toasts.say(`${counted(outside.length, app.noun)} outside the focus: no longer selected.`);
  }

  #tell() {
    this.app.api?.setStateValue('selection', { items: stepsOf(this.selection) });
  }

  // ---- assigning

  assignSelection() {
    if (!this.selection.size || this.app.readonly) return;
    const to = this.app.bar.target;
    const items = [...this.selection];
    this.select([]);
    const moved = this.assign(items, to);
    if (!moved) return;
    const { noun, plan } = this.app;
    this.app.toasts.say(`${counted(moved, noun)} to ${plan.tree.name(to)}`, {
      action: 'Undo', onaction: () => this.back('undo'),
    });
  }

  /** Hold what is selected where it is; let it go when all of it is held. */
  holdSelection() {
    const { app, selection } = this;
    if (!selection.size || app.readonly) return;
    const held = [...selection].some((i) => !app.plan.held[i]);
    const items = [...selection].filter((i) => Boolean(app.plan.held[i]) !== held);
    this.#enqueue({ kind: 'hold', held, items: stepsOf(items) });
    app.toasts.say(`${counted(items.length, app.noun)} ${held ? 'held' : 'released'}`, {
      action: 'Undo', onaction: () => this.back('undo'),
    });
  }

  /**
   * Give items to an area at once; what is held or locked stays, and is told.
   * @param {number[]} items
   * @param {number} to
   * @returns {number} how many were moved
   */
  assign(items, to) {
    const { plan } = this.app;
    const leaf = plan.tree.leaf(to);
    if (!this.#open(to)) return 0;
    const wanted = items.filter((i) => plan.current[i] !== leaf);
    const free = wanted.filter((i) => !plan.stuck(i));
    if (free.length < wanted.length) {
      this.#tellLeft(wanted.length - free.length, plan.stuck(wanted.find((i) => plan.stuck(i)) ?? 0) ?? 'held');
    }
    if (free.length) this.#enqueue({ kind: 'assign', to, items: stepsOf(free) });
    return free.length;
  }

  /** @param {any} op an operation without its number */
  #enqueue(op) {
    const { app } = this;
    app.outbox.add(op);
    app.touched(app.plan.overlay(this.pending));
    this.flush();
  }

  /** @param {number} to @returns {boolean} whether an area takes items */
  #open(to) {
    const { app } = this;
    if (app.readonly) return false;
    const lock = app.plan.tree.lock(to);
    if (lock) app.toasts.say(`${lock.name} is locked. Unlock it, or choose another area.`, { bad: true });
    return !lock && (to === 0 || app.plan.areas.has(to));
  }

  /** @param {number} n @param {string} why */
  #tellLeft(n, why) {
    this.app.toasts.say(`${counted(n, this.app.noun)} stayed: ${why}.`, { bad: true });
  }

  // ---- strokes

  /** @param {number} to @returns {boolean} whether the stroke begins */
  begin(to) {
    if (!this.#open(to)) return false;
    this.stroke = { to, items: new Set(), left: new Set() };
    return true;
  }

  /** @param {Iterable<number>} items under the brush */
  paint(items) {
    const { stroke, app } = this;
    if (!stroke) return;
    const leaf = app.plan.tree.leaf(stroke.to);
    const fresh = [];
    for (const i of items) {
      if (stroke.items.has(i) || app.plan.current[i] === leaf || !app.reachable(i)) continue;
      const why = app.plan.stuck(i);
      if (why) stroke.left.add(why);
      else fresh.push(i);
    }
    for (const i of fresh) {
      stroke.items.add(i);
      app.plan.current[i] = leaf;
    }
    if (fresh.length) app.touched(fresh);
  }

  /** The brush is lifted: send what it painted. */
  end() {
    const { stroke } = this;
    this.stroke = null;
    if (!stroke) return;
    if (stroke.to && !this.app.plan.areas.has(stroke.to)) {
      this.abandon();
      this.app.toasts.say('The area was removed meanwhile, so nothing was painted.', { bad: true });
      return;
    }
    for (const why of stroke.left) this.app.toasts.say(`Left as it is: ${why}.`, { bad: true });
    if (stroke.items.size) this.#enqueue({ kind: 'assign', to: stroke.to, items: stepsOf(stroke.items) });
  }

  /** The stroke never was. */
  abandon() {
    this.stroke = null;
    this.app.touched(this.app.plan.overlay(this.pending));
  }

  // ---- the outbox

  /** @param {'undo' | 'redo'} kind */
  back(kind) {
    if (!this.app.readonly) this.#enqueue({ kind });
  }

  /** Whether answers have been waited for longer than usual. */
  get late() {
    return this.attempt >= LATE;
  }

  /** Send everything unanswered, now or when Python has answered what is under way. */
  flush() {
    const { app } = this;
    app.mailer.post('edit', () => {
      const message = app.outbox.message(app.plan?.rev ?? null);
      if (message) this.sentSeq = Math.max(...message.ops.map((op) => op.seq));
      return message;
    });
    clearTimeout(this.timer);
    const wait = PATIENCE[Math.min(this.attempt, PATIENCE.length - 1)];
    this.timer = setTimeout(() => {
      this.attempt++;
      if (app.outbox.size) this.flush();
    }, wait);
    app.saving.refresh();
  }

  /** The map is gone; what is unanswered is sent when it comes back. */
  dispose() {
    clearTimeout(this.timer);
    clearTimeout(this.telling);
    document.removeEventListener('visibilitychange', this.awake);
  }

  /** Python answered: drop what it acknowledged, say what it refused. @param {any} data */
  settle(data) {
    const { app } = this;
    const before = app.outbox.size;
    const mine = new Set(app.outbox.batches.flatMap((b) => b.ops.map((op) => `${b.client}:${op.seq}`)));
    app.outbox.settle(data.ack ?? {});
    for (const { client, seq, reason } of data.refused ?? []) {
      if (mine.has(`${client}:${seq}`)) app.toasts.say(reason, { bad: true });
    }
    if (this.late && !app.outbox.size) app.toasts.say('The server is back. Everything is saved.');
    if (app.outbox.size < before) this.attempt = 0;
    if (!app.outbox.size) clearTimeout(this.timer);
    else if (app.outbox.size < before || app.outbox.ops.some((op) => op.seq > this.sentSeq)) this.flush();
    app.saving.refresh();
  }
}

/** The focused element, inside a shadow root too. @param {HTMLElement} root */
function focused(root) {
  return /** @type {Document | ShadowRoot} */ (root.getRootNode()).activeElement;
}
