// What the planner chose to see, and the colors that follow from it. Remembered in this browser.
import {
  BY_CONTAINER, CLASSED, containerClasses, deviationClasses, ownersOf, parentsShown,
} from './model/coloring.js';
import { flowsOf } from './model/changed.js';
import { keep, recall } from './model/remembered.js';
import { DIVERGING, kindColor, rampOf, SEQUENTIAL, stepsOf } from './render/ramps.js';
import { areaColor, css, paletteOf, printed, themeOf, toned } from './render/theme.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {import('./model/coloring.js').Way} Way
 * @typedef {import('./model/coloring.js').Classes} Classes
 * @typedef {{name: string, color: string, count: number, of: string, from?: string, unknown?: boolean}} Entry
 *   of the color key; `from`: the color of its stripes
 */

/** Moves that the color key lists. */
const FLOWS = 8;

const CHOICES = {
  way: /** @type {Way} */ ('area'), method: /** @type {any} */ ('quantiles'), count: 5,
  sequential: 'lake', diverging: 'tide',
  /** @type {Record<string, number[]>} limits typed by hand, by way and measure */
  hand: {},
  labels: /** @type {'none' | 'names' | 'figures'} */ ('names'), codes: true, places: true, points: false, basemap: false, print: false,
  /** @type {string[]} reference layers that are switched off */
  hidden: [],
};

export class Looks {
  /** @type {Classes | null} */ classes = null;
  /** @type {Entry[]} lines of the color key */ entries = [];
  /** @type {number[][]} by class */ steps = [];
  /** @type {Array<number[] | undefined>} by palette place */ colors = [];
  /** @type {Uint8Array} by palette place, whether it stands for what is not known */ unknown = new Uint8Array(0);
  /** Whether the page is being printed. */ paper = false;
  /** @type {string | undefined} what the colors were worked out from */ key;
  /** @type {Classes | null} what the tint was worked out from */ tinted = null;
  /** @type {Classes | undefined} of containers, kept while they are asked for again */ kept;
  /** @type {string | undefined} */ classKey;
  /** @type {import('./model/facts.js').Facts | undefined} */ classFacts;
  /** @type {Uint16Array | null} area each item showed at the base; null: not compared */ was = null;
  /** @type {Uint16Array | null} palette place of each item; null: its area */ tint = null;
  /** @type {Way | null | undefined} what the page wants shown, until another way is chosen */ asked;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.choices = recall('looks', CHOICES);
  }

  /** @param {Partial<typeof CHOICES>} changed */
  choose(changed) {
    this.choices = { ...this.choices, ...changed };
    if (changed.way) this.asked = null;
    keep('looks', this.choices);
    this.key = undefined;
    this.app.restyle(null);
  }

  /** Compare with an earlier revision or another alignment. @param {string} id */
  compare(id) {
    this.app.compare.asked = id;
    this.app.act('base', null, { id });
  }

  /** Where changes are to be shown and nothing is compared so far, the newest snapshot is. */
  askForBase() {
    const { bases, base } = this.app.data;
    if (this.way === 'change' && !base) this.compare(bases[0].id);
  }

  /** What colors mean now: the chosen way, unless there is nothing to go by. @returns {Way} */
  get way() {
    const way = this.asked ?? this.choices.way;
    const known = this.ways().some(([name]) => name === way);
    return known && !this.app.bare ? way : 'area';
  }

  /** Ways there are, with their words. @returns {Array<[Way, string]>} */
  ways() {
    const { facts, measureAt } = this.app;
    const label = facts.measures[measureAt]?.label;
    /** @type {Array<[Way, string]>} */
    const change = this.app.data?.bases?.length ? [['change', 'What changed']] : [];
    /** @type {Array<[Way, string]>} */
    const found = [['area', 'Area'], ['parent', 'Area above'], ['owner', 'Owner'], ...change];
    if (!label) return found;
    return [...found, ['deviation', 'Off target'], ['measure', label], ['density', `${label} per km²`]];
  }

  /** Limits typed by hand go with what they are limits of. */
  get handKey() {
    return `${this.way}:${this.app.measure}`;
  }

  /** @returns {import('./render/theme.js').Theme} */
  theme() {
    const theme = themeOf(this.app.root);
    return this.printing ? printed(theme) : theme;
  }

  /** Whether the map is to look as on paper: on white, nothing pale. */
  get printing() {
    return this.choices.print || this.paper;
  }

  /** Work out the colors. @returns {boolean} whether any item may look different now */
  recolor() {
    const { app } = this;
    const { theme, plan } = app;
    this.colors = [];
    this.unknown = new Uint8Array(Math.max(plan.tree.size, 16));
    this.entries = [];
    this.classes = null;
    this.was = null;
    this.#paint();
    const { classes } = /** @type {Looks} */ (this);
    const key = JSON.stringify([this.colors, theme, classes?.breaks, this.way, app.measure, this.was && app.base?.key]);
    const byContainer = BY_CONTAINER.includes(this.way);
    if (key === this.key && (!byContainer || this.classes === this.tinted)) return false;
    this.key = key;
    this.tinted = this.classes;
    this.tint = byContainer ? this.#tinted() : null;
    app.scene.setPalette(paletteOf(this.colors, theme.unassigned));
    return true;
  }

  /** @param {number} id of an area @returns {string} CSS */
  colorOf(id) {
    const { app } = this;
    const own = BY_CONTAINER.includes(this.way) ? undefined : this.colors[id];
    if (own) return css(own);
    return css(id ? areaColor(app.plan.areas.get(id)?.color ?? '#888888', app.theme) : app.theme.unassigned);
  }

  #paint() {
    const { way } = this;
    if (CLASSED.includes(way)) this.#paintClasses();
    else if (way === 'owner') this.#paintOwners();
    else if (way === 'change') this.#paintChange();
    else this.#paintAreas(way === 'parent' ? parentsShown(this.app.plan, this.app.focus.level) : null);
  }

  /** @param {Uint16Array | null} standsFor by area, the one that gives it its color; null: itself */
  #paintAreas(standsFor) {
    const { areas, tree } = this.app.plan;
    for (const id of areas.keys()) {
      const from = standsFor ? standsFor[id] : id;
      this.colors[id] = areaColor(areas.get(from)?.color ?? '#888888', this.app.theme);
    }
    if (!standsFor) return;
    this.#list([...areas.keys()].filter((id) => this.#isShown(id)), (id) => tree.name(standsFor[id]));
  }

  /** Areas as they are; what is as it was is pale. */
  #paintChange() {
    const { plan, base, focus: { level }, noun } = this.app;
    this.#paintAreas(null);
    if (!base) return;
    const match = base.plan.match(plan);
    this.was = base.plan.shown(match, level);
    for (const [id, area] of match.alone) this.colors[id] = areaColor(area.color, this.app.theme);
    const { flows, stayed } = flowsOf(plan, this.was, level);
    const name = (/** @type {number} */ id) => match.alone.get(id)?.name ?? plan.tree.name(id);
    this.entries = flows.slice(0, FLOWS).map(({ from, to, count }) =>
      ({ name: `${name(from)} → ${name(to)}`, color: this.colorOf(to), from: this.colorOf(from), count, of: noun.many }));
    const more = flows.slice(FLOWS).reduce((sum, flow) => sum + flow.count, 0);
    if (more) this.entries.push({ name: 'Other moves', color: 'transparent', count: more, of: noun.many });
    this.entries.push({ name: 'As it was', color: css(this.app.theme.unassigned), count: stayed, of: noun.many });
  }

  #paintOwners() {
    const { plan, theme } = this.app;
    const owners = ownersOf(plan);
    const names = [...new Set([...owners, ...this.app.compare.owners].filter((name) => name !== null))].sort();
    /** @type {Map<string | null, number>} */
    const place = new Map(names.map((name, i) => [name, i]));
    for (const id of plan.areas.keys()) {
      const at = place.get(owners[id]);
      this.colors[id] = at === undefined ? theme.unassigned : toned(kindColor(at), theme);
      if (at === undefined) this.unknown[id] = 1;
    }
    this.#list([...plan.areas.keys()].filter((id) => this.#isShown(id)), (id) => owners[id] ?? '');
  }

  #paintClasses() {
    const { app, way, choices } = this;
    const { theme } = app;
    const classing = { method: choices.method, count: choices.count, hand: choices.hand[this.handKey] ?? [] };
    const byArea = way === 'deviation';
    this.classes = byArea ? deviationClasses(this.#subject(), classing) : this.#containerClasses(way, classing);
    const { breaks, of } = this.classes;
    const ramp = byArea ? rampOf(choices.diverging, DIVERGING) : rampOf(choices.sequential, SEQUENTIAL);
    this.steps = stepsOf(ramp, breaks.length + 1, theme.dark);
    const paint = (/** @type {number} */ place, /** @type {number} */ at) => {
      this.colors[place] = at < 0 ? theme.unassigned : this.steps[at];
      if (at < 0) this.unknown[place] = 1;
    };
    if (byArea) for (const id of app.plan.areas.keys()) paint(id, of(id));
    else for (let at = -1; at <= breaks.length; at++) paint(at + 1, at);
  }

  /** Classes of containers change with the dataset and the choices only. @param {Way} way @param {any} classing */
  #containerClasses(way, classing) {
    const key = JSON.stringify([way, classing, this.app.measure]);
    if (key !== this.classKey || this.classFacts !== this.app.facts) {
      this.classKey = key;
      this.classFacts = this.app.facts;
      this.kept = containerClasses(this.#subject(), way, classing);
    }
    return /** @type {Classes} */ (this.kept);
  }

  /** @returns {import('./model/coloring.js').Subject} */
  #subject() {
    const { plan, facts, measureAt, frames, focus, tolerance } = this.app;
    return { plan, facts, measure: measureAt, km2: frames.km2, level: focus.level, tolerance, totals: () => this.app.totals() };
  }

  #tinted() {
    const { of } = /** @type {Classes} */ (this.classes);
    const tint = new Uint16Array(this.app.topology.items);
    for (let i = 0; i < tint.length; i++) tint[i] = of(i) + 1;
    return tint;
  }

  /** One line of the key for each name. @param {number[]} ids @param {(id: number) => string} nameOf */
  #list(ids, nameOf) {
    /** @type {Map<string, Entry>} */
    const found = new Map();
    for (const id of ids) {
      const name = nameOf(id);
      const entry = found.get(name) ?? { name, color: css(/** @type {number[]} */ (this.colors[id])), count: 0, of: 'areas', unknown: !name };
      entry.count++;
      found.set(name, entry);
    }
    this.entries = [...found.values()].sort((a, b) => Number(a.unknown) - Number(b.unknown) || (a.name < b.name ? -1 : 1));
  }

  /** Whether an area stands on the map for what it holds. @param {number} id */
  #isShown(id) {
    const { plan: { tree }, focus } = this.app;
    return tree.depth[id] === focus.level || (tree.depth[id] < focus.level && !tree.children(id).length);
  }
}
