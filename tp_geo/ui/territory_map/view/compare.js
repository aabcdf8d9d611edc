// Two plans on one map: the base beside the plan at hand, or under a bar that is drawn across.
import { Names } from '../render/names.js';
import { BaseSheet } from '../render/compare.js';
import { Looks } from '../looks.js';
import { differenceOf } from '../model/changed.js';
import { ownersOf } from '../model/coloring.js';
import { partsOf } from '../model/parts.js';
import { Pointer } from '../tools/pointer.js';
import { Card } from './card.js';
import { h, say } from './dom.js';
import { options } from './legend.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {'off' | 'swipe' | 'side'} Mode
 */

const MODES = /** @type {Array<[Mode, string]>} */ ([['off', 'Off'], ['swipe', 'Swipe'], ['side', 'Side by side']]);

export class Compare {
  /** @type {Mode} */ mode = 'off';
  /** @type {Mode} as the page is laid out now */ laid = 'off';
  /** @type {BaseSheet | undefined} */ sheet;
  /** @type {string | undefined} what was chosen and Python has not brought yet */ asked;
  /** @type {import('../model/facts.js').Totals | undefined} */ sums;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.picture = h('canvas', { class: 'fills' });
    this.context = this.picture.getContext('2d');
    this.was = h('b');
    this.now = h('b');
    this.bar = h('input', { type: 'range', 'aria-label': 'Between then and now', title: 'Drag, or use the arrow keys; Esc ends',
      oninput: () => this.#move() });
    const view = this.#view();
    this.looks = new Looks(view);
    this.names = new Names(view);
    view.card = new Card(view);
    this.ground = h('div', { class: 'ground' }, this.picture, this.names.canvas);
    this.element = h('div', { class: 'base', hidden: true }, this.ground, h('span', { class: 'when' }, this.was));
    this.over = h('div', { class: 'compared', hidden: true }, h('span', { class: 'when' }, this.now),
      this.bar, h('div', { class: 'bar' }, h('i')), view.card.element);
    new Pointer(view, this.element);
    this.choice = h('select', { onchange: () => this.#choose() });
    this.modes = MODES.map(([mode, text]) => h('button', { role: 'radio', 'data-mode': mode, text, onclick: () => this.turn(mode) }));
    this.field = h('div', { class: 'comparing', hidden: true },
      h('label', { class: 'names' }, h('span', { text: 'Compare with' }), this.choice),
      h('div', { class: 'modes', role: 'radiogroup', 'aria-label': 'How to compare' }, ...this.modes));
  }

  /** Whether there are two plans to be seen. */
  get on() {
    return this.mode !== 'off' && Boolean(this.app.base) && !this.app.bare;
  }

  /** Whether there is anything to compare with. */
  get possible() {
    return Boolean(this.app.data?.bases?.length) && !this.app.bare;
  }

  /** What there is to compare with, by id and name; what was chosen also when it is no longer offered. @returns {string[][]} */
  get choices() {
    const { bases = [], base } = this.app.data ?? {};
    const listed = bases.map((/** @type {any} */ b) => [b.id, b.name]);
    return !base || listed.some(([id]) => id === base.id) ? listed : [[base.id, base.name], ...listed];
  }

  /** What moved since the base, while that is looked at. @returns {import('../model/changed.js').Difference | null} */
  get difference() {
    const { plan, facts, measureAt, focus, base, looks } = this.app;
    if (!base || !(this.on || looks.way === 'change')) return null;
    const of = [base.plan, plan.current, plan.tree, facts, measureAt, focus.level];
    if (!this.told || of.some((part, i) => part !== this.told?.of[i])) {
      this.told = { of, difference: differenceOf(base.plan, plan, base.plan.match(plan), facts, measureAt, focus.level) };
    }
    return this.told.difference;
  }

  /** Owners in either plan: one has one color in both. */
  get owners() {
    const { plan, base } = this.app;
    return this.on ? [...ownersOf(plan), ...ownersOf(base.plan)] : [];
  }

  /** Screens the map is shared by, side by side. */
  get halves() {
    return this.laid === 'side' ? 2 : 1;
  }

  /** @param {Mode} mode */
  turn(mode) {
    const { looks, data } = this.app;
    this.mode = this.possible ? mode : 'off';
    if (this.mode !== 'off' && !data.base) looks.compare(this.choice.value);
    this.refresh();
    if (this.on && mode === 'swipe') this.bar.focus();
  }

  /** @param {Mode} mode */
  toggle(mode) {
    if (mode === this.mode) this.end();
    else this.turn(mode);
  }

  /** @returns {boolean} whether there was something to end */
  end() {
    const was = this.mode !== 'off';
    this.turn('off');
    if (was) this.app.root.focus();
    return was;
  }

  /** Data or what was chosen changed. */
  refresh() {
    const { app } = this;
    const { data, base } = app;
    const shown = this.on ? this.mode : 'off';
    if (shown === 'off' && this.laid !== 'off') this.mode = 'off';
    this.field.hidden = !this.possible;
    const { choices } = this;
    if (base?.id === this.asked) this.asked = undefined;
    options(this.choice, choices, this.asked ?? base?.id ?? choices[0]?.[0] ?? '');
    for (const button of this.modes) button.setAttribute('aria-checked', String(button.dataset.mode === this.mode));
    this.was.title = base?.name ?? '';
    say(this.was, this.was.title);
    say(this.now, data?.called ?? 'Now');
    this.sums = undefined;
    if (shown !== this.laid) this.#lay(shown);
    else if (this.on && base.key !== this.drawnKey) app.scene.dirty(null);
  }

  /** Draw the base where it is out of date. @returns {boolean} whether that took the plan's picture away */
  draw() {
    const { app } = this;
    const { renderer } = app.scene;
    if (!this.on || !renderer) return false;
    if (this.sheet?.renderer !== renderer || this.of !== app.topology) this.#renew(renderer);
    const style = JSON.stringify([app.base?.key, app.focus, app.looks.key]);
    const { width, height } = app.scene.canvas;
    const state = JSON.stringify([app.camera.place, width, height, Boolean(renderer.fine)]);
    if (style === this.styled && app.plan.tree === this.tree && state === this.drawn) return false;
    if (style !== this.styled || app.plan.tree !== this.tree) this.#style();
    this.styled = style;
    this.tree = app.plan.tree;
    this.drawn = state;
    this.drawnKey = app.base.key;
    for (const canvas of [this.picture, this.names.canvas]) {
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    }
    this.sheet?.draw(this.context, app, app.base.plan);
    return true;
  }

  /** The plan's picture was drawn, or moved along. */
  follow() {
    if (!this.on) return;
    Object.assign(this.picture.style, { transform: this.app.scene.canvas.style.transform, transformOrigin: '0 0' });
    this.names.draw();
  }

  /** The map as the base's names, card and pointer see it: of another plan, and nothing in it can be changed. */
  #view() {
    const { app } = this;
    return Object.create(app, {
      plan: { get: () => app.base.plan },
      shown: { get: () => this.sheet?.shown },
      scene: { value: {
        shows: (/** @type {number} */ id) => this.#shows(id),
        setPalette: (/** @type {Uint8Array} */ palette) => { this.palette = palette; },
      } },
      base: { value: null },
      tool: { value: 'none' },
      editor: { value: { select() {} } },
      totals: { value: () => this.#totals() },
      clock: { value() {} },
      redrawOverlay: { value: () => app.redrawOverlay() },
      colorOf: { value: (/** @type {number} */ id) => this.looks.colorOf(id) },
      card: { writable: true },
    });
  }

  #totals() {
    const { app } = this;
    return (this.sums ??= app.facts.totals(app.base.plan, app.measureAt));
  }

  /** Whether an area of the base lies in the focus, or holds what does. @param {number} id */
  #shows(id) {
    const focused = this.sheet?.focused ?? [];
    return Boolean(focused[id]) || this.app.base.plan.tree.children(id).some((/** @type {number} */ child) => focused[child]);
  }

  /** @param {import('../render/renderer.js').Renderer} renderer */
  #renew(renderer) {
    this.of = this.app.topology;
    this.sheet = new BaseSheet(renderer, this.of.items);
    this.styled = '';
  }

  #style() {
    const { app, sheet } = this;
    if (!sheet) return;
    const base = app.base.plan;
    const match = base.match(app.plan);
    this.sums = undefined;
    for (const [id, area] of base.areas) area.color = app.plan.areas.get(match.as[id])?.color ?? area.color;
    Object.assign(this.looks, { choices: app.looks.choices, asked: app.looks.asked, paper: app.looks.paper, key: undefined });
    this.looks.recolor();
    sheet.style(app, base, match, this.looks, this.palette);
    this.names.relabel(partsOf(app.topology, app.frames.area, sheet.shown));
  }

  /** @param {Mode} mode */
  #lay(mode) {
    const { app, halves } = this;
    this.laid = mode;
    this.element.hidden = this.over.hidden = mode === 'off';
    app.stage.classList.toggle('side', mode === 'side');
    app.stage.classList.toggle('swipe', mode === 'swipe');
    this.bar.hidden = mode !== 'swipe';
    this.#move();
    this.styled = '';
    app.restyle([]);
    const before = app.camera.w;
    if (halves !== this.halves) app.viewport.resize();
    app.viewport.zoomBy(app.camera.w / before);
  }

  #choose() {
    this.app.looks.compare(this.choice.value);
    if (this.mode === 'off') this.turn('swipe');
  }

  #move() {
    this.app.stage.style.setProperty('--swipe', `${this.laid === 'side' ? 50 : this.bar.value}%`);
  }
}
