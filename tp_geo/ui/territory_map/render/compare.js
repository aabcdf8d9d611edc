// The picture of what the plan is compared with, drawn by the map's own renderer onto a canvas of its own.
import { deviationClasses, ownersOf, parentsShown } from '../model/coloring.js';
import { Outlines } from './outlines.js';
import { kindColor } from './ramps.js';
import { TEXEL } from './renderer.js';
import { texture } from './program.js';
import { DIMMED, LOCKED, UNKNOWN } from './shaders.js';
import { areaColor, paletteOf, rgb, toned } from './theme.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../model/base.js').Base} Base
 * @typedef {import('../model/base.js').Match} Match
 * @typedef {import('./layers.js').Layers} Layers
 * @typedef {import('./renderer.js').Renderer} Renderer
 * @typedef {{colors: Array<number[] | undefined>, unknown: Uint8Array}} Colors by area of the base
 */

export class BaseSheet {
  /** @type {Uint16Array} area of the base that each item shows */ shown;
  /** @type {Uint8Array} */ flags;
  /** @type {Uint8Array} by area of the base */ focused = new Uint8Array(0);

  /** @param {Renderer} renderer @param {number} items */
  constructor(renderer, items) {
    const { gl, rows, texels } = renderer;
    this.renderer = renderer;
    this.shown = new Uint16Array(items);
    this.flags = new Uint8Array(items);
    this.textures = { stateTexture: texture(gl), paletteTexture: texture(gl) };
    gl.bindTexture(gl.TEXTURE_2D, this.textures.stateTexture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA16UI, texels.length / TEXEL / rows, rows, 0, gl.RGBA_INTEGER, gl.UNSIGNED_SHORT, texels);
    /** @type {Map<Layers, {areas: Outlines, parents: Outlines, selection: Outlines}>} */
    this.outlines = new Map();
  }

  /**
   * Work out what each item shows.
   * @param {App} app @param {Base} base @param {Match} match @param {Colors} colors
   */
  style({ looks, focus, theme, topology, plan }, base, match, { colors, unknown }) {
    const { shown, flags, renderer } = this;
    const { tree, current } = base;
    const { tint } = looks;
    const standsFor = tree.shownAt(focus.level);
    this.focused = tree.inFocus(base.focus(focus, match));
    const own = Uint8Array.from(this.focused, (inside, id) =>
      (inside || looks.printing ? 0 : DIMMED) | (id && tree.lock(id) ? LOCKED : 0));
    for (let i = 0; i < shown.length; i++) {
      shown[i] = standsFor[current[i]];
      flags[i] = own[current[i]] | ((tint ? looks.unknown[tint[i]] : unknown[shown[i]]) ? UNKNOWN : 0);
    }
    this.outlines.clear();
    this.#instead(null, () => {
      renderer.setState(tint ?? shown, flags);
      renderer.setPalette(paletteOf(tint ? looks.colors : colors, theme.unassigned));
    });
  }

  /**
   * Draw over the renderer's own picture and take a copy.
   * @param {CanvasRenderingContext2D} onto @param {App} app @param {Base} base
   */
  draw(onto, { camera, theme, topology }, base) {
    const { renderer } = this;
    const layers = renderer.layersFor(camera);
    if (!layers) return;
    if (!this.outlines.has(layers)) this.outlines.set(layers, this.#outlined(layers, topology, base));
    this.#instead(layers, () => renderer.draw(camera, theme, null));
    onto.clearRect(0, 0, onto.canvas.width, onto.canvas.height);
    onto.drawImage(renderer.canvas, 0, 0);
  }

  /** Run with the textures and borders of the base in place of those of the plan. @param {Layers | null} layers @param {() => void} work */
  #instead(layers, work) {
    const { renderer } = this;
    const { stateTexture, paletteTexture } = renderer;
    const borders = layers && { areas: layers.areas, parents: layers.parents, selection: layers.selection };
    Object.assign(renderer, this.textures);
    if (layers) Object.assign(layers, this.outlines.get(layers));
    try {
      work();
    } finally {
      Object.assign(renderer, { stateTexture, paletteTexture });
      if (layers) Object.assign(layers, borders);
    }
  }

  /** @param {Layers} layers @param {import('../geometry/topology.js').Topology} topology @param {Base} base */
  #outlined({ areas: { gl, t, arcs } }, { own, beyond }, { tree }) {
    const { shown, flags } = this;
    const made = () => new Outlines(gl, this.renderer.programs.quad, t, arcs);
    const found = { areas: made(), parents: made(), selection: made() };
    const parent = (/** @type {number} */ id) => tree.areas.get(id)?.parent ?? 0;
    const border = (/** @type {number} */ a) => beyond[a] >= 0 && shown[own[a]] !== shown[beyond[a]]
      && !(flags[own[a]] & flags[beyond[a]] & DIMMED);
    found.areas.set(border);
    found.parents.set((a) => border(a) && Boolean(shown[own[a]] && shown[beyond[a]])
      && parent(shown[own[a]]) !== parent(shown[beyond[a]]));
    return found;
  }
}

/**
 * The colors of the base's areas, by what colors mean on the map; an area that is in both plans has one.
 * @param {App} app @param {Base} base @param {Match} match @param {() => import('../model/facts.js').Totals} totals
 * @returns {Colors}
 */
export function colorsOf(app, base, { as }, totals) {
  const { looks, theme, plan, facts, measureAt, frames, focus, tolerance } = app;
  const unknown = new Uint8Array(base.tree.size);
  const of = colorer(app, base, as, () => deviationClasses(
    { plan: /** @type {any} */ (base), facts, measure: measureAt, km2: frames.km2, level: focus.level, tolerance, totals },
    { ...looks.choices, hand: looks.choices.hand[looks.handKey] ?? [] },
  ));
  const colors = [];
  for (const id of base.areas.keys()) {
    const color = of(id);
    colors[id] = color ?? theme.unassigned;
    unknown[id] = color ? 0 : 1;
  }
  return { colors, unknown };
}

/**
 * @param {App} app @param {Base} base @param {Uint16Array} as
 * @param {() => import('../model/coloring.js').Classes} deviations
 * @returns {(id: number) => number[] | undefined} undefined: not known
 */
function colorer({ looks, theme, plan, focus }, base, as, deviations) {
  const own = (/** @type {number} */ id) =>
    areaColor(plan.areas.get(as[id])?.color ?? base.areas.get(id)?.color ?? '#888888', theme);
  if (looks.way === 'parent') {
    const above = parentsShown(/** @type {any} */ (base), focus.level);
    return (id) => own(above[id]);
  }
  if (looks.way === 'owner') return ownerColor(looks.entries, ownersOf(/** @type {any} */ (base)), theme);
  if (looks.way !== 'deviation') return own;
  const { of } = deviations();
  return (id) => looks.steps[of(id)];
}

/**
 * Owners have the colors of the key; those it doesn't list get further ones.
 * @param {import('../looks.js').Entry[]} entries @param {Array<string | null>} owners @param {import('./theme.js').Theme} theme
 * @returns {(id: number) => number[] | undefined}
 */
function ownerColor(entries, owners, theme) {
  const known = new Map(entries.map(({ name, color }) => [name, rgb(color)]));
  return (id) => {
    const name = owners[id];
    if (!name) return undefined;
    let color = known.get(name);
    if (!color) known.set(name, color = toned(kindColor(known.size), theme));
    return color;
  };
}
