// One field for postal codes, cities, counties, areas and owners: Enter goes there and selects.
import { Finder } from '../model/finding.js';
import { h, icon } from './dom.js';
import { counted } from './format.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../model/finding.js').Hit} Hit
 */

export class Finding {
  /** @type {Hit[]} */ hits = [];
  /** @type {Finder | undefined} */ finder;
  at = 0;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.input = h('input', {
      type: 'search', role: 'combobox', placeholder: 'Find a place, area or owner', 'aria-label': 'Find', 'aria-expanded': 'false',
      'aria-controls': 'tp-found', 'aria-autocomplete': 'list', spellcheck: 'false', autocomplete: 'off',
      oninput: () => this.#ask(), onfocus: () => this.#ask(),
      onblur: () => this.#show(false),
      onkeydown: (/** @type {KeyboardEvent} */ e) => this.#key(e),
    });
    this.list = h('ul', { class: 'found', id: 'tp-found', role: 'listbox', 'aria-label': 'Found', hidden: true,
      onpointerdown: (/** @type {Event} */ e) => e.preventDefault() });
    this.element = h('div', { class: 'finding' },
      h('label', { class: 'filter' }, icon('search'), this.input, h('kbd', { text: '/', 'aria-hidden': 'true' })), this.list);
  }

  focus() {
    this.input.focus();
    this.input.select();
  }

  #ask() {
    const { app, input } = this;
    if (!app.plan) return;
    if (this.finder?.t !== app.topology) this.finder = new Finder(app.topology);
    this.hits = this.finder.find(input.value, app.plan);
    this.at = 0;
    this.list.replaceChildren(...(this.hits.length ? this.hits.map((hit, i) => this.#row(hit, i))
      : [h('li', { class: 'none', text: `Nothing begins with “${input.value.trim()}”.` })]));
    this.#show(Boolean(input.value.trim()));
    this.#mark();
  }

  /** @param {Hit} hit @param {number} i */
  #row({ kind, name, detail, areas }, i) {
    const { app } = this;
    return h('li', { role: 'option', id: `tp-found-${i}`, onclick: () => this.#go(i) },
      kind === 'area' ? h('i', { class: 'swatch', style: `background:${app.colorOf(areas[0])}` }) : h('i'),
      h('b', { text: name }), h('span', { text: detail }), h('em', { text: kind === 'container' ? app.noun.one : kind }));
  }

  /** @param {boolean} on */
  #show(on) {
    this.list.hidden = !on;
    this.input.setAttribute('aria-expanded', String(on));
  }

  #mark() {
    [...this.list.children].forEach((row, i) => row.setAttribute('aria-selected', String(i === this.at && this.hits.length > 0)));
    const row = this.list.children[this.at];
    row?.scrollIntoView({ block: 'nearest' });
    if (this.hits.length) this.input.setAttribute('aria-activedescendant', `tp-found-${this.at}`);
    else this.input.removeAttribute('aria-activedescendant');
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    e.stopPropagation();
    if (step && this.hits.length) {
      this.at = (this.at + step + this.hits.length) % this.hits.length;
      this.#mark();
    } else if (e.key === 'Enter') this.#go(this.at);
    else if (e.key === 'Escape') {
      this.input.value = '';
      this.#show(false);
      this.app.root.focus({ preventScroll: true });
    } else return;
    e.preventDefault();
  }

  /** Show what was found, and select it or choose the area. @param {number} i */
  #go(i) {
    const { app } = this;
    const hit = this.hits[i];
    if (!hit) return;
    this.#show(false);
    app.root.focus({ preventScroll: true });
    if (hit.areas.length) this.#goToAreas(hit.areas);
    else {
      const items = new Set(hit.items());
      app.lookAt((item) => items.has(item));
      app.editor.select(items);
      if (items.size > app.editor.selection.size) app.toasts.say(`${counted(items.size - app.editor.selection.size, app.noun)} of it lie outside the focus.`);
    }
  }

  /** @param {number[]} areas */
  #goToAreas(areas) {
    const { app } = this;
    const { tree, current } = app.plan;
    const inside = tree.inFocus({ areas, level: 1, unassigned: false });
    app.lookAt((item) => inside[current[item]] === 1);
    app.setActive(areas[0]);
    app.legend.reveal(areas[0]);
  }
}
