// What is meant by a few letters: areas, owners, states, counties, cities and codes of containers.
import { itemsByName } from './places.js';

/**
 * @typedef {import('./plan.js').Plan} Plan
 * @typedef {import('../geometry/topology.js').Topology} Topology
 * @typedef {'area' | 'owner' | 'state' | 'county' | 'city' | 'container' | string} Kind
 * @typedef {Object} Hit
 * @property {Kind} kind
 * @property {string} name
 * @property {string} detail what tells it from others of its name
 * @property {number[]} areas what is meant, when areas are
 * @property {() => number[]} items what is meant, when places are
 */

const OF_A_KIND = 6;
const NOTHING = () => [];

export class Finder {
  /** @param {Topology} t */
  constructor(t) {
    this.t = t;
    const levels = levelsOf(t);
    const counties = levels.filter(({ kind }) => kind === 'county');
    this.places = [...levels.filter(({ kind }) => kind !== 'county'), ...citiesOf(t), ...counties];
    this.codes = t.codes.map((code, i) => ({ text: code.toLowerCase(), i })).sort((a, b) => (a.text < b.text ? -1 : 1));
  }

  /**
   * What begins with a text first, then what has a word that does, then what holds it.
   * @param {string} text @param {Plan} plan
   * @returns {Hit[]} a few of each kind
   */
  find(text, plan) {
    const asked = text.trim().toLowerCase();
    if (!asked) return [];
    const hits = [...areaHits(plan), ...ownerHits(plan), ...this.places];
    const ranked = hits.map((hit) => ({ hit, rank: rankOf(hit.name.toLowerCase(), asked) })).filter(({ rank }) => rank < 3);
    ranked.sort((a, b) => a.rank - b.rank);
    /** @type {Map<Kind, number>} */
    const taken = new Map();
    const few = ranked.filter(({ hit }) => {
      const n = (taken.get(hit.kind) ?? 0) + 1;
      taken.set(hit.kind, n);
      return n <= OF_A_KIND;
    });
    return [...this.#containers(asked), ...few.map(({ hit }) => hit)];
  }

  /** @param {string} asked @returns {Hit[]} */
  #containers(asked) {
    const { codes, t } = this;
    let low = 0;
    for (let high = codes.length; low < high;) {
      const middle = (low + high) >> 1;
      if (codes[middle].text < asked) low = middle + 1;
      else high = middle;
    }
    const found = [];
    for (let k = low; k < codes.length && found.length < OF_A_KIND && codes[k].text.startsWith(asked); k++) {
      const { i } = codes[k];
      found.push({ kind: 'container', name: t.codes[i], detail: t.names[i], areas: [], items: () => [i] });
    }
    return found;
  }
}

/** 0 for the beginning, 1 for the beginning of a word, 2 for within, 3 for none. @param {string} name @param {string} asked */
function rankOf(name, asked) {
  const at = name.indexOf(asked);
  if (at <= 0) return at === 0 ? 0 : 3;
  return name.includes(` ${asked}`) ? 1 : 2;
}

/** @param {Plan} plan @returns {Hit[]} */
function areaHits({ tree }) {
  return tree.order.map((id) => {
    const { name, parent } = tree.area(id);
    return { kind: 'area', name, detail: parent === null ? '' : tree.name(parent), areas: [id], items: NOTHING };
  });
}

/** @param {Plan} plan @returns {Hit[]} */
function ownerHits({ tree }) {
  /** @type {Map<string, number[]>} */
  const found = new Map();
  for (const id of tree.order) {
    const { owner } = tree.area(id);
    if (owner) found.set(owner, [...(found.get(owner) ?? []), id]);
  }
  return [...found].map(([name, areas]) => ({
    kind: 'owner', name, detail: areas.map((id) => tree.name(id)).slice(0, 3).join(', '), areas, items: NOTHING,
  }));
}

/** @param {Topology} t @returns {Hit[]} states, counties and what else the shapes know */
function levelsOf(t) {
  const state = t.levels.find((l) => l.name === 'state');
  return [...t.levels].reverse().flatMap((level) => {
    const first = new Int32Array(level.codes.length).fill(-1);
    level.of.forEach((at, i) => { if (at >= 0 && first[at] < 0) first[at] = i; });
    return level.codes.map((code, at) => ({
      kind: level.name, name: level.names[at] || code,
      detail: state && level.name === 'county' && first[at] >= 0 ? state.codes[state.of[first[at]]] ?? '' : '',
      areas: [], items: () => where(level.of, at),
    }));
  });
}

/** @param {Topology} t @returns {Hit[]} */
function citiesOf(t) {
  return itemsByName(t).map(([name, items]) =>
    ({ kind: 'city', name, detail: items.length > 1 ? `${items.length} codes` : t.codes[items[0]], areas: [], items: () => items }));
}

/** @param {Int32Array} of @param {number} at @returns {number[]} */
function where(of, at) {
  const found = [];
  for (let i = 0; i < of.length; i++) if (of[i] === at) found.push(i);
  return found;
}
