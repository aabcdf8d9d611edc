// The card beside the pointer: what lies under it.
import { h } from './dom.js';
import { full } from './format.js';

/** @typedef {import('../app.js').App} App */

const MEASURES = 5;

export class Card {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.item = -1;
    this.element = h('div', { class: 'card', hidden: true, 'aria-hidden': 'true' });
  }

  /** @param {number} item -1 for none @param {number} x pixels @param {number} y */
  show(item, x, y) {
    this.element.hidden = item < 0;
    if (item < 0) {
      this.item = -1;
      return;
    }
    if (item !== this.item) this.refresh(item);
    beside(this.element, x, y, this.app.camera);
  }

  /** @param {number} item */
  refresh(item = this.item) {
    this.item = item;
    if (item < 0) return;
    const { app } = this;
    const { topology: t, plan } = app;
    const leaf = plan.current[item];
    const path = leaf ? [...plan.tree.ancestry(leaf)].reverse().map((a) => a.name).join(' › ') : 'Unassigned';
    const state = plan.held[item] ? 'held' : plan.tree.lock(leaf) ? 'locked' : '';
    const where = placeOf(t, item);
    this.element.replaceChildren(
      h('header', {}, h('b', { text: t.codes[item] }), h('span', { text: t.names[item] })),
      ...(where ? [h('p', { class: 'where', text: where })] : []),
      h('p', { class: 'area' }, swatch(app.colorOf(app.shown[item])), h('span', { text: path }),
        state ? h('em', { text: state }) : null),
      ...(plan.mixed[item] ? [h('p', { class: 'where', text: 'Holds units of other areas' })] : []),
      h('dl', {}, ...this.#measures(item)),
    );
  }

  /** @param {number} item */
  #measures(item) {
    const { facts, measure } = this.app;
    const first = facts.indexOf(measure);
    const order = [first, ...facts.measures.keys()].filter((m, i, all) => m >= 0 && all.indexOf(m) === i);
    return order.slice(0, MEASURES).flatMap((m) => [
      h('dt', { text: facts.measures[m].label }),
      h('dd', { text: full(facts.columns[m][item], facts.measures[m].unit) }),
    ]);
  }
}

/**
 * Put a card beside the pointer, inside the map.
 * @param {HTMLElement} card @param {number} x pixels @param {number} y @param {{w: number, h: number}} map
 */
export function beside(card, x, y, { w, h: height }) {
  const { offsetWidth, offsetHeight } = card;
  const left = x + 16 + offsetWidth > w ? x - 16 - offsetWidth : x + 16;
  const top = y + 16 + offsetHeight > height ? y - 12 - offsetHeight : y + 16;
  card.style.transform = `translate(${Math.round(Math.max(4, left))}px,${Math.round(Math.max(4, top))}px)`;
}

/** County and state, or what the shapes know instead. @param {any} t @param {number} item */
function placeOf(t, item) {
  const named = (/** @type {string} */ level) => {
    const found = t.levels.find((/** @type {any} */ l) => l.name === level);
    const at = found ? found.of[item] : -1;
    return at >= 0 ? found.names[at] || (level === 'county' ? '' : found.codes[at]) : '';
  };
  return [named('county'), named('state')].filter(Boolean).join(', ');
}

/** @param {string} color */
function swatch(color) {
  return h('i', { class: 'swatch', style: `background:${color}` });
}
