// Tools, what they take, brush size, undo and redo; and the zoom buttons.
import { TOOLS } from '../tools/tools.js';
import { h, icon } from './dom.js';
import { options } from './legend.js';

/** @typedef {import('../app.js').App} App */

const LEVELS = /** @type {Record<string, string>} */ ({ county: 'Counties', state: 'States', '=county': 'In one county', '=state': 'In one state' });

const CORNERS = 'Backspace takes a corner back, Esc gives up.';
const HINTS = /** @type {Record<string, string>} */ ({
  polygon: `Click the corners. Enter or a double click closes the ring. ${CORNERS}`,
  split: `Draw a line across the chosen area, or click its corners. Enter or a double click ends it. ${CORNERS}`,
});

export class Toolbar {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.buttons = TOOLS.map((tool) => h('button', {
      'data-tool': tool.name, title: `${tool.label} (${tool.key})`,
      'aria-label': tool.label, onclick: () => app.setTool(tool.name),
    }, icon(/** @type {any} */ (tool.name))));
    this.undo = h('button', { onclick: () => app.editor.back('undo') }, icon('undo'));
    this.redo = h('button', { onclick: () => app.editor.back('redo') }, icon('redo'));
    this.size = h('input', { type: 'range', min: 4, max: 120, 'aria-label': 'Brush size',
      title: 'Brush size ([ and ])', oninput: () => app.setBrush(Number(this.size.value)) });
    this.sizes = h('span', { class: 'sizes', hidden: true }, this.size);
    this.grain = h('select', { 'aria-label': 'What tools take', title: 'What tools take (C)',
      onchange: () => app.scope.set({ grain: this.grain.value }) });
    this.from = h('select', { 'aria-label': 'Take only from', title: 'Take only from (U: unassigned, F: the chosen area)',
      onchange: () => app.scope.set({ from: this.from.value === '' ? null : Number(this.from.value) }) });
    this.inside = h('button', { onclick: () => app.scope.set({ inside: !app.scope.inside }) }, icon('inside'));
    this.hint = h('p', { class: 'hint', role: 'status', hidden: true });
    this.element = h('div', { class: 'tools' },
      h('div', { class: 'toolbar', role: 'toolbar', 'aria-label': 'Map tools' },
        ...this.buttons, this.sizes, h('hr'), this.grain, this.from, this.inside, h('hr'), this.undo, this.redo,
        button('search', 'Commands (Ctrl+K)', () => app.legend.finding.open('>'))),
      this.hint);
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
    this.sizes.hidden = !app.toolNow.sized;
    this.size.value = String(app.brush);
    this.hint.hidden = !HINTS[app.tool];
    this.hint.textContent = HINTS[app.tool] ?? '';
    if (app.plan) this.#scope();
    step(this.undo, 'Undo', app.data?.undo, 'Ctrl+Z', app.readonly);
    step(this.redo, 'Redo', app.data?.redo, 'Ctrl+Shift+Z', app.readonly);
  }

  #scope() {
    const { scope, noun, plan, legend } = this.app;
    const { grains, grain, from, inside } = scope;
    const single = noun.many[0].toUpperCase() + noun.many.slice(1);
    options(this.grain, grains.map((name) => [name, LEVELS[name] ?? single]), grain);
    this.grain.hidden = grains.length < 2;
    this.grain.classList.toggle('on', Boolean(grain));
    const sources = legend.order.length || !from ? legend.order : [from];
    options(this.from, [['', 'From anywhere'], ['0', 'Only unassigned'],
      ...sources.map((id) => [String(id), `Only ${plan.tree.name(id)}`])], from === null ? '' : String(from));
    this.from.classList.toggle('on', from !== null);
    this.inside.hidden = plan.tree.deepest < 2;
    this.inside.classList.toggle('on', inside);
    this.inside.setAttribute('aria-pressed', String(inside));
    const { parent } = scope;
    const where = parent ? `inside ${plan.tree.name(parent)}` : 'inside the area above';
    this.inside.title = `Only ${where} (I)`;
    this.inside.setAttribute('aria-label', `Only ${where}`);
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
  const named = what?.can && what.label ? `${word}: ${what.label}` : word;
  element.disabled = readonly || !what?.can;
  element.title = `${named} (${key})`;
  element.setAttribute('aria-label', named);
}
