// One field for everything: places, areas, owners and accounts, which Python finds; after > the commands.
import { COMMANDS, possible } from '../tools/commands.js';
import { h, icon } from './dom.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {{name: string, kind: string, detail: string, areas: number[], items: number[]}} Hit
 * @typedef {{name: string, note: Node, detail?: string, color?: string, run: (into: boolean) => void}} Choice
 */

/** What begins a search for commands. */
const COMMAND = '>';

/** How long the last letter is ago when Python is asked, and the last time it was, in milliseconds. */
const [ASK_MS, AGAIN_MS] = [120, 1500];

export class Finding {
  /** @type {Choice[]} */ choices = [];
  /** @type {{text: string, hits: Hit[]} | null | undefined} */ found;
  at = 0;
  /** Whether to go to the first hit as soon as there is one. */ eager = false;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.input = h('input', {
      type: 'search', role: 'combobox', 'aria-label': 'Find', 'aria-expanded': 'false',
      'aria-controls': 'tp-found', 'aria-autocomplete': 'list', spellcheck: 'false', autocomplete: 'off',
      title: 'Find (/), or > for commands (Ctrl+K)', oninput: () => this.#ask(), onfocus: () => this.#ask(),
      onblur: () => this.#show(false), onkeydown: (/** @type {KeyboardEvent} */ e) => this.#key(e),
    });
    this.list = h('ul', { class: 'found', id: 'tp-found', role: 'listbox', 'aria-label': 'Found', hidden: true,
      onpointerdown: (/** @type {Event} */ e) => e.preventDefault() });
    this.element = h('div', { class: 'finding' },
      h('label', { class: 'filter' }, icon('search'), this.input, h('kbd', { text: '/', 'aria-hidden': 'true' })), this.list);
  }

  /** Ask for something by name. @param {string} [text] to begin with */
  open(text) {
    this.input.focus();
    if (!text) this.input.select();
    else {
      this.input.value = text;
      this.#ask();
    }
  }

  /** Python's answer. @param {any} found */
  take(found) {
    if (!found) return;
    this.found = found;
    if (!this.list.hidden) this.#fill();
    if (this.eager && !this.waiting) this.#go(0);
  }

  /** What is asked for. @returns {string} */
  get text() {
    return this.input.value.trim();
  }

  /** Whether Python is still to answer. */
  get waiting() {
    return !this.text.startsWith(COMMAND) && this.found?.text !== this.text;
  }

  #ask() {
    this.eager = false;
    this.at = 0;
    this.#post(ASK_MS);
    this.#show(Boolean(this.text));
    this.#fill();
  }

  /** Ask Python until it answers. @param {number} ms */
  #post(ms) {
    clearTimeout(this.asking);
    this.asking = setTimeout(() => {
      if (!this.text || !this.waiting) return;
      this.app.mailer.post('find', () => ({ text: this.text }));
      this.#post(AGAIN_MS);
    }, ms);
  }

  #fill() {
    const { text } = this;
    const command = text.startsWith(COMMAND);
    if (command || !this.waiting) this.choices = command ? this.#commands(text.slice(1)) : this.found?.hits.map((hit) => this.#hit(hit)) ?? [];
    this.list.replaceChildren(...(this.choices.length ? this.choices.map((choice, i) => row(choice, i, () => this.#go(i)))
      : [h('li', { class: 'none', role: 'option', 'aria-disabled': 'true', text: this.waiting ? 'Searching…' : `Nothing is called “${command ? text.slice(1) : text}”.` })]));
    this.#mark();
  }

  /** @param {string} text @returns {Choice[]} commands that have all of the words */
  #commands(text) {
    const { app } = this;
    const words = text.toLowerCase().split(/\s+/);
    return COMMANDS.filter((command) => possible(app, command) && words.every((word) => command.label.toLowerCase().includes(word)))
      .map(({ label, keys, run }) => ({ name: label, note: h('kbd', { text: keys[0] }), run: () => run(app) }));
  }

  /** @param {Hit} hit @returns {Choice} */
  #hit({ name, kind, detail, areas, items }) {
    const { app } = this;
    const [area] = areas;
    return {
      name, detail, note: h('em', { text: kind }), color: kind === 'area' ? app.colorOf(area) : '',
      run: (into) => {
        if (into && area) return app.drill(area);
        if (!area) return items.length ? app.intake.show(items, {}) : app.toasts.say(`${name} has no place on the map.`, { bad: true });
        const { tree, current } = app.plan;
        const inside = tree.inFocus({ areas, level: 0, unassigned: false });
        app.viewport.lookAt((item) => inside[current[item]] === 1);
        app.setActive(area);
        return app.legend.reveal(area);
      },
    };
  }

  /** @param {boolean} on */
  #show(on) {
    this.list.hidden = !on;
    this.input.setAttribute('aria-expanded', String(on));
  }

  #mark() {
    [...this.list.children].forEach((li, i) => li.setAttribute('aria-selected', String(i === this.at && this.choices.length > 0)));
    const marked = this.list.children[this.at];
    marked?.scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', marked?.id ?? '');
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    const { length } = this.choices;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[e.key];
    e.stopPropagation();
    if (step) {
      this.at = Math.max(0, Math.min(length - 1, this.at + step));
      this.#mark();
    } else if (e.key === 'Enter') {
      this.eager = this.waiting;
      if (!this.eager) this.#go(this.at, e.shiftKey);
    } else if (e.key === 'k' && (e.ctrlKey || e.metaKey)) this.open(COMMAND);
    else if (e.key === 'Escape') {
      this.input.value = '';
      this.#close();
    } else return;
    e.preventDefault();
  }

  #close() {
    this.eager = false;
    this.#show(false);
    this.app.root.focus({ preventScroll: true });
  }

  /** @param {number} i @param {boolean} [into] whether to look into an area */
  #go(i, into = false) {
    const choice = this.choices[i];
    if (!choice) return;
    if (this.text.startsWith(COMMAND)) this.input.value = '';
    this.#close();
    choice.run(into);
  }
}

/** @param {Choice} choice @param {number} i @param {() => void} onclick */
function row({ name, detail = '', color, note }, i, onclick) {
  return h('li', { role: 'option', id: `tp-found-${i}`, onclick },
    h('i', color ? { class: 'swatch', style: `background:${color}` } : {}), h('b', { text: name }), h('span', { text: detail }), note);
}
