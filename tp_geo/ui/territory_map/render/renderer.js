// Our own WebGL2 renderer: one draw for all fills, colors looked up by item and area.
import { Ground } from './ground.js';
import { Layers } from './layers.js';
import { buildProgram, drawsInSoftware, texture } from './program.js';
import { FILL_FRAGMENT, FILL_VERTEX, FLAT_FRAGMENT, HAIR_VERTEX, QUAD_FRAGMENT, QUAD_VERTEX } from './shaders.js';

/**
 * @typedef {import('../geometry/topology.js').Topology} Topology
 * @typedef {import('../geometry/mesh.js').Frames} Frames
 * @typedef {import('../geometry/mesh.js').Mesh} Mesh
 * @typedef {import('../geometry/camera.js').Camera} Camera
 * @typedef {import('../geometry/chunks.js').Box} Box
 * @typedef {import('./program.js').Program} Program
 * @typedef {import('./theme.js').Theme} Theme
 */

const WIDTH = 256;

/** Numbers of an item: area, flags, former area, and one to spare. */
export const TEXEL = 4;

/** Areas along one side of the whole map from which on their borders are thinned. */
const CROWDED = 4;

/** How much polygons of reference layers cover what is below. */
const SOFT = 0.12;

/** Coarse shapes are drawn while their largest error is below this many pixels. */
const BLUR = 1;

export class Renderer {
  /** @type {WebGLTexture | null} */ stateTexture = null;
  /** @type {WebGLTexture | null} */ paletteTexture = null;
  /** @type {Uint16Array} area, flags and former area of each item */ texels = new Uint16Array(0);
  /** @type {Array<{color: number[], at: (k: number) => import('./reference.js').Dress}>} by scale */ reference = [];
  rows = 1;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.software = drawsInSoftware();
    const gl = canvas.getContext('webgl2', {
      antialias: !this.software,
      premultipliedAlpha: true,
      preserveDrawingBuffer: true,
    });
    if (!gl) throw new Error('WebGL 2 is not available.');
    this.canvas = canvas;
    this.gl = gl;
    this.programs = {
      fill: buildProgram(gl, FILL_VERTEX, FILL_FRAGMENT),
      quad: buildProgram(gl, QUAD_VERTEX, QUAD_FRAGMENT),
      hair: buildProgram(gl, HAIR_VERTEX, FLAT_FRAGMENT),
    };
    /** @type {Layers | null} */
    this.coarse = null;
    /** @type {Layers | null} */
    this.fine = null;
    /** @type {Ground | null} */
    this.ground = null;
    this.tolerance = 0;
    /** How many areas share the picture: many crowded ones get thinner borders. */
    this.crowd = 1;
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  }

  /** Forget all shapes and make room for the state of other items. @param {number} items */
  reset(items) {
    const { gl } = this;
    this.coarse = this.fine = null;
    this.rows = Math.max(1, Math.ceil(items / WIDTH));
    this.texels = new Uint16Array(WIDTH * this.rows * TEXEL);
    this.stateTexture = texture(gl);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA16UI, WIDTH, this.rows, 0, gl.RGBA_INTEGER, gl.UNSIGNED_SHORT, this.texels);
    this.paletteTexture ??= texture(gl);
  }

  /**
   * Shapes for the whole map at once, off by up to a tolerance.
   * @param {Topology} t @param {Frames} frames @param {Mesh} mesh @param {Box} bounds
   * @param {number} tolerance map units
   */
  setCoarse(t, frames, mesh, bounds, tolerance) {
    this.coarse = new Layers(this.gl, this.programs, t, frames, mesh, bounds);
    this.ground = new Ground(this.gl, this.programs.hair, t.ground);
    this.tolerance = tolerance;
  }

  /** Shapes as they are. @param {Topology} t @param {Frames} frames @param {Mesh} mesh @param {Box} bounds */
  setFine(t, frames, mesh, bounds) {
    this.fine = new Layers(this.gl, this.programs, t, frames, mesh, bounds);
  }

  /** What to draw at a scale. @param {Camera} camera @returns {Layers | null} */
  layersFor(camera) {
    const blurred = this.coarse && camera.k * this.tolerance < BLUR;
    return blurred || !this.fine ? this.coarse : this.fine;
  }

  /** @param {Uint8Array} rgba a color for each of 65,536 areas */
  setPalette(rgba) {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, this.paletteTexture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, WIDTH, WIDTH, 0, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
  }

  /**
   * @param {Uint16Array} shown area of each item
   * @param {Uint8Array} flags of each item
   * @param {Uint16Array | null} was area that each item showed before
   */
  setState(shown, flags, was = null) {
    const { gl } = this;
    const { texels } = this;
    for (let i = 0; i < shown.length; i++) {
      texels[TEXEL * i] = shown[i];
      texels[TEXEL * i + 1] = flags[i];
      texels[TEXEL * i + 2] = was ? was[i] : 0;
    }
    gl.bindTexture(gl.TEXTURE_2D, this.stateTexture);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, WIDTH, this.rows, gl.RGBA_INTEGER, gl.UNSIGNED_SHORT, texels);
  }

  /**
   * Draw what is in view, or only a box of it; the rest of the picture stays.
   * @param {Camera} camera
   * @param {Theme} theme
   * @param {Box | null} region map units
   */
  draw(camera, theme, region) {
    const { gl, canvas } = this;
    const layers = this.layersFor(camera);
    const view = this.#clipTo(camera, region);
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!layers || view[2] < view[0] || view[3] < view[1]) return;
    const scale = camera.k / camera.least;
    const near = scale >= 4;
    const thin = Math.min(1, (CROWDED * scale) / Math.sqrt(this.crowd));
    gl.disable(gl.BLEND);
    this.#use(this.programs.hair, camera);
    this.ground?.draw(this.programs.hair.uniforms.color, theme);
    this.#useFill(camera, theme);
    layers.drawFills(view);
    gl.enable(gl.BLEND);
    this.#lines(camera, layers, 'lines', view, theme.hair, ramp(scale, 3, 14) * (theme.dark ? 0.3 : 0.42));
    this.#lines(camera, layers, 'counties', view, theme.line, ramp(scale, 1.8, 8) * 0.36);
    this.#lines(camera, layers, 'coast', view, theme.outline, theme.dark ? 0.5 : 0.38);
    this.#outlines(camera, layers.states, view, theme.line, theme.dark ? 0.6 : 0.42, near ? 1.2 : 0.8);
    this.#outlines(camera, layers.areas, view, theme.outline, 0.9 * Math.max(thin, 0.6), (near ? 1.8 : 1) * Math.max(thin, 0.5));
    this.#outlines(camera, layers.parents, view, theme.outline, 1, near ? 3 : 2);
    for (const { at, color } of this.reference) {
      const { fill, lines } = at(camera.k);
      this.#use(this.programs.hair, camera);
      fill.fill(this.programs.hair.uniforms.color, color, SOFT);
      if (near) this.#outlines(camera, lines, view, theme.ground, 0.5, 3.4);
      this.#outlines(camera, lines, view, color, 1, near ? 1.8 : 1);
    }
    this.#outlines(camera, layers.selection, view, theme.ground, 0.9, 5);
    this.#outlines(camera, layers.selection, view, theme.accent, 1, 2.2);
    gl.bindVertexArray(null);
  }

  /** Wait until everything asked for is on the canvas (for measuring). */
  finish() {
    const { gl } = this;
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  dispose() {
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  /** @param {Camera} camera @param {Box | null} region @returns {Box} */
  #clipTo(camera, region) {
    const { gl, canvas } = this;
    const view = camera.view;
    if (!region) {
      gl.disable(gl.SCISSOR_TEST);
      return view;
    }
    const dpr = canvas.width / camera.w;
    const pad = 6;
    const [x0, y0] = camera.toScreen(region[0], region[1]);
    const [x1, y1] = camera.toScreen(region[2], region[3]);
    const left = Math.max(0, Math.floor((x0 - pad) * dpr));
    const top = Math.max(0, Math.floor((y0 - pad) * dpr));
    const right = Math.min(canvas.width, Math.ceil((x1 + pad) * dpr));
    const bottom = Math.min(canvas.height, Math.ceil((y1 + pad) * dpr));
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(left, canvas.height - bottom, Math.max(0, right - left), Math.max(0, bottom - top));
    const [mx0, my0] = camera.toMap(left / dpr, top / dpr);
    const [mx1, my1] = camera.toMap(right / dpr, bottom / dpr);
    return [mx0, my0, mx1, my1];
  }

  /** @param {Camera} camera @param {Theme} theme */
  #useFill(camera, theme) {
    const { gl } = this;
    const { fill } = this.programs;
    this.#use(fill, camera);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.stateTexture);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.paletteTexture);
    gl.activeTexture(gl.TEXTURE0);
    gl.uniform1i(fill.uniforms.state, 0);
    gl.uniform1i(fill.uniforms.palette, 1);
    gl.uniform3fv(fill.uniforms.ground, theme.ground);
    gl.uniform3fv(fill.uniforms.accent, theme.accent);
    gl.uniform3fv(fill.uniforms.still, theme.unassigned);
    gl.uniform3fv(fill.uniforms.ink, theme.outline);
    gl.uniform1f(fill.uniforms.dpr, this.canvas.width / camera.w);
  }

  /**
   * @param {Camera} camera @param {Layers} layers @param {import('./layers.js').Lines} which
   * @param {Box} view @param {number[]} color @param {number} alpha
   */
  #lines(camera, layers, which, view, color, alpha) {
    if (alpha < 0.03) return;
    const { hair } = this.programs;
    this.#use(hair, camera);
    this.gl.uniform4f(hair.uniforms.color, color[0], color[1], color[2], alpha);
    layers.drawLines(which, view);
  }

  /**
   * @param {Camera} camera @param {import('./outlines.js').Outlines} outlines
   * @param {Box} view @param {number[]} color @param {number} alpha @param {number} width pixels
   */
  #outlines(camera, outlines, view, color, alpha, width) {
    if (!outlines.count) return;
    const { gl, canvas } = this;
    const { quad } = this.programs;
    this.#use(quad, camera);
    gl.uniform4f(quad.uniforms.color, color[0], color[1], color[2], alpha);
    gl.uniform2f(quad.uniforms.half_size, canvas.width / 2, canvas.height / 2);
    gl.uniform1f(quad.uniforms.width, (width * canvas.width) / camera.w);
    outlines.draw(view);
  }

  /** @param {import('./program.js').Program} program @param {Camera} camera */
  #use(program, camera) {
    const { gl } = this;
    const x = Math.round(camera.x);
    const y = Math.round(camera.y);
    gl.useProgram(program.program);
    gl.uniform2f(program.uniforms.middle, x, y);
    gl.uniform2f(program.uniforms.rest, camera.x - x, camera.y - y);
    gl.uniform2f(program.uniforms.scale, (2 * camera.k) / camera.w, (-2 * camera.k) / camera.h);
  }
}

/** From 0 at one scale to 1 at another. @param {number} v @param {number} from @param {number} to */
function ramp(v, from, to) {
  return Math.max(0, Math.min(1, Math.log(v / from) / Math.log(to / from)));
}
