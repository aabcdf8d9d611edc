// The card of keys, made from the list of commands.
import { COMMANDS } from '../tools/commands.js';
import { h } from './dom.js';

/** What has no command: how the pointer and the other keys are meant. */
const BESIDES = /** @type {Record<string, Array<[string, string]>>} */ ({
  Tools: [['1 … 9', 'Choose an area']],
  Selection: [['Shift', 'Add to the selection'], ['Alt', 'Take from the selection'], ['Ctrl click', 'All of a legend row']],
  Map: [['Arrows', 'Go to the next container'], ['Space', 'Click there'], ['Shift ↑', 'Move the map'], ['Space drag', 'Move the map with any tool'], ['Wheel', 'Zoom'], ['Double click', 'Look into an area']],
});

export class Help {
  constructor() {
    const groups = [...new Set(COMMANDS.map((command) => command.group))];
    this.close = h('button', { class: 'quiet', text: 'Close', title: 'Close (Esc)', onclick: () => this.hide() });
    this.element = h('div', { class: 'help', role: 'dialog', 'aria-label': 'Keys', hidden: true },
      h('header', {}, h('h4', { text: 'Keys' }), this.close),
      h('div', { class: 'groups' }, ...groups.map(group)));
  }

  toggle() {
    this.element.hidden = !this.element.hidden;
    if (!this.element.hidden) this.close.focus();
  }

  /** @returns {boolean} whether it was open */
  hide() {
    const open = !this.element.hidden;
    this.element.hidden = true;
    if (open) this.element.closest('.tp-map')?.focus();
    return open;
  }
}

/** @param {string} name */
function group(name) {
  const own = COMMANDS.filter((command) => command.group === name);
  const rows = [...own.map((c) => [c.keys[0], c.label]), ...(BESIDES[name] ?? [])];
  return h('section', {}, h('h5', { text: name }),
    h('dl', {}, ...rows.flatMap(([keys, what]) => [h('dt', {}, h('kbd', { text: keys })), h('dd', { text: what })])));
}
