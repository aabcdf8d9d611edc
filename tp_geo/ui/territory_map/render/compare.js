// The picture of what the plan is compared with, drawn by the map's own renderer onto a canvas of its own.
import { Outlines } from './outlines.js';
import { TEXEL } from './renderer.js';
import { outline } from './scene.js';
import { texture } from './program.js';
import { DIMMED, LOCKED, UNKNOWN } from './shaders.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../model/base.js').Base} Base
 * @typedef {import('../model/base.js').Match} Match
 * @typedef {import('./layers.js').Layers} Layers
 * @typedef {import('./renderer.js').Renderer} Renderer
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
   * @param {App} app @param {Base} base @param {Match} match
   * @param {import('../looks.js').Looks} looks of the base @param {Uint8Array} palette
   */
  style({ focus }, base, match, looks, palette) {
    const { shown, flags, renderer } = this;
    const { tree, current } = base;
    const { tint, unknown } = looks;
    const standsFor = tree.shownAt(focus.level);
    this.focused = tree.inFocus(base.focus(focus, match));
    const own = Uint8Array.from(this.focused, (inside, id) =>
      (inside || looks.printing ? 0 : DIMMED) | (id && tree.lock(id) ? LOCKED : 0));
    for (let i = 0; i < shown.length; i++) {
      shown[i] = standsFor[current[i]];
      flags[i] = own[current[i]] | (unknown[tint ? tint[i] : shown[i]] ? UNKNOWN : 0);
    }
    this.outlines.clear();
    this.#instead(null, () => {
      renderer.setState(tint ?? shown, flags);
      renderer.setPalette(palette);
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
  #outlined({ areas: { gl, t, arcs } }, topology, base) {
    const made = () => new Outlines(gl, this.renderer.programs.quad, t, arcs);
    const found = { areas: made(), parents: made(), selection: made() };
    outline(found, topology, base.tree, this.shown, this.flags);
    return found;
  }
}
