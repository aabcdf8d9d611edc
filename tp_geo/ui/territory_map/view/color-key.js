// The color key: what the colors on the map mean, and how figures are put into classes.
import { tidy } from '../model/classes.js';
import { DIVERGING, SEQUENTIAL, stepsOf } from '../render/ramps.js';
import { css } from '../render/theme.js';
import { h, icon } from './dom.js';
import { brief, counted, percent, short, whole } from './format.js';
import { options } from './legend.js';

/** @typedef {import('../app.js').App} App */

const METHODS = [['quantiles', 'Quantiles'], ['natural', 'Natural breaks'], ['equal', 'Equal steps'], ['hand', 'By hand']];
const COUNTS = [3, 4, 5, 6, 7, 8, 9];

export class ColorKey {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.editing = false;
    this.shown = '';
    this.title = h('b');
    this.unit = h('span', { class: 'unit' });
    this.open = true;
    this.fold = h('button', { class: 'fold', title: 'Fold or unfold', 'aria-expanded': 'true',
      onclick: () => { this.open = !this.open; this.shown = ''; this.refresh(); } }, this.title, this.unit);
    this.edit = h('button', { class: 'edit', 'aria-label': 'Classes', title: 'Classes and colors', 'aria-expanded': 'false',
      onclick: () => { this.editing = !this.editing; this.shown = ''; this.refresh(); } }, icon('sliders'));
    this.list = h('ul');
    this.since = h('select', { 'aria-label': 'Since', onchange: () => app.looks.compare(this.since.value) });
    this.compared = h('label', { class: 'since', hidden: true }, 'Since', this.since);
    this.moved = h('p', { class: 'unit' });
    this.editor = h('div', { class: 'classing' });
    this.element = h('section', { class: 'colorkey', 'aria-label': 'Color key', hidden: true },
      h('header', {}, this.fold, this.edit), this.compared, this.moved, this.list, this.editor);
  }

  refresh() {
    const { looks, measureAt, facts, noun, data } = this.app;
    const { hidden } = this.element;
    this.element.hidden = looks.way === 'area';
    if (hidden !== this.element.hidden) this.app.viewport.refit();
    if (this.element.hidden) return;
    const { classes, entries, steps, choices, way } = looks;
    const state = JSON.stringify([way, classes, entries, steps, choices, this.editing, measureAt, noun, data.bases, data.base, this.#moved()]);
    if (state === this.shown) return;
    this.shown = state;
    looks.askForBase();
    const label = looks.ways().find(([name]) => name === way)?.[1] ?? '';
    const { unit } = facts.measures[measureAt] ?? { unit: '' };
    this.title.textContent = way === 'deviation' ? `${facts.measures[measureAt].label} off target` : label;
    this.unit.textContent = way === 'measure' ? unit : '';
    this.fold.setAttribute('aria-expanded', String(this.open));
    this.list.hidden = !this.open;
    this.edit.hidden = !classes || !this.open;
    this.compared.hidden = way !== 'change' || !this.open;
    if (!this.compared.hidden) options(this.since, this.app.compare.choices, data.base?.id ?? '');
    this.moved.hidden = this.compared.hidden;
    this.moved.textContent = this.#moved();
    this.edit.setAttribute('aria-expanded', String(this.editing));
    this.list.replaceChildren(...(classes ? this.#classRows(classes) : entries.map((e) => entryRow(e))));
    this.editor.hidden = this.edit.hidden || !this.editing;
    if (!this.editor.hidden && classes) this.editor.replaceChildren(...this.#fields(classes));
  }

  /** What moved in all. */
  #moved() {
    const { compare: { difference }, facts, measureAt, noun } = this.app;
    if (!difference) return '';
    const { items, amount, sums } = difference;
    return `${counted(items, noun)} moved${sums ? ` · ${facts.measures[measureAt].label} ${short(amount, facts.measures[measureAt].unit)}` : ''}`;
  }

  /** @param {import('../model/coloring.js').Classes} classes */
  #classRows({ breaks, counts, unknown }) {
    const { looks, theme, noun } = this.app;
    const words = looks.way === 'deviation' ? percent : brief;
    const many = looks.way === 'deviation' ? 'areas' : noun.many;
    const rows = counts.map((n, i) => row(css(looks.steps[i]), rangeText(breaks, i, words), n, many));
    if (looks.way === 'deviation') rows.reverse();
    if (unknown) rows.push(row(css(theme.unassigned), looks.way === 'deviation' ? 'No target' : 'Not known', unknown, many, true));
    return rows;
  }

  /** @param {import('../model/coloring.js').Classes} classes */
  #fields(classes) {
    const { looks } = this.app;
    const { choices, way } = looks;
    const byArea = way === 'deviation';
    const hand = byArea || choices.method === 'hand';
    const pick = (/** @type {string} */ label, /** @type {Array<[string, string]>} */ of, /** @type {string} */ value, /** @type {(v: string) => void} */ onpick) => {
      const select = h('select', { onchange: () => onpick(select.value) }, ...of.map(([v, text]) => h('option', { value: v, text })));
      select.value = value;
      return h('label', {}, h('span', { text: label }), select);
    };
    return [
      byArea ? null : pick('Classes', /** @type {any} */ (METHODS), choices.method, (method) => this.#method(/** @type {any} */ (method), classes)),
      hand ? null : pick('How many', COUNTS.map((n) => [String(n), String(n)]), String(choices.count), (n) => looks.choose({ count: Number(n) })),
      hand ? this.#limits(classes) : null,
      this.#ramps(byArea),
    ].filter((field) => field !== null);
  }

  /** @param {'quantiles' | 'natural' | 'equal' | 'hand'} method @param {{breaks: number[]}} classes */
  #method(method, { breaks }) {
    const { looks } = this.app;
    const known = looks.choices.hand[looks.handKey];
    const hand = method === 'hand' && !known ? { ...looks.choices.hand, [looks.handKey]: breaks } : looks.choices.hand;
    looks.choose({ method, hand });
  }

  /** @param {{breaks: number[]}} classes */
  #limits({ breaks }) {
    const { looks } = this.app;
    const scale = looks.way === 'deviation' ? 100 : 1;
    const take = (/** @type {string[]} */ typed) => {
      const limits = tidy(typed.filter((text) => text.trim()).map((text) => Number(text) / scale)).slice(0, COUNTS.length + 1);
      looks.choose({ hand: { ...looks.choices.hand, [looks.handKey]: limits } });
    };
    const inputs = breaks.map((value, i) => h('input', {
      type: 'number', step: 'any', value: String(Number((value * scale).toPrecision(8))), 'aria-label': `Limit ${i + 1}`,
      onchange: () => take(inputs.map((input) => input.value)),
    }));
    const last = breaks[breaks.length - 1] ?? 0;
    const further = last + (last - (breaks[breaks.length - 2] ?? 0) || 1);
    return h('fieldset', {}, h('legend', { text: scale === 100 ? 'Limits, %' : 'Limits' }), ...inputs,
      h('button', { class: 'quiet', 'aria-label': 'Add a limit', title: 'Add a limit', hidden: breaks.length >= COUNTS.length,
        onclick: () => take([...inputs.map((input) => input.value), String(further * scale)]) }, icon('plus')));
  }

  /** @param {boolean} diverging */
  #ramps(diverging) {
    const { looks, theme } = this.app;
    const of = diverging ? DIVERGING : SEQUENTIAL;
    const chosen = diverging ? looks.choices.diverging : looks.choices.sequential;
    return h('div', { class: 'ramps', role: 'radiogroup', 'aria-label': 'Colors' }, ...of.map((ramp) => h('button', {
      role: 'radio', 'aria-checked': String(ramp.name === chosen), title: ramp.label, 'aria-label': ramp.label,
      style: `background:linear-gradient(90deg,${stepsOf(ramp, 7, theme.dark).map(css)})`,
      onclick: () => looks.choose(diverging ? { diverging: ramp.name } : { sequential: ramp.name }),
    })));
  }
}

/**
 * A class in words.
 * @param {number[]} breaks @param {number} at
 * @param {(value: number) => string} words
 */
export function rangeText(breaks, at, words) {
  if (!breaks.length) return 'All';
  if (at === 0) return `Under ${words(breaks[0])}`;
  if (at === breaks.length) return `${words(breaks[at - 1])} and more`;
  return `${words(breaks[at - 1])} to ${words(breaks[at])}`;
}

/** @param {import('../looks.js').Entry} entry */
function entryRow({ name, color, from, count, of, unknown }) {
  const stripes = from ? `;background-image:repeating-linear-gradient(45deg,${from} 0 3px,transparent 3px 8px)` : '';
  return row(color + stripes, name || 'No owner', count, of, unknown);
}

/** @param {string} color @param {string} text @param {number} count @param {string} of @param {boolean} [unknown] */
function row(color, text, count, of, unknown) {
  return h('li', {}, h('i', { class: unknown ? 'swatch unknown' : 'swatch', style: `background-color:${color}` }),
    h('span', { text, title: text }), h('em', { text: whole(count), title: `${whole(count)} ${of}` }));
}
