// What is selected, what giving it away would do to areas, and the buttons that do it.
import { deviation } from '../model/facts.js';
import { grow, invert, shrink } from '../tools/selecting.js';
import { h, icon, say } from './dom.js';
import { counted, percent, short, whole } from './format.js';
import { options } from './legend.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {{id: number, before: number, after: number, goal: number | undefined}} Effect
 */

/** Areas that lose something are listed up to so many; the others are counted. */
const SOURCES = 3;

/** The bar of an effect shows at least so much of the target. */
const REACH = 1.3;

export class SelectionBar {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.count = h('b');
    this.total = h('span', { class: 'total' });
    this.effects = h('div', { class: 'effects', role: 'list', 'aria-label': 'What it does to the areas' });
    this.to = h('select', { 'aria-label': 'Assign to', onchange: () => app.setActive(Number(this.to.value)) });
    this.assign = h('button', { class: 'primary', onclick: () => app.editor.assignSelection() });
    this.hold = h('button', { class: 'quiet', onclick: () => app.editor.holdSelection() });
    this.hint = h('span', { class: 'total', text: 'Add an area to assign them to.' });
    const small = (/** @type {any} */ name, /** @type {string} */ label, /** @type {string} */ key, /** @type {(app: App) => void} */ run) =>
      h('button', { class: 'quiet small', title: `${label} (${key})`, 'aria-label': label, onclick: () => run(app) }, icon(name));
    this.element = h('div', { class: 'selection', role: 'region', 'aria-label': 'Selection', hidden: true },
      h('div', { class: 'line' }, this.count, this.total,
        h('span', { class: 'rings' }, small('shrink', 'One ring less', ',', shrink), small('grow', 'One ring more', '.', grow),
          small('invert', 'Invert', 'X', invert))),
      this.effects,
      h('div', { class: 'line' }, this.label = h('label', {}, 'Assign to', this.to), this.assign, this.hint, this.hold,
        h('button', { class: 'quiet', title: 'Clear (Esc)', onclick: () => app.editor.select([]) }, 'Cancel')));
  }

  refresh() {
    const { app } = this;
    const items = [...app.editor.selection];
    this.element.hidden = !items.length;
    if (!items.length) return this.#tell('');
    const movable = items.filter((i) => !app.plan.stuck(i));
    const ids = [0, ...app.legend.order].filter((id) => !app.plan.tree.lock(id));
    const target = app.active !== null && ids.includes(app.active) ? app.active : ids[1] ?? 0;
    options(this.to, ids.map((id) => [String(id), app.plan.tree.name(id)]), String(target));
    const held = items.filter((i) => app.plan.held[i]).length;
    say(this.count, counted(items.length, app.noun));
    say(this.hold, held === items.length ? 'Release' : 'Hold');
    this.hold.title = held === items.length ? 'Let them be moved again (H)' : 'Nothing moves them until they are released (H)';
    this.hold.hidden = app.readonly;
    const stays = items.length - movable.length;
    say(this.assign, `Assign ${whole(movable.length)}`);
    this.assign.title = stays ? `${whole(stays)} held or locked stay (Enter)` : '(Enter)';
    this.assign.disabled = !movable.some((i) => app.shown[i] !== target);
    this.label.hidden = this.assign.hidden = app.readonly || ids.length < 2;
    this.hint.hidden = app.readonly || ids.length > 1;
    this.#figures(items, movable, target, stays);
    this.#tell([this.count, this.total, ...this.effects.children].map((part) => part.innerText).join('\n'));
  }

  /** Say what is selected to those who listen, when it has changed. @param {string} text */
  #tell(text) {
    if (text !== this.told) this.app.cursor.say(this.told = text);
  }

  /** The area the selection would go to. @returns {number} */
  get target() {
    return Number(this.to.value);
  }

  /** @param {number[]} items @param {number[]} movable @param {number} target @param {number} stays */
  #figures(items, movable, target, stays) {
    const { app } = this;
    const at = app.facts.indexOf(app.measure);
    const kept = stays ? `${whole(stays)} held or locked` : '';
    if (at < 0) {
      say(this.total, kept);
      this.effects.replaceChildren();
      return;
    }
    const measure = app.facts.measures[at];
    const of = app.facts.amounts(at);
    const sum = items.reduce((s, i) => s + of.amount(i), 0);
    const weight = items.reduce((s, i) => s + of.weight(i), 0);
    const value = measure.aggregate === 'sum' ? sum : sum / weight;
    const unit = /^\W$/.test(measure.unit) ? measure.unit : '';
    say(this.total, [`${measure.label}: ${short(value, unit)}`, kept].filter(Boolean).join(' · '));
    const found = this.#changes(movable, target, at);
    const more = found.length - 1 - SOURCES;
    this.effects.replaceChildren(
      ...found.slice(0, SOURCES + 1).map((effect) => this.#effect(effect, measure.unit)),
      ...(more > 0 ? [h('span', { class: 'total', role: 'listitem', text: `and ${whole(more)} more` })] : []),
    );
  }

  /**
   * What areas hold before and after: the target first, then those that lose the most.
   * @param {number[]} movable @param {number} target @param {number} at
   * @returns {Effect[]}
   */
  #changes(movable, target, at) {
    const { app } = this;
    const of = app.facts.amounts(at);
    /** @type {Map<number, [number, number]>} sum and weight that come, by area */
    const change = new Map();
    const add = (/** @type {number} */ id, /** @type {number} */ amount, /** @type {number} */ weight) => {
      const [s, w] = change.get(id) ?? [0, 0];
      change.set(id, [s + amount, w + weight]);
    };
    for (const i of movable) {
      const from = app.shown[i];
      if (from === target) continue;
      add(from, -of.amount(i), -of.weight(i));
      add(target, of.amount(i), of.weight(i));
    }
    const { sum, weight } = app.totals();
    const figure = app.facts.measures[at].aggregate === 'sum'
      ? (/** @type {number} */ s) => s : (/** @type {number} */ s, /** @type {number} */ w) => s / w;
    const size = (/** @type {number} */ id) => (id === target ? Infinity : Math.abs((change.get(id) ?? [0])[0]));
    return [...change.keys()].filter((id) => id).sort((a, b) => size(b) - size(a)).map((id) => {
      const [s, w] = change.get(id) ?? [0, 0];
      return { id, before: figure(sum[id], weight[id]), after: figure(sum[id] + s, weight[id] + w),
        goal: app.plan.areas.get(id)?.targets[app.measure] };
    });
  }

  /** @param {Effect} effect @param {string} unit */
  #effect({ id, before, after, goal }, unit) {
    const { app } = this;
    const then = deviation(after, goal);
    const bad = then !== null && Math.abs(then) > app.tolerance;
    const now = deviation(before, goal);
    const text = now === null ? `${short(before, unit)} → ${short(after, unit)}` : `${percent(now)} → ${percent(then)}`;
    const full = Math.max(before, after, (goal ?? 0) * REACH) || 1;
    const share = (/** @type {number} */ v) => `${(100 * Math.max(0, v || 0)) / full}%`;
    return h('span', { class: bad ? 'effect bad' : 'effect', role: 'listitem' },
      h('i', { class: 'swatch', style: `background:${app.colorOf(id)}` }),
      h('span', { text: app.plan.tree.name(id) }), h('em', { text: bad ? `${text} !` : text }),
      h('span', { class: 'gauge', 'aria-hidden': 'true' },
        h('s', { style: `width:${share(after)}` }), h('i', { style: `left:${share(before)}` }),
        goal ? h('u', { style: `left:${share(goal)}` }) : null));
  }
}
