// The rows of the legend with their header: only those in view exist. Sorted by a click on a header.
import { astray } from '../model/parts.js';
import { selectArea } from '../tools/selecting.js';
import { h, icon, say } from './dom.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('./legend.js').Legend} Legend
 * @typedef {import('./columns.js').Column} Column
 */

const ROW = 34;
const HEADER = 28;
const SPARE = 6;

/** Pixels of a row beside its columns: the name at its narrowest, swatch and gaps. */
const NAME = 130;
const GAP = 8;

/** Deviations of this size fill half of their bar. */
const FULL_BAR = 0.3;

export class Rows {
  /** @param {App} app @param {Legend} legend */
  constructor(app, legend) {
    this.app = app;
    this.legend = legend;
    /** @type {Map<number, any>} row elements by index */
    this.made = new Map();
    /** @type {number | null} the area being dragged */
    this.dragged = null;
    this.header = h('div', { class: 'header', role: 'row' });
    this.space = h('div', { class: 'space', role: 'presentation' });
    this.empty = h('p', { class: 'empty', text: 'No areas so far. Add the first one to begin.' });
    this.element = h('div', { class: 'rows', role: 'treegrid', tabindex: '0', 'aria-label': 'Areas',
      onscroll: () => this.#draw(),
      onkeydown: (/** @type {KeyboardEvent} */ e) => this.#key(e) }, this.header, this.space, this.empty);
  }

  refresh() {
    const { rows, columns, choices } = this.legend;
    const shape = JSON.stringify([columns.map(({ name, label, width }) => [name, label, width]), choices.by, choices.down]);
    if (shape !== this.shape) this.#shape(shape);
    this.element.setAttribute('aria-rowcount', String(rows.length + 1));
    this.space.style.height = `${rows.length * ROW}px`;
    this.empty.hidden = rows.some(({ id }) => id > 0);
    this.#draw();
  }

  /** Bring the row of an area into view. @param {number} id */
  reveal(id) {
    const at = this.legend.rows.findIndex((row) => row.id === id && !row.group);
    if (at < 0) return;
    const top = at * ROW;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + ROW + HEADER > scrollTop + clientHeight) this.element.scrollTop = top + ROW + HEADER - clientHeight;
  }

  /**
   * Listeners of what takes an area that is dropped on it.
   * @param {() => number | null} under which area it is then put
   */
  dropsOn(under) {
    const takes = () => this.dragged !== null && this.#mayGo(this.dragged, under());
    return {
      ondragover: (/** @type {DragEvent} */ e) => {
        if (!takes()) return;
        e.preventDefault();
        /** @type {HTMLElement} */ (e.currentTarget).classList.add('taking');
      },
      ondragleave: (/** @type {DragEvent} */ e) => /** @type {HTMLElement} */ (e.currentTarget).classList.remove('taking'),
      ondrop: (/** @type {DragEvent} */ e) => {
        e.preventDefault();
        /** @type {HTMLElement} */ (e.currentTarget).classList.remove('taking');
        if (takes()) this.app.act('put', this.dragged, { parent: under() });
        this.dragged = null;
      },
    };
  }

  /** Whether an area may be put under another; null: at the top. @param {number} id @param {number | null} under */
  #mayGo(id, under) {
    const { tree } = this.app.plan;
    if (under === 0 || under === id || tree.area(id)?.parent === under) return false;
    return under === null || !tree.ancestry(under).some((area) => area.id === id);
  }

  /** Pixels that names and columns need. */
  get least() {
    return NAME + this.legend.columns.reduce((sum, column) => sum + column.width + GAP, 0);
  }

  /** Columns or sorting changed: all rows are made anew. @param {string} shape */
  #shape(shape) {
    this.shape = shape;
    const { columns } = this.legend;
    this.element.style.setProperty('--columns', columns.map((c) => `${c.width}px`).join(' '));
    for (const part of [this.header, this.space]) part.style.minWidth = `${this.least}px`;
    for (const { element } of this.made.values()) element.remove();
    this.made.clear();
    this.header.replaceChildren(this.#heading('name', 'Area', true), ...columns.map((c) => this.#heading(c.name, c.label, Boolean(c.words))));
  }

  /** @param {string} name @param {string} label @param {boolean} words */
  #heading(name, label, words) {
    const { by, down } = this.legend.choices;
    const sort = by === name ? (down ? 'descending' : 'ascending') : 'none';
    return h('div', { role: 'columnheader', 'aria-sort': sort, class: words ? 'words' : null },
      h('button', { title: `Sort by ${label.toLowerCase()}`, onclick: () => this.legend.sort(name) },
        h('span', { text: label }), sort === 'none' ? null : h('i', { text: down ? '↓' : '↑', 'aria-hidden': 'true' })));
  }

  #draw() {
    const { rows } = this.legend;
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / ROW) - SPARE);
    const last = Math.min(rows.length, Math.ceil((scrollTop + clientHeight) / ROW) + SPARE);
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
      this.#fill(row, rows[at]);
    }
  }

  /** @param {number} at */
  #make(at) {
    const { app, legend } = this;
    const of = () => legend.rows[at];
    const alone = (/** @type {() => void} */ act) => (/** @type {Event} */ e) => {
      e.stopPropagation();
      act();
    };
    const part = {
      swatch: h('i', { class: 'swatch', 'aria-hidden': 'true' }),
      fold: h('button', { class: 'fold', hidden: true, onclick: alone(() => legend.fold(of().id)) }, icon('chevron')),
      name: h('b'),
      warn: h('button', { class: 'warn', hidden: true, onclick: alone(() => this.#showAstray(of().id)) }, icon('warning'), h('span')),
      lock: h('button', { class: 'lock', onclick: alone(() => app.act(app.plan.tree.area(of().id).locked ? 'unlock' : 'lock', of().id)) }),
      more: h('button', { class: 'more', 'aria-haspopup': 'menu', onclick: alone(() => legend.menu.open(of().id, part.more)) }, icon('more')),
      cells: legend.columns.map((column) => h('span', { role: 'gridcell', class: column.words ? 'words' : column.bar ? 'off' : null },
        h('span'), column.bar ? h('span', { class: 'bar', 'aria-hidden': 'true' }, h('s'), h('em')) : null)),
    };
    const element = h('div', { class: 'row', role: 'row', id: `row${at}`, 'aria-rowindex': at + 2, style: `top:${at * ROW}px`,
      onclick: (/** @type {MouseEvent} */ e) => (e.ctrlKey || e.metaKey ? selectArea(app, of().id, 'add') : app.setActive(of().id)),
      ondblclick: () => app.drill(of().id || null),
      ondragstart: (/** @type {DragEvent} */ e) => {
        this.dragged = of().id;
        e.dataTransfer?.setData('text/plain', app.plan.tree.name(of().id));
      },
      ondragend: () => { this.dragged = null; },
      ...this.dropsOn(() => of().id),
      oncontextmenu: (/** @type {Event} */ e) => {
        if (part.more.hidden) return;
        e.preventDefault();
        legend.menu.open(of().id, part.more);
      } },
    h('span', { class: 'who', role: 'gridcell' }, part.fold, part.swatch, part.name, part.warn,
      h('span', { class: 'doing' }, part.lock, part.more)), ...part.cells);
    return { element, ...part };
  }

  /** @param {any} row @param {import('../model/listing.js').Row} what */
  #fill(row, { id, group, depth }) {
    const { app, legend } = this;
    const area = id ? app.plan.tree.area(id) : null;
    const on = id === app.active && !group;
    row.element.dataset.area = String(id);
    row.element.classList.toggle('group', group);
    row.element.classList.toggle('on', on);
    row.element.setAttribute('aria-selected', String(on));
    row.element.setAttribute('aria-level', String(depth + 1));
    if (on) this.element.setAttribute('aria-activedescendant', row.element.id);
    row.element.style.setProperty('--depth', String(depth));
    row.element.draggable = Boolean(area) && app.allows('put') && !app.readonly;
    row.fold.hidden = !group;
    row.swatch.hidden = group;
    row.element.removeAttribute('aria-expanded');
    if (group) {
      const open = !legend.folded.has(id);
      for (const part of [row.fold, row.element]) part.setAttribute('aria-expanded', String(open));
      row.fold.setAttribute('aria-label', `${open ? 'Fold' : 'Unfold'} ${area?.name}`);
    }
    row.swatch.style.background = app.colorOf(id);
    say(row.name, app.plan.tree.name(id));
    const undivided = Boolean(area) && !group && app.plan.tree.depth[id] < app.focus.level;
    row.element.classList.toggle('undivided', undivided);
    row.name.title = [app.plan.tree.name(id), area?.owner, undivided && 'not divided so far'].filter(Boolean).join(' · ');
    this.#actions(row, area);
    this.#warn(row.warn, id, area);
    legend.columns.forEach((column, i) => this.#cell(row.cells[i], column, id));
  }

  /** @param {any} row @param {import('../model/tree.js').Area | null} area */
  #actions(row, area) {
    const { app, legend } = this;
    const may = Boolean(area) && app.allows('lock') && !app.readonly;
    row.lock.hidden = !area || !(area.locked || may);
    row.lock.disabled = !may;
    if (area && row.lock.dataset.locked !== String(area.locked)) {
      row.lock.dataset.locked = String(area.locked);
      row.lock.replaceChildren(icon(area.locked ? 'lock' : 'unlock'));
      row.lock.title = area.locked ? 'Locked' : 'Lock';
    }
    row.more.hidden = !area || app.readonly || !legend.menu.choices.length;
    row.more.setAttribute('aria-label', `More for ${area?.name ?? ''}`);
    row.lock.setAttribute('aria-label', `${area?.locked ? 'Unlock' : 'Lock'} ${area?.name ?? ''}`);
  }

  /** An area that should be in one piece but isn't says so. @param {any} warn @param {number} id @param {any} area */
  #warn(warn, id, area) {
    const parts = this.app.parts?.count.get(id) ?? 1;
    warn.hidden = parts < 2 || !area || area.scattered;
    if (warn.hidden) return;
    say(warn.lastChild, String(parts));
    warn.title = `In ${parts} parts: show what is cut off`;
    warn.setAttribute('aria-label', `${area.name} is in ${parts} parts: show what is cut off`);
  }

  /** @param {number} id */
  #showAstray(id) {
    const { app } = this;
    if (!app.parts) return;
    const items = new Set(astray(app.parts, app.shown, id));
    app.viewport.lookAt((item) => items.has(item));
    app.editor.select(items);
  }

  /** @param {any} cell @param {Column} column @param {number} id */
  #cell(cell, column, id) {
    const value = column.value(id);
    const bad = Boolean(column.bar) && value !== null && Math.abs(Number(value)) > this.app.tolerance;
    say(cell.firstChild, bad ? `${column.text(id)} !` : column.text(id));
    cell.title = column.title?.(id) ?? (column.words ? column.text(id) : '');
    if (!column.bar) return;
    cell.classList.toggle('bad', bad);
    const bar = cell.lastChild;
    bar.hidden = value === null;
    if (value === null) return;
    const off = Number(value);
    const reach = Math.min(1, Math.abs(off) / FULL_BAR) * 50;
    bar.firstChild.style.left = `${off < 0 ? 50 - reach : 50}%`;
    bar.firstChild.style.width = `${Math.max(1.5, reach)}%`;
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    const { app, legend } = this;
    if (e.target !== this.element) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (e.key === 'Enter' && app.active) app.drill(app.active);
    else if (!step) return;
    e.preventDefault();
    e.stopPropagation();
    if (!step) return;
    const ids = legend.rows.filter((row) => !row.group).map((row) => row.id);
    const at = ids.indexOf(app.active ?? -1);
    const next = ids[Math.max(0, Math.min(ids.length - 1, at + step))];
    if (next === undefined) return;
    app.setActive(next);
    this.reveal(next);
  }
}
