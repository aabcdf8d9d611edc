// Tools, undo and redo, brush size; and the zoom buttons.
import { h, icon } from './dom.js';

/** @typedef {import('../app.js').App} App */

/** Name, words and key of each tool; the first only looks and picks. */
export const TOOLS = [
  { name: 'select', label: 'Select', key: 'v', edits: false },
  { name: 'paint', label: 'Paint', key: 'p', edits: true },
  { name: 'brush', label: 'Brush', key: 'b', edits: true },
  { name: 'rectangle', label: 'Rectangle', key: 'r', edits: false },
  { name: 'lasso', label: 'Lasso', key: 'l', edits: false },
  { name: 'erase', label: 'Erase', key: 'e', edits: true },
];

export class Toolbar {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.buttons = TOOLS.map((tool) => h('button', {
      'data-tool': tool.name, title: `${tool.label} (${tool.key.toUpperCase()})`,
      'aria-label': tool.label, onclick: () => app.setTool(tool.name),
    }, icon(/** @type {any} */ (tool.name))));
    this.undo = h('button', { 'aria-label': 'Undo', onclick: () => app.editor.back('undo') }, icon('undo'));
    this.redo = h('button', { 'aria-label': 'Redo', onclick: () => app.editor.back('redo') }, icon('redo'));
    this.size = h('input', { type: 'range', min: 4, max: 120, 'aria-label': 'Brush size',
      title: 'Brush size ([ and ])', oninput: () => app.setBrush(Number(this.size.value)) });
    this.sizes = h('span', { class: 'sizes', hidden: true }, this.size);
    this.element = h('div', { class: 'toolbar', role: 'toolbar', 'aria-label': 'Map tools' },
      ...this.buttons, this.sizes, h('hr'), this.undo, this.redo);
    this.zoom = h('div', { class: 'zoom', role: 'toolbar', 'aria-label': 'Zoom' },
      button('plus', 'Zoom in (+)', () => app.viewport.zoomBy(1.6)),
      button('minus', 'Zoom out (−)', () => app.viewport.zoomBy(1 / 1.6)),
      button('fit', 'Fit (0)', () => app.viewport.fit()),
      button('help', 'Keys (?)', () => app.help.toggle()));
  }

  refresh() {
    const { app } = this;
    for (const [i, element] of this.buttons.entries()) {
      const on = TOOLS[i].name === app.tool;
      element.classList.toggle('on', on);
      element.setAttribute('aria-pressed', String(on));
      element.disabled = app.readonly && TOOLS[i].edits;
    }
    this.sizes.hidden = !['brush', 'erase'].includes(app.tool);
    this.size.value = String(app.brush);
    step(this.undo, 'Undo', app.data?.undo, 'Ctrl+Z', app.readonly);
    step(this.redo, 'Redo', app.data?.redo, 'Ctrl+Shift+Z', app.readonly);
  }
}

/** @param {any} name @param {string} title @param {() => void} onclick */
function button(name, title, onclick) {
  return h('button', { title, 'aria-label': title, onclick }, icon(name));
}

/**
 * @param {HTMLButtonElement} element
 * @param {string} word
 * @param {{can: boolean, label?: string} | undefined} what
 * @param {string} key
 * @param {boolean} readonly
 */
function step(element, word, what, key, readonly) {
  element.disabled = readonly || !what?.can;
  element.title = what?.can && what.label ? `${word}: ${what.label} (${key})` : `${word} (${key})`;
}
