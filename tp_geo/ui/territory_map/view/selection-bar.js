// What is selected, what giving it away would do, and the button that does it.
import { deviation } from '../model/facts.js';
import { h, say } from './dom.js';
import { counted, percent, short, whole } from './format.js';
import { options } from './legend.js';

/** @typedef {import('../app.js').App} App */

const SOURCES = 2;

export class SelectionBar {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.count = h('b');
    this.total = h('span', { class: 'total' });
    this.effects = h('span', { class: 'effects' });
    this.to = h('select', { 'aria-label': 'Assign to', onchange: () => app.setActive(Number(this.to.value)) });
    this.assign = h('button', { class: 'primary', onclick: () => app.editor.assignSelection() });
    this.hint = h('span', { class: 'total', text: 'Add an area to assign them to.' });
    this.element = h('div', { class: 'selection', role: 'region', 'aria-label': 'Selection', hidden: true },
      h('div', { class: 'line' }, this.count, this.total, this.effects),
      h('div', { class: 'line' }, this.label = h('label', {}, 'Assign to', this.to), this.assign, this.hint,
        h('button', { class: 'quiet', title: 'Clear (Esc)', onclick: () => app.editor.select([]) }, 'Cancel')));
  }

  refresh() {
    const { app } = this;
    const items = [...app.editor.selection];
    this.element.hidden = !items.length;
    if (!items.length) return;
    const movable = items.filter((i) => !app.plan.stuck(i));
    const ids = [0, ...app.legend.order].filter((id) => !app.plan.tree.lock(id));
    const target = app.active !== null && ids.includes(app.active) ? app.active : ids[1] ?? 0;
    options(this.to, ids.map((id) => [String(id), app.plan.tree.name(id)]), String(target));
    say(this.count, counted(items.length, app.noun));
    const stays = items.length - movable.length;
    say(this.assign, `Assign ${whole(movable.length)}`);
    this.assign.title = stays ? `${whole(stays)} held or locked stay (Enter)` : '(Enter)';
    this.assign.disabled = !movable.some((i) => app.shown[i] !== target);
    this.label.hidden = this.assign.hidden = app.readonly || ids.length < 2;
    this.hint.hidden = app.readonly || ids.length > 1;
    this.#figures(items, movable, target);
  }

  /** The area the selection would go to. @returns {number} */
  get target() {
    return Number(this.to.value);
  }

  /** @param {number[]} items @param {number[]} movable @param {number} target */
  #figures(items, movable, target) {
    const { app } = this;
    const at = app.facts.indexOf(app.measure);
    this.total.hidden = this.effects.hidden = at < 0;
    if (at < 0) return;
    const measure = app.facts.measures[at];
    const of = app.facts.amounts(at);
    const sum = items.reduce((s, i) => s + of.amount(i), 0);
    const weight = items.reduce((s, i) => s + of.weight(i), 0);
    const value = measure.aggregate === 'sum' ? sum : sum / weight;
    const unit = /^\W$/.test(measure.unit) ? measure.unit : '';
    say(this.total, `${short(value, unit)} ${measure.label.toLowerCase()}`);
    this.effects.hidden = measure.aggregate !== 'sum';
    this.effects.replaceChildren(...(measure.aggregate === 'sum' ? this.#effects(movable, target, at, of) : []));
  }

  /** @param {number[]} movable @param {number} target @param {number} at @param {any} of */
  #effects(movable, target, at, of) {
    const { app } = this;
    /** @type {Map<number, number>} */
    const change = new Map();
    for (const i of movable) {
      const from = app.shown[i];
      if (from === target) continue;
      change.set(from, (change.get(from) ?? 0) - of.amount(i));
      change.set(target, (change.get(target) ?? 0) + of.amount(i));
    }
    const totals = app.totals();
    const from = [...change.keys()].filter((id) => id && id !== target)
      .sort((a, b) => Math.abs(change.get(b) ?? 0) - Math.abs(change.get(a) ?? 0));
    const listed = [...(target && change.has(target) ? [target] : []), ...from.slice(0, SOURCES)];
    const more = from.length - SOURCES;
    return [
      ...listed.map((id) => this.#effect(id, totals.sum[id], change.get(id) ?? 0, at)),
      ...(more > 0 ? [h('span', { class: 'effect', text: `and ${more} more` })] : []),
    ];
  }

  /** @param {number} id @param {number} before @param {number} by @param {number} at */
  #effect(id, before, by, at) {
    const { app } = this;
    const goal = app.plan.areas.get(id)?.targets[app.measure];
    const { unit } = app.facts.measures[at];
    const now = deviation(before, goal);
    const then = deviation(before + by, goal);
    const text = now === null
      ? `${short(before, unit)} → ${short(before + by, unit)}`
      : `${percent(now)} → ${percent(then)}`;
    const bad = then !== null && Math.abs(then) > app.tolerance;
    return h('span', { class: bad ? 'effect bad' : 'effect' },
      h('i', { class: 'swatch', style: `background:${app.colorOf(id)}` }),
      h('span', { text: app.plan.tree.name(id) }), h('em', { text: bad ? `${text} !` : text }));
  }
}
