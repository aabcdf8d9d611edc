// What the legend can say about an area, a column each.
import { deviation } from '../model/facts.js';
import { ownersOf } from '../model/coloring.js';
import { brief, full, percent, short, whole } from './format.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {Object} Column
 * @property {string} name
 * @property {string} label of its header
 * @property {number} width pixels
 * @property {(id: number) => number | string | null} value what it is sorted by; null comes last
 * @property {(id: number) => string} text
 * @property {(id: number) => string} [title] in full
 * @property {boolean} [words] text rather than figures
 * @property {boolean} [bar] figures are deviations, drawn as bars too
 */

/** Columns of a legend that nobody has changed. */
export const USUAL = ['measure', 'deviation'];

/** What areas gained and lost; while plans are compared it stands where the deviation does. */
export const CHANGE = 'change';

/** The columns to show. @param {App} app @param {string[]} chosen */
export function shownColumns({ compare }, chosen) {
  return compare.difference ? [...chosen.filter((name) => name !== 'deviation'), CHANGE] : chosen;
}

/**
 * All columns there are now. Sums of a measure are worked out when a column first asks for them.
 * @param {App} app
 * @returns {Column[]}
 */
export function columnsOf(app) {
  const { facts, measureAt, noun } = app;
  const figures = new Figures(app);
  const owners = ownersOf(app.plan);
  const chosen = facts.measures[measureAt];
  /** @type {Column[]} */
  const found = [{
    name: 'count', label: capital(noun.many), width: 62, value: (id) => figures.count(id), text: (id) => whole(figures.count(id)),
  }];
  if (chosen) found.push(...ofMeasure(app, figures, measureAt, 'measure'), ...ofTarget(app, figures));
  for (const at of facts.measures.keys()) {
    if (at !== measureAt) found.push(...ofMeasure(app, figures, at, `m:${facts.measures[at].name}`));
  }
  return [...found, ...ofChange(app),
    { name: 'parts', label: 'Parts', width: 46, value: (id) => app.parts?.count.get(id) ?? null, text: (id) => whole(app.parts?.count.get(id) ?? 0) },
    { name: 'owner', label: 'Owner', width: 98, words: true, value: (id) => owners[id] ?? null, text: (id) => owners[id] ?? '–' },
  ];
}

/** @param {App} app @param {Figures} figures @param {number} at @param {string} name @returns {Column[]} */
function ofMeasure({ facts }, figures, at, name) {
  const { label, unit } = facts.measures[at];
  return [{
    name, label, width: 68,
    value: (id) => finite(figures.of(at, id)),
    text: (id) => short(figures.of(at, id), /^\W$/.test(unit) ? unit : ''),
    title: (id) => `${label}: ${full(figures.of(at, id), unit)}`,
  }];
}

/** @param {App} app @param {Figures} figures @returns {Column[]} */
function ofTarget(app, figures) {
  const { facts, measureAt: at, plan } = app;
  const { name, unit, aggregate } = facts.measures[at];
  const target = (/** @type {number} */ id) => plan.areas.get(id)?.targets[name];
  const off = (/** @type {number} */ id) => deviation(figures.of(at, id), target(id));
  const share = (/** @type {number} */ id) => figures.of(at, id) / figures.whole(at);
  return [
    { name: 'deviation', label: 'Off target', width: 70, bar: true, value: off, text: (id) => percent(off(id)) || '–' },
    { name: 'target', label: 'Target', width: 66, value: (id) => target(id) ?? null, text: (id) => short(target(id) ?? NaN, /^\W$/.test(unit) ? unit : '') },
    ...(aggregate === 'sum' ? [{
      name: 'share', label: 'Share', width: 54, value: (/** @type {number} */ id) => finite(share(id)),
      text: (/** @type {number} */ id) => (Number.isFinite(share(id)) ? `${(100 * share(id)).toFixed(1)} %` : '–'),
    }] : []),
  ];
}

/** What an area gained and lost, while the plan is compared. @param {App} app @returns {Column[]} */
function ofChange({ compare, facts, measureAt }) {
  const moved = compare.difference;
  if (!moved) return [];
  const { gained, lost } = moved;
  const unit = moved.sums ? facts.measures[measureAt].unit : '';
  return [{
    name: CHANGE, label: 'Change', width: 84,
    value: (id) => gained[id] - lost[id],
    text: (id) => [gained[id] && `+${brief(gained[id])}`, lost[id] && `−${brief(lost[id])}`].filter(Boolean).join(' ') || '–',
    title: (id) => `Gained ${full(gained[id], unit)}, lost ${full(lost[id], unit)}`,
  }];
}

/** Sums by area and measure, each worked out once. */
class Figures {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    /** @type {Map<number, import('../model/facts.js').Totals>} */
    this.known = new Map();
  }

  /** @param {number} at */
  totals(at) {
    const { app, known } = this;
    let found = known.get(at);
    if (!found) known.set(at, found = at === app.measureAt ? app.totals() : app.facts.totals(app.plan, at));
    return found;
  }

  /** @param {number} id */
  count(id) {
    return this.totals(this.app.measureAt).count[id] ?? 0;
  }

  /** @param {number} at @param {number} id */
  of(at, id) {
    return this.app.facts.figure(this.totals(at), at, id);
  }

  /** What there is in all, unassigned too. @param {number} at */
  whole(at) {
    const { sum } = this.totals(at);
    return this.app.plan.tree.children(null).reduce((all, id) => all + sum[id], sum[0]);
  }
}

/** @param {number} value */
function finite(value) {
  return Number.isFinite(value) ? value : null;
}

/** @param {string} text */
function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
