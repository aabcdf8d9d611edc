// One field for everything: commands with their keys, and areas to choose, look into or show.
import { COMMANDS, possible } from '../tools/commands.js';
import { h } from './dom.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {{name: string, hint: string, color?: string, run: () => void}} Choice
 */

const LISTED = 40;

export class Palette {
  /** @type {Choice[]} */ choices = [];

  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.at = 0;
    this.field = h('input', { type: 'text', role: 'combobox', 'aria-expanded': 'true', 'aria-autocomplete': 'list',
      'aria-controls': 'tp-palette', 'aria-label': 'Commands and areas', placeholder: 'What do you want to do?', spellcheck: 'false',
      oninput: () => this.#fill(), onkeydown: (/** @type {KeyboardEvent} */ e) => this.#key(e) });
    this.list = h('div', { id: 'tp-palette', role: 'listbox', 'aria-label': 'Commands and areas', tabindex: '-1' });
    this.none = h('p', { text: 'Nothing of that name.' });
    this.element = h('div', { class: 'palette', role: 'dialog', 'aria-label': 'Commands and areas', hidden: true,
      onfocusout: (/** @type {FocusEvent} */ e) => { if (!this.element.contains(e.relatedTarget)) this.element.hidden = true; } },
    this.field, this.list, this.none);
  }

  open() {
    this.element.hidden = false;
    this.field.value = '';
    this.#fill();
    this.field.focus();
  }

  #close() {
    this.element.hidden = true;
    this.app.root.focus();
  }

  #fill() {
    /** @type {string[]} */
    const words = this.field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (/** @type {Choice} */ { name }) => words.every((word) => name.toLowerCase().includes(word));
    const later = (/** @type {Choice} */ { name }) => Number(!name.toLowerCase().startsWith(words[0] ?? ''));
    this.choices = [...this.#commands(), ...this.#areas()].filter(matches)
      .sort((a, b) => later(a) - later(b)).slice(0, LISTED);
    this.at = 0;
    this.none.hidden = this.choices.length > 0;
    this.list.replaceChildren(...this.choices.map((choice, i) => h('div', {
      role: 'option', id: `tp-palette-${i}`,
      onpointerdown: (/** @type {Event} */ e) => e.preventDefault(),
      onclick: () => this.#run(i),
    }, h('i', { class: 'swatch', style: choice.color ? `background:${choice.color}` : 'visibility:hidden' }),
    h('span', { text: choice.name }), h('kbd', { text: choice.hint }))));
    this.#mark();
  }

  /** @returns {Choice[]} */
  #commands() {
    const { app } = this;
    return COMMANDS.filter((command) => possible(app, command)).map((command) => ({
      name: command.label, hint: command.keys[0], run: () => command.run(app) }));
  }

  /** Areas, each to be chosen; and what else there is to do with those that a text asks for. @returns {Choice[]} */
  #areas() {
    const { app } = this;
    const { tree } = app.plan;
    const choose = tree.order.map((id) => ({ name: tree.name(id), hint: 'choose', color: app.colorOf(id), run: () => app.setActive(id) }));
    if (!this.field.value.trim()) return choose;
    const inside = tree.order.filter((id) => tree.children(id).length);
    return [...choose,
      ...inside.map((id) => ({ name: `Look into ${tree.name(id)}`, hint: 'focus', color: app.colorOf(id), run: () => app.drill(id) })),
      ...tree.order.map((id) => ({ name: `Show ${tree.name(id)}`, hint: 'zoom', color: app.colorOf(id), run: () => app.viewport.lookAtArea(id) }))];
  }

  #mark() {
    for (const [i, row] of [...this.list.children].entries()) row.setAttribute('aria-selected', String(i === this.at));
    const marked = this.list.children[this.at];
    if (marked) this.field.setAttribute('aria-activedescendant', marked.id);
    else this.field.removeAttribute('aria-activedescendant');
    marked?.scrollIntoView({ block: 'nearest' });
  }

  /** @param {number} i */
  #run(i) {
    const choice = this.choices[i];
    if (!choice) return;
    this.#close();
    choice.run();
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    e.stopPropagation();
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[e.key] ?? 0;
    if (e.key === 'Escape') this.#close();
    else if (e.key === 'Enter') this.#run(this.at);
    else if (!step) return;
    e.preventDefault();
    this.at = Math.max(0, Math.min(this.choices.length - 1, this.at + step));
    this.#mark();
  }
}
