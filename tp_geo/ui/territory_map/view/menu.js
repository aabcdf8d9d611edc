// What can be done with one area: the menu of a legend row. The page does it.
import { selectArea, selectEdge } from '../tools/selecting.js';
import { h } from './dom.js';

/** @typedef {import('../app.js').App} App */

const WORDS = /** @type {Array<[string, string]>} */ ([
  ['edit', 'Edit…'], ['divide', 'Divide…'], ['combine', 'Combine…'], ['swap', 'Swap units with…'], ['move', 'Move under…'], ['remove', 'Remove…'],
]);

export class Menu {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.element = h('div', { class: 'menu', role: 'menu', hidden: true,
      onkeydown: (/** @type {KeyboardEvent} */ e) => this.#key(e),
      onfocusout: (/** @type {FocusEvent} */ e) => {
        if (!this.element.contains(e.relatedTarget)) this.element.hidden = true;
      } });
  }

  /** What the page handles, in order. */
  get choices() {
    return WORDS.filter(([kind]) => this.app.allows(kind));
  }

  /** @param {number} id @param {HTMLElement} beside */
  open(id, beside) {
    const { app } = this;
    const { tree } = app.plan;
    const item = (/** @type {string} */ text, /** @type {() => void} */ run) =>
      h('button', { role: 'menuitem', tabindex: '-1', text, onclick: () => { this.#close(); run(); } });
    this.opener = beside;
    this.element.replaceChildren(
      item('Show on the map', () => app.viewport.lookAtArea(id)),
      ...(tree.children(id).length ? [item('Focus', () => app.drill(id))] : []),
      item(`Select all ${app.noun.many}`, () => selectArea(app, id)),
      ...(id ? [item('Select the border', () => selectEdge(app, id))] : []),
      item(id ? 'Take only from here' : 'Take only unassigned', () => app.scope.set({ from: id })),
      ...(id ? [h('hr'), ...this.choices.filter(([kind]) => kind !== 'swap' || !tree.children(id).length).map(([kind, text]) => item(text, () => app.act(kind, id)))] : []),
    );
    this.element.hidden = false;
    const frame = this.element.parentElement.getBoundingClientRect();
    const at = beside.getBoundingClientRect();
    this.element.style.top = `${Math.max(4, Math.min(at.bottom - frame.top + 2, frame.height - this.element.offsetHeight - 4))}px`;
    this.element.querySelector('button').focus();
  }

  #close() {
    this.element.hidden = true;
    this.opener?.focus();
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    e.stopPropagation();
    if (e.key === 'Escape') this.#close();
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (!step) return;
    e.preventDefault();
    const items = [...this.element.querySelectorAll('button')];
    const at = items.indexOf(/** @type {any} */ (e.target));
    items[(at + step + items.length) % items.length].focus();
  }
}
