// The map with its legend and tools: holds what is shown and decides when to draw.
import { Camera } from './geometry/camera.js';
import { Facts } from './model/facts.js';
import { partsOf } from './model/parts.js';
import { Basemap } from './render/basemap.js';
import { Names } from './render/names.js';
import { Overlay } from './render/overlay.js';
import { Points } from './render/points.js';
import { Reference } from './render/reference.js';
import { css } from './render/theme.js';
import { Scene } from './render/scene.js';
import { Editor } from './editor.js';
import { Intake } from './intake.js';
import { Looks } from './looks.js';
import { Cursor } from './tools/cursor.js';
import { bindKeys } from './tools/keys.js';
import { Pointer } from './tools/pointer.js';
import { Scope } from './tools/scope.js';
import { toolNamed } from './tools/tools.js';
import { Card } from './view/card.js';
import { ColorKey } from './view/color-key.js';
import { Compare } from './view/compare.js';
import { Display } from './view/display.js';
import { h } from './view/dom.js';
import { Help } from './view/help.js';
import { Legend } from './view/legend.js';
import { Busy, Notice, Toasts } from './view/messages.js';
import { Saving } from './view/saving.js';
import { SelectionBar } from './view/selection-bar.js';
import { Toolbar } from './view/toolbar.js';
import { Viewport } from './viewport.js';
import { Mailer } from './wire/mailer.js';

/**
 * @typedef {import('./model/tree.js').Focus} Focus
 * @typedef {import('./model/plan.js').Plan} Plan
 */

const LABELS_MS = 90;
/** How many of the things asked for last are told again with the next one. */
const LATELY = 9;

export class App {
  /** @type {Plan} */ plan;
  /** @type {import('./wire/outbox.js').Outbox} */ outbox;
  /** @type {import('./wire/memory.js').Shapes} */ shapes;
  /** @type {import('./geometry/topology.js').Topology} */ topology;
  /** @type {import('./geometry/mesh.js').Frames} */ frames;
  /** @type {import('./geometry/search.js').Search} */ search;
  /** @type {import('./render/theme.js').Theme} */ theme;
  /** @type {import('./model/facts.js').Totals | undefined} worked out once a change */ sums;
  /** @type {any} what Streamlit hands to a component */ api;
  /** @type {any} what Python said last */ data = null;
  /** @type {string | undefined} */ frameKey;
  /** @type {number | null} the area that edits go to */ active = null;
  /** @type {Focus} */ focus = { areas: null, level: 1, unassigned: true };
  /** @type {import('./model/parts.js').Parts | undefined} connected parts of what is shown */ parts;
  /** @type {{key: string, name: string, plan: import('./model/base.js').Base} | null} what is compared with */ base = null;
  /** @type {Set<number>} what the page wants outlined */ marked = new Set();
  /** @type {object[]} what was asked for lately */ acts = [];
  /** @type {any} what tests and benchmarks read */ figures = { paints: 0, clicks: [] };

  /** @param {string} name */
  constructor(name) {
    this.name = name;
    this.tool = 'select';
    this.brush = 22;
    this.measure = '';
    this.ready = false;
    this.readonly = false;
    this.tolerance = 0.05;
    this.noun = { one: 'container', many: 'containers' };
    this.camera = new Camera();
    this.facts = new Facts([], []);
    this.mailer = new Mailer((event, value) => this.api?.[event === 'act' ? 'setStateValue' : 'setTriggerValue'](event, value));
    this.intake = new Intake(this);
    this.editor = new Editor(this);
    this.looks = new Looks(this);
    this.reference = new Reference(this);
    this.scope = new Scope(this);
    this.toasts = new Toasts();
    this.busy = new Busy();
    this.help = new Help();
    this.notice = new Notice();
    this.card = new Card(this);
    this.legend = new Legend(this);
    this.key = new ColorKey(this);
    this.compare = new Compare(this);
    this.display = new Display(this);
    this.toolbar = new Toolbar(this);
    this.bar = new SelectionBar(this);
    this.saving = new Saving(this);
    this.cursor = new Cursor(this);
    const canvas = h('canvas', { class: 'fills' });
    const over = h('canvas', { class: 'over', role: 'img', 'aria-label': 'Map' });
    this.stage = h('div', { class: 'stage' }, canvas, over, this.toolbar.element, this.toolbar.zoom,
      this.key.element, this.display.element, h('div', { class: 'status' }, this.saving.element, this.notice.element),
      this.bar.element, this.card.element, this.help.element, this.toasts.element,
      this.busy.element, this.cursor.spoken);
    this.root = h('div', { class: 'tp-map', tabindex: '0', role: 'application',
      'aria-label': 'Territory map. Press ? for keys.' }, this.legend.element, this.stage);
    this.overlay = new Overlay(this, over);
    this.basemap = new Basemap(this);
    canvas.after(this.basemap.canvas);
    this.stage.append(this.basemap.credit);
    this.names = new Names(this);
    over.after(this.names.canvas, this.compare.element, this.compare.over);
    this.points = new Points(this);
    this.names.canvas.before(this.points.canvas);
    this.stage.append(this.points.card);
    this.scene = new Scene(this, canvas);
    this.pointer = new Pointer(this, over);
    bindKeys(this);
    this.viewport = new Viewport(this, this.stage);
    this.busy.show('Loading the map');
  }

  // ---- data from Python

  /** @param {any} api what Streamlit hands to a component */
  update(api) {
    this.api = api;
    this.data = api.data;
    this.root.style.height = `var(--tp-map-height, ${this.data.height}px)`;
    this.root.classList.toggle('bare', this.bare);
    return this.intake.take(api.data);
  }

  // ---- what is shown

  /**
   * Work out what each item shows and draw what changed.
   * @param {number[] | null} items null: all
   */
  restyle(items) {
    this.sums = undefined;
    this.theme = this.looks.theme();
    this.root.classList.toggle('dark', this.theme.darkPage);
    this.root.style.setProperty('--tp-ground', css(this.theme.ground));
    const recolored = this.looks.recolor();
    this.scene.restyle();
    this.toolbar.refresh();
    const frame = JSON.stringify([this.focus, [...this.plan.areas.values()].map((a) => [a.id, a.parent, a.locked])]);
    const all = items === null || recolored || frame !== this.frameKey || !this.figures.paints;
    this.frameKey = frame;
    if (all || items.length) this.scene.dirty(all ? null : items);
    this.#refreshViews();
  }

  /** Items show something else now. @param {number[]} items @param {boolean} [onlySelection] */
  touched(items, onlySelection = false) {
    if (!items.length) return;
    this.sums = undefined;
    this.scene.restyle(onlySelection);
    this.scene.dirty(!onlySelection && this.looks.recolor() ? null : items);
    if (onlySelection) this.bar.refresh();
    else this.#refreshViews();
  }

  #refreshViews() {
    if (this.refreshing) return;
    this.refreshing = requestAnimationFrame(() => {
      this.refreshing = 0;
      this.legend.refresh();
      this.key.refresh();
      this.display.refresh();
      this.compare.refresh();
      this.bar.refresh();
      this.card.refresh();
      clearTimeout(this.labeling);
      this.labeling = setTimeout(() => this.#relabel(), LABELS_MS);
    });
  }

  #relabel() {
    const began = performance.now();
    this.parts = partsOf(this.topology, this.frames.area, this.shown);
    this.names.relabel(this.parts);
    this.legend.refresh();
    this.figures.labelsMs = performance.now() - began;
    this.redrawOverlay();
  }

  /** Place of the chosen measure, -1 where there is none. */
  get measureAt() {
    return this.facts.indexOf(this.measure);
  }

  /** Totals of the chosen measure by area, worked out once a change. */
  totals() {
    return (this.sums ??= this.facts.totals(this.plan, this.measureAt));
  }

  /** @returns {Uint16Array} the area each item shows */
  get shown() {
    return this.scene.shown;
  }

  /** @param {number} id @returns {string} CSS */
  colorOf(id) {
    return this.looks.colorOf(id);
  }

  /** Whether an item is in the focus, so that it can be picked. @param {number} item */
  reachable(item) {
    return this.scene.focused[this.plan.current[item]] === 1;
  }

  /** @returns {string[]} names of the levels from the top down */
  get levels() {
    const { tree } = this.plan;
    const names = [];
    for (let depth = 1; depth <= tree.deepest; depth++) {
      const of = tree.order.filter((/** @type {number} */ id) => tree.depth[id] === depth).map((/** @type {number} */ id) => tree.area(id).level);
      names.push(mostCommon(of));
    }
    return names;
  }

  /** @returns {number | null} the area in focus when it is just one */
  get singleFocus() {
    const areas = this.focus.areas ?? [];
    return areas.length === 1 && this.plan.areas.has(areas[0]) ? areas[0] : null;
  }

  /** Whether the map stands alone: no legend, no tools, nothing to pick unless it says `pick`. @returns {boolean | 'pick'} */
  get bare() {
    return this.data?.bare ?? false;
  }

  /** Whether the page handles an action. @param {string} kind */
  allows(kind) {
    return (this.data.acts ?? []).includes(kind);
  }

  // ---- what the planner asks for

  /** @param {string} tool */
  setTool(tool) {
    if (this.bare || (this.readonly && toolNamed(tool).edits)) return;
    this.pointer.abandon();
    this.tool = tool;
    this.root.dataset.tool = tool;
    this.overlay.brushAt = null;
    this.toolbar.refresh();
    this.redrawOverlay();
  }

  /** The tool at hand, with its words. */
  get toolNow() {
    return toolNamed(this.tool);
  }

  /** @param {number} size pixels */
  setBrush(size) {
    this.brush = Math.max(4, Math.min(120, size));
    this.toolbar.refresh();
    this.redrawOverlay();
  }

  /** @param {number | null} id */
  setActive(id) {
    if (id !== this.active && this.allows('choose')) this.say('choose', { area: id });
    this.active = id;
    this.toolbar.refresh();
    this.#refreshViews();
  }

  /** @param {string} measure */
  setMeasure(measure) {
    this.measure = measure;
    this.restyle([]);
    if (this.allows('measure')) this.act('measure', null, { measure });
  }

  /** @param {Focus} focus */
  setFocus(focus) {
    this.focus = focus;
    this.editor.select([]);
    this.restyle(null);
    this.viewport.lookAtFocus();
    this.say('focus', focus);
  }

  /** One area with what lies below it; null is everything. @param {number | null} id */
  drill(id) {
    const { tree } = this.plan;
    if (id === null) return this.setFocus({ areas: null, level: 1, unassigned: true });
    if (!tree.children(id).length) return this.viewport.lookAtArea(id);
    return this.setFocus({ areas: [id], level: tree.depth[id] + 1, unassigned: false });
  }

  /** Tell Python at once; what is told last under a name is heard, however busy Python is. @param {string} name @param {object} value */
  say(name, value) {
    this.api?.setStateValue(name, { ...value, at: performance.now() });
  }

  /** Ask for something to be done, with what was asked for lately: Python does each once. @param {string} kind @param {number | null} [area] @param {object} [more] */
  act(kind, area, more) {
    this.acts = [...this.acts.slice(-LATELY), { kind, area, at: performance.now(), ...more }];
    this.mailer.post('act', () => ({ acts: this.acts }));
  }

  redrawOverlay() {
    this.scene.redrawOverlay();
  }

  /** A press that will change the picture: how long until it did is measured. */
  clock() {
    this.figures.pressedAt = performance.now();
  }

  dispose() {
    clearTimeout(this.labeling);
    this.intake.dispose();
    this.viewport.dispose();
    this.display.dispose();
    this.editor.dispose();
    this.points.stop();
    this.scene.dispose();
  }
}

/** @param {string[]} names */
function mostCommon(names) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}
