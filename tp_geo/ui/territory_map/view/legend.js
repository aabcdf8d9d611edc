// The legend: area tree of the focus, balance panel and key to the colors in one.
import { deviation } from '../model/facts.js';
import { rowsOf } from '../model/listing.js';
import { keep, recall } from '../model/remembered.js';
import { CHANGE, columnsOf, shownColumns, USUAL } from './columns.js';
import { h, icon, say } from './dom.js';
import { Finding } from './finding.js';
import { Menu } from './menu.js';
import { counted, whole } from './format.js';
import { Rows } from './rows.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../model/listing.js').Row} Row
 * @typedef {import('./columns.js').Column} Column
 */

const NARROWEST = 240;

/** Of the map with its legend. */
const WIDEST = 0.7;

/** Of the map with its legend, what columns may take without being asked. */
const ROOM = 0.45;

const CHOICES = { columns: USUAL, by: '', down: true, grouped: true };

export class Legend {
  /** @type {Row[]} */ rows = [];
  /** @type {Column[]} */ columns = [];
  /** @type {typeof CHOICES} */ choices = CHOICES;
  /** @type {Set<number>} groups whose rows are folded away */ folded = new Set();
  /** @type {string | undefined} the alignment that the choices are of */ of;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.menu = new Menu(app);
    this.finding = new Finding(app);
    this.table = new Rows(app, this);
    this.#build();
  }

  /** Draw anew: areas, focus, figures or the active area changed. */
  refresh() {
    const { app } = this;
    if (!app.plan) return;
    this.#recall();
    this.#head();
    const { by, down, grouped, columns } = this.choices;
    const known = columnsOf(app);
    this.columns = shownColumns(app, columns).flatMap((name) => known.find((column) => column.name === name) ?? []);
    const value = by === 'name' ? (/** @type {number} */ id) => app.plan.tree.name(id) : known.find((c) => c.name === by)?.value ?? null;
    this.rows = rowsOf(app.plan.tree, app.focus, { value, down, grouped, folded: this.folded });
    this.table.refresh();
    this.#fillChooser(known.filter(({ name }) => name !== CHANGE));
    this.#foot();
  }

  /** Areas in the order of the rows, for the number keys. @returns {number[]} */
  get order() {
    return this.rows.filter((row) => !row.group && row.id).map((row) => row.id);
  }

  /** Bring the row of an area into view. @param {number} id */
  reveal(id) {
    this.table.reveal(id);
  }

  /** @param {Partial<typeof CHOICES>} changed */
  choose(changed) {
    this.choices = { ...this.choices, ...changed };
    keep('legend', this.choices);
    keep(`legend:${this.of}`, this.choices);
    this.refresh();
    if (changed.columns && this.table.least > this.element.clientWidth) this.#widen(Math.min(this.table.least, this.app.root.offsetWidth * ROOM));
  }

  /** Sort by a column: down, up, then as the tree has it. @param {string} by */
  sort(by) {
    const { choices } = this;
    const first = by !== 'name';
    if (choices.by !== by) this.choose({ by, down: first });
    else if (choices.down === first) this.choose({ down: !first });
    else this.choose({ by: '' });
  }

  /** @param {number} id */
  fold(id) {
    if (!this.folded.delete(id)) this.folded.add(id);
    this.refresh();
  }

  #build() {
    const { app } = this;
    this.crumbs = h('nav', { class: 'crumbs', 'aria-label': 'Focus' });
    this.level = h('select', {
      class: 'plain', 'aria-label': 'Level shown',
      onchange: () => app.setFocus({ ...app.focus, level: Number(this.level.value) }),
    });
    this.measure = h('select', {
      class: 'plain', 'aria-label': 'Measure',
      onchange: () => app.setMeasure(this.measure.value),
    });
    this.color = h('select', {
      class: 'plain', 'aria-label': 'Color by', title: 'What colors mean',
      onchange: () => app.looks.choose({ way: this.color.value }),
    });
    this.add = h('button', { class: 'quiet add', hidden: true,
      onclick: () => app.act('add', app.singleFocus) }, icon('plus'), 'Add area');
    this.chooser = h('div', { class: 'chooser', role: 'group', 'aria-label': 'Columns', hidden: true,
      onkeydown: (/** @type {KeyboardEvent} */ e) => { if (e.key === 'Escape') { e.stopPropagation(); this.#choosing(false); this.chooseButton.focus(); } } });
    this.chooseButton = h('button', { class: 'quiet choose', title: 'Columns', 'aria-label': 'Columns', 'aria-expanded': 'false',
      onclick: () => this.#choosing(this.chooser.hidden) }, icon('columns'));
    this.summary = h('div', { class: 'summary' });
    this.grip = h('div', { class: 'grip', role: 'separator', tabindex: '0', 'aria-orientation': 'vertical', 'aria-label': 'Width of the legend',
      onpointerdown: (/** @type {PointerEvent} */ e) => this.#drag(e),
      onkeydown: (/** @type {KeyboardEvent} */ e) => this.#nudge(e) });
    this.element = h('aside', { class: 'legend', 'aria-label': 'Legend' },
      h('div', { class: 'head' }, this.finding.element, this.crumbs,
        h('div', { class: 'choices' }, this.level, this.measure, this.color)),
      this.table.element,
      h('div', { class: 'foot' }, this.summary, this.chooseButton, this.add),
      this.chooser, this.menu.element, this.grip);
  }

  /** What was chosen for this alignment, or else for the last. */
  #recall() {
    const { alignment } = this.app.plan;
    if (alignment === this.of) return;
    this.of = alignment;
    this.choices = recall(`legend:${alignment}`, recall('legend', CHOICES));
    this.folded.clear();
    this.#widen(recall('legend:width', 0));
  }

  #head() {
    const { app } = this;
    const { tree } = app.plan;
    const only = app.singleFocus;
    const path = only ? [...tree.ancestry(only)].reverse() : [];
    const crumb = (/** @type {string} */ name, /** @type {number | null} */ id, /** @type {boolean} */ last) =>
      h('button', { text: name, 'aria-current': last ? 'true' : null, title: name, onclick: () => app.drill(id),
        ...this.table.dropsOn(() => id) });
    const many = app.focus.areas && !only ? `${app.focus.areas.length} areas` : null;
    this.crumbs.replaceChildren(
      crumb(app.data.title ?? 'All areas', null, !path.length && !many),
      ...path.flatMap((area, i) => [h('i', { text: '›' }), crumb(area.name, area.id, i === path.length - 1)]),
      ...(many ? [h('i', { text: '›' }), h('span', { text: many })] : []),
    );
    options(this.level, app.levels.map((name, i) => [String(i + 1), name]), String(app.focus.level));
    this.level.hidden = app.levels.length < 2;
    const measures = app.facts.measures;
    options(this.measure, measures.map((m) => [m.name, m.label]), app.measure);
    this.measure.hidden = !measures.length;
    options(this.color, app.looks.ways().map(([name, text]) => [name, `Color: ${text.toLowerCase()}`]), app.looks.way);
    this.finding.input.placeholder = `Place, area, owner${app.allows('units') ? ', unit' : ''}`;
    this.add.hidden = app.readonly || !app.allows('add');
  }

  #foot() {
    const { app } = this;
    const ids = this.order;
    const at = app.measureAt;
    let off = 0;
    let targeted = 0;
    for (const id of ids) {
      const target = app.plan.areas.get(id)?.targets[app.measure];
      if (!target || at < 0) continue;
      targeted++;
      const share = deviation(app.facts.figure(app.totals(), at, id), target);
      if (share !== null && Math.abs(share) > app.tolerance) off++;
    }
    const areas = counted(ids.length, { one: 'area', many: 'areas' });
    say(this.summary, targeted ? `${areas} · ${whole(targeted - off)} of ${whole(targeted)} on target` : areas);
  }

  // ---- columns

  /** @param {boolean} on */
  #choosing(on) {
    this.chooser.hidden = !on;
    this.chooseButton.setAttribute('aria-expanded', String(on));
    if (on) this.chooser.querySelector('input')?.focus();
  }

  /** @param {Column[]} known */
  #fillChooser(known) {
    const { columns, grouped } = this.choices;
    const state = JSON.stringify([known.map(({ name, label }) => [name, label]), columns, grouped]);
    if (state === this.chooser.dataset.state) return;
    this.chooser.dataset.state = state;
    const had = this.chooser.contains(document.activeElement ?? this.chooser.getRootNode().activeElement);
    const check = (/** @type {string} */ text, /** @type {boolean} */ on, /** @type {() => void} */ onchange) =>
      h('label', {}, h('input', { type: 'checkbox', onchange, ...(on ? { checked: true } : {}) }), text);
    this.chooser.replaceChildren(
      h('b', { text: 'Columns' }),
      ...known.map(({ name, label }) => check(label, columns.includes(name), () => {
        const next = columns.includes(name) ? columns.filter((c) => c !== name) : [...columns, name];
        this.choose({ columns: known.map((c) => c.name).filter((c) => next.includes(c)) });
      })),
      h('hr'),
      check('Grouped by parent', grouped, () => this.choose({ grouped: !grouped })),
    );
    if (had) this.chooser.querySelector('input')?.focus();
  }

  // ---- width

  /** @param {PointerEvent} e */
  #drag(e) {
    e.preventDefault();
    this.grip.setPointerCapture(e.pointerId);
    const from = e.clientX - this.element.offsetWidth;
    const move = (/** @type {PointerEvent} */ to) => this.#widen(to.clientX - from);
    this.grip.addEventListener('pointermove', move);
    this.grip.addEventListener('lostpointercapture', () => {
      this.grip.removeEventListener('pointermove', move);
      keep('legend:width', this.element.offsetWidth);
    }, { once: true });
  }

  /** @param {KeyboardEvent} e */
  #nudge(e) {
    const by = { ArrowLeft: -16, ArrowRight: 16 }[e.key];
    if (!by) return;
    e.preventDefault();
    e.stopPropagation();
    this.#widen(this.element.offsetWidth + by);
    keep('legend:width', this.element.offsetWidth);
  }

  /** @param {number} pixels 0: as it comes */
  #widen(pixels) {
    const { root } = this.app;
    if (!pixels) root.style.removeProperty('--legend');
    else root.style.setProperty('--legend', `${Math.round(Math.max(NARROWEST, Math.min(root.offsetWidth * WIDEST, pixels)))}px`);
    this.grip.setAttribute('aria-valuenow', String(this.element.offsetWidth));
  }
}

/**
 * Fill a select only when its choices changed.
 * @param {HTMLSelectElement} select
 * @param {string[][]} choices value and text
 * @param {string} value
 */
export function options(select, choices, value) {
  const key = JSON.stringify(choices);
  if (select.dataset.key !== key) {
    select.dataset.key = key;
    select.replaceChildren(...choices.map(([v, text]) => h('option', { value: v, text })));
  }
  if (select.value !== value) select.value = value;
}
