// The legend: area tree of the focus, balance panel and color key in one. Rows are virtual.
import { deviation } from '../model/facts.js';
import { h, icon, say } from './dom.js';
import { Menu } from './menu.js';
import { counted, full, percent, short, whole } from './format.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {{id: number, group: boolean, depth: number}} Row `group`: an area above those shown
 */

const ROW = 46;
const SPARE = 6;

export class Legend {
  /** @type {import('../model/facts.js').Totals} */ totals;
  /** @type {Menu} */ menu;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
    /** @type {Row[]} */
    this.rows = [];
    /** @type {Map<number, any>} row elements by index */
    this.made = new Map();
    this.filter = '';
    this.#build();
  }

  /** Draw anew: areas, focus, figures or the active area changed. */
  refresh() {
    const { app } = this;
    if (!app.plan) return;
    this.totals = app.totals();
    this.#head();
    this.rows = this.#listed();
    this.space.style.height = `${this.rows.length * ROW}px`;
    this.empty.hidden = this.rows.length > 1 || Boolean(this.filter);
    this.#draw();
    this.#foot();
  }

  /** Areas in the order of the rows, for the number keys. @returns {number[]} */
  get order() {
    return this.rows.filter((row) => !row.group && row.id).map((row) => row.id);
  }

  /** Bring the row of an area into view. @param {number} id */
  reveal(id) {
    const at = this.rows.findIndex((row) => row.id === id && !row.group);
    if (at < 0) return;
    const top = at * ROW;
    const { scrollTop, clientHeight } = this.list;
    if (top < scrollTop) this.list.scrollTop = top;
    else if (top + ROW > scrollTop + clientHeight) this.list.scrollTop = top + ROW - clientHeight;
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
    this.search = h('input', {
      type: 'search', placeholder: 'Filter areas', 'aria-label': 'Filter areas', spellcheck: 'false',
      oninput: () => { this.filter = this.search.value.trim().toLowerCase(); this.refresh(); },
    });
    this.space = h('div', { class: 'space', role: 'presentation' });
    this.empty = h('p', { class: 'empty', text: 'No areas so far. Add the first one to begin.' });
    this.list = h('div', { class: 'rows', role: 'grid', tabindex: '0', 'aria-label': 'Areas',
      onscroll: () => this.#draw(),
      onkeydown: (/** @type {KeyboardEvent} */ e) => this.#key(e) }, this.space, this.empty);
    this.add = h('button', { class: 'quiet add', hidden: true,
      onclick: () => app.act('add', app.singleFocus) }, icon('plus'), 'Add area');
    this.menu = new Menu(app);
    this.summary = h('div', { class: 'summary' });
    this.element = h('aside', { class: 'legend', 'aria-label': 'Legend' },
      h('div', { class: 'head' }, this.crumbs,
        h('div', { class: 'choices' }, this.level, this.measure, this.color),
        h('label', { class: 'filter' }, icon('search'), this.search)),
      this.list, h('div', { class: 'foot' }, this.summary, this.add), this.menu.element);
  }

  #head() {
    const { app } = this;
    const { tree } = app.plan;
    const only = app.singleFocus;
    const path = only ? [...tree.ancestry(only)].reverse() : [];
    const crumb = (/** @type {string} */ name, /** @type {number | null} */ id, /** @type {boolean} */ last) =>
      h('button', { text: name, 'aria-current': last ? 'true' : null, title: name,
        onclick: () => app.drill(id) });
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
    this.add.hidden = app.readonly || !app.allows('add');
  }

  /** @returns {Row[]} */
  #listed() {
    const { app, filter } = this;
    const { tree } = app.plan;
    const shown = tree.shownAt(app.focus.level);
    const inside = tree.inFocus(app.focus);
    const top = app.singleFocus ? tree.depth[app.singleFocus] : 0;
    /** @type {Row[]} */
    const rows = [];
    for (const id of tree.order) {
      if (!inside[id] || shown[id] !== id) continue;
      const group = tree.children(id).length > 0 && tree.depth[id] < app.focus.level;
      if (group && (id === app.singleFocus || filter)) continue;
      if (filter && !`${tree.area(id).name} ${tree.area(id).owner ?? ''}`.toLowerCase().includes(filter)) continue;
      rows.push({ id, group, depth: Math.max(0, tree.depth[id] - top - 1) });
    }
    if (app.focus.unassigned && !filter) rows.push({ id: 0, group: false, depth: 0 });
    return rows;
  }

  #draw() {
    const first = Math.max(0, Math.floor(this.list.scrollTop / ROW) - SPARE);
    const last = Math.min(this.rows.length, Math.ceil((this.list.scrollTop + this.list.clientHeight) / ROW) + SPARE);
    for (const [at, row] of this.made) {
      if (at >= first && at < last) continue;
      row.element.remove();
      this.made.delete(at);
    }
    for (let at = first; at < last; at++) {
      let row = this.made.get(at);
      if (!row) {
        row = this.#make(at);
        this.made.set(at, row);
        this.space.append(row.element);
      }
      this.#fill(row, this.rows[at]);
    }
  }

  /** @param {number} at */
  #make(at) {
    const { app } = this;
    const of = () => this.rows[at];
    const part = {
      swatch: h('i', { class: 'swatch', 'aria-hidden': 'true' }), name: h('b', { role: 'gridcell' }),
      lock: h('button', { class: 'lock',
        onclick: (/** @type {Event} */ e) => {
          e.stopPropagation();
          app.act(app.plan.tree.area(of().id).locked ? 'unlock' : 'lock', of().id);
        } }),
      share: h('span', { class: 'share', role: 'gridcell' }), total: h('span', { class: 'total', role: 'gridcell' }),
      bar: h('span', { class: 'bar', 'aria-hidden': 'true' }, h('s'), h('em')),
      more: h('button', { class: 'more', 'aria-haspopup': 'menu',
        onclick: (/** @type {Event} */ e) => {
          e.stopPropagation();
          this.menu.open(of().id, part.more);
        } }, icon('more')),
    };
    const element = h('div', { class: 'row', role: 'row', style: `top:${at * ROW}px`,
      onclick: () => app.setActive(of().id),
      ondblclick: () => app.drill(of().id || null),
      oncontextmenu: (/** @type {Event} */ e) => {
        if (part.more.hidden) return;
        e.preventDefault();
        this.menu.open(of().id, part.more);
      } },
      part.swatch, part.name, h('span', { class: 'doing', role: 'gridcell' }, part.lock, part.more),
      part.share, part.total, part.bar);
    return { element, ...part };
  }

  /** @param {any} row @param {Row} what */
  #fill(row, what) {
    const { app } = this;
    const { id } = what;
    const area = id ? app.plan.tree.area(id) : null;
    row.element.dataset.area = String(id);
    row.element.classList.toggle('group', what.group);
    row.element.classList.toggle('on', id === app.active && !what.group);
    row.element.setAttribute('aria-selected', String(id === app.active));
    row.element.style.setProperty('--depth', String(what.depth));
    row.swatch.style.background = app.colorOf(id);
    say(row.name, app.plan.tree.name(id));
    row.name.title = area?.owner ? `${area.name} · ${area.owner}` : app.plan.tree.name(id);
    const may = Boolean(area) && app.allows('lock') && !app.readonly;
    row.lock.hidden = !area || !(area.locked || may);
    row.lock.disabled = !may;
    if (area && row.lock.dataset.locked !== String(area.locked)) {
      row.lock.dataset.locked = String(area.locked);
      row.lock.replaceChildren(icon(area.locked ? 'lock' : 'unlock'));
      row.lock.title = area.locked ? 'Locked' : 'Lock';
    }
    row.more.hidden = !area || app.readonly || !this.menu.choices.length;
    row.more.setAttribute('aria-label', `More for ${area?.name ?? ''}`);
    row.lock.setAttribute('aria-label', `${area?.locked ? 'Unlock' : 'Lock'} ${area?.name ?? ''}`);
    this.#figures(row, id);
  }

  /** @param {any} row @param {number} id */
  #figures(row, id) {
    const { app, totals } = this;
    const at = app.facts.indexOf(app.measure);
    const count = totals.count[id];
    row.element.dataset.count = String(count);
    const noun = counted(count, app.noun);
    const measure = at >= 0 ? app.facts.measures[at] : null;
    const value = measure ? app.facts.figure(totals, at, id) : NaN;
    say(row.total, measure ? `${short(value, measure.unit)} · ${noun}` : noun);
    row.total.title = measure ? `${measure.label}: ${full(value, measure.unit)}` : '';
    const off = deviation(value, app.plan.areas.get(id)?.targets[app.measure]);
    const bad = off !== null && Math.abs(off) > app.tolerance;
    say(row.share, off === null ? '' : `${percent(off)}${bad ? ' !' : ''}`);
    row.share.classList.toggle('bad', bad);
    row.bar.hidden = off === null;
    if (off === null) return;
    const [fill] = row.bar.children;
    const reach = Math.min(1, Math.abs(off) / 0.3) * 50;
    fill.style.left = `${off < 0 ? 50 - reach : 50}%`;
    fill.style.width = `${Math.max(1.5, reach)}%`;
    fill.className = bad ? 'bad' : '';
  }

  #foot() {
    const { app, totals } = this;
    const ids = this.order;
    const at = app.facts.indexOf(app.measure);
    let off = 0;
    let targeted = 0;
    for (const id of ids) {
      const target = app.plan.areas.get(id)?.targets[app.measure];
      if (!target || at < 0) continue;
      targeted++;
      const share = deviation(app.facts.figure(totals, at, id), target);
      if (share !== null && Math.abs(share) > app.tolerance) off++;
    }
    const areas = counted(ids.length, { one: 'area', many: 'areas' });
    const text = targeted ? `${areas} · ${whole(targeted - off)} of ${whole(targeted)} on target` : areas;
    say(this.summary, text);
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (!step) return;
    e.preventDefault();
    e.stopPropagation();
    const ids = this.rows.filter((row) => !row.group).map((row) => row.id);
    const at = ids.indexOf(this.app.active ?? -1);
    const next = ids[Math.max(0, Math.min(ids.length - 1, at + step))];
    if (next !== undefined) this.app.setActive(next);
    this.reveal(next);
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
