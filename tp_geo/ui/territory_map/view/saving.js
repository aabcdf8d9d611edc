// Whether everything is saved, and what is still on its way: a word that opens a list.
import { h, icon, say } from './dom.js';
import { counted, whole } from './format.js';

/** @typedef {import('../app.js').App} App */

const LISTED = 8;

/** What is answered sooner is not worth a word, in milliseconds. */
const CALM_MS = 400;

export class Saving {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.word = h('span', { text: 'Saved' });
    this.button = h('button', { class: 'state', 'aria-expanded': 'false', onclick: () => this.toggle() }, this.word);
    this.list = h('div', { class: 'pending', role: 'region', 'aria-label': 'Changes on their way', tabindex: '-1', hidden: true });
    this.element = h('div', { class: 'saving', onkeydown: (/** @type {KeyboardEvent} */ e) => {
      if (e.key !== 'Escape' || this.list.hidden) return;
      e.stopPropagation();
      this.toggle(false);
      this.button.focus();
    } }, this.list, this.button);
  }

  /** @param {boolean} [on] */
  toggle(on = this.list.hidden) {
    this.list.hidden = !on;
    this.button.setAttribute('aria-expanded', String(on));
    this.refresh();
  }

  refresh() {
    const { app } = this;
    const size = app.outbox?.size ?? 0;
    const late = size > 0 && app.editor.late;
    clearTimeout(this.calming);
    this.element.hidden = app.readonly;
    this.element.classList.toggle('late', late);
    if (!size) say(this.word, 'Saved');
    else if (late) say(this.word, `${whole(size)} not saved yet`);
    else this.calming = setTimeout(() => say(this.word, `Saving ${whole(app.outbox.size)}…`), CALM_MS);
    if (!this.list.hidden) this.#fill(late);
  }

  /** @param {boolean} late */
  #fill(late) {
    const { app } = this;
    const { ops } = app.outbox;
    const more = ops.length - LISTED;
    const text = !ops.length ? `Everything is saved. This is revision ${whole(app.plan?.rev ?? 0)}.`
      : late ? 'The server does not answer. Go on: what is not saved is kept in this browser and sent as soon as it answers.'
        : 'On their way to the server:';
    this.list.replaceChildren(
      h('p', {}, late ? icon('warning') : null, h('span', { text })),
      ...(ops.length ? [h('ul', {},
        ...ops.slice(0, LISTED).map((op) => h('li', { text: this.#words(op) })),
        more > 0 ? h('li', { text: `and ${whole(more)} more` }) : null)] : []),
    );
  }

  /** What an operation does. @param {import('../wire/outbox.js').Operation} op */
  #words(op) {
    const { noun, plan } = this.app;
    switch (op.kind) {
      case 'assign': return `${counted(op.items.length, noun)} ${op.to ? `to ${plan.tree.name(op.to)}` : 'made unassigned'}`;
      case 'hold': return `${counted(op.items.length, noun)} ${op.held ? 'held' : 'released'}`;
      case 'undo': return 'Undo';
      default: return 'Redo';
    }
  }
}
