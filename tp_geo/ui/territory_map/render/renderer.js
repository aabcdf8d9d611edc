// Our own WebGL2 renderer: one draw for all fills, colors looked up by item and area.
import { buildChunks, runsIn } from '../geometry/chunks.js';
import { Outlines } from './outlines.js';
import { buffer, buildProgram, drawsInSoftware, texture } from './program.js';
import { FILL_FRAGMENT, FILL_VERTEX, FLAT_FRAGMENT, HAIR_VERTEX, QUAD_VERTEX } from './shaders.js';

/**
 * @typedef {import('../geometry/topology.js').Topology} Topology
 * @typedef {import('../geometry/mesh.js').Mesh} Mesh
 * @typedef {import('../geometry/camera.js').Camera} Camera
 * @typedef {import('../geometry/chunks.js').Box} Box
 * @typedef {import('../geometry/chunks.js').Chunks} Chunks
 * @typedef {import('./program.js').Program} Program
 * @typedef {import('./theme.js').Theme} Theme
 */

const WIDTH = 256;

export class Renderer {
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
    this.fill = buildProgram(gl, FILL_VERTEX, FILL_FRAGMENT);
    this.quad = buildProgram(gl, QUAD_VERTEX, FLAT_FRAGMENT);
    this.hair = buildProgram(gl, HAIR_VERTEX, FLAT_FRAGMENT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  }

  /**
   * @param {Topology} t
   * @param {Mesh} mesh
   * @param {Box} bounds
   */
  setShapes(t, mesh, bounds) {
    const { gl } = this;
    this.t = t;
    this.triangles = trianglesByCell(t, mesh, bounds);
    this.fillArray = this.#fillArray(t, mesh);
    this.lines = linesByCell(t, bounds, () => true);
    const level = (/** @type {string} */ name) => t.levels.find((l) => l.name === name)?.of;
    this.counties = linesByCell(t, bounds, differs(t, level('county')));
    this.hairArray = this.#hairArray(t, this.lines);
    this.countyArray = this.#hairArray(t, this.counties);
    this.states = new Outlines(gl, this.quad, t);
    this.states.set(differs(t, level('state')));
    this.areas = new Outlines(gl, this.quad, t);
    this.parents = new Outlines(gl, this.quad, t);
    this.selection = new Outlines(gl, this.quad, t);
    this.rows = Math.max(1, Math.ceil(t.items / WIDTH));
    this.texels = new Uint16Array(WIDTH * this.rows * 2);
    this.stateTexture = texture(gl);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RG16UI, WIDTH, this.rows, 0, gl.RG_INTEGER, gl.UNSIGNED_SHORT, this.texels);
    this.paletteTexture = texture(gl);
  }

  /** @param {Uint8Array} rgba a color for each of 65,536 areas */
  setPalette(rgba) {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, this.paletteTexture ?? null);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, WIDTH, WIDTH, 0, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
  }

  /**
   * @param {Uint16Array} shown area of each item
   * @param {Uint8Array} flags of each item
   */
  setState(shown, flags) {
    const { gl } = this;
    const texels = /** @type {Uint16Array} */ (this.texels);
    for (let i = 0; i < shown.length; i++) {
      texels[2 * i] = shown[i];
      texels[2 * i + 1] = flags[i];
    }
    gl.bindTexture(gl.TEXTURE_2D, this.stateTexture ?? null);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, WIDTH, this.rows ?? 1, gl.RG_INTEGER, gl.UNSIGNED_SHORT, texels);
  }

  /**
   * Draw what is in view, or only a box of it; the rest of the picture stays.
   * @param {Camera} camera
   * @param {Theme} theme
   * @param {Box | null} region map units
   */
  draw(camera, theme, region) {
    const { gl, canvas } = this;
    const view = this.#clipTo(camera, region);
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!this.t || view[2] < view[0] || view[3] < view[1]) return;
    const scale = camera.k / camera.least;
    this.#drawFills(camera, theme, view);
    this.#drawLines(camera, this.hairArray, this.lines, view, theme.hair, ramp(scale, 3, 14) * 0.42);
    this.#drawLines(camera, this.countyArray, this.counties, view, theme.line, ramp(scale, 1.8, 8) * 0.4);
    this.#drawOutlines(camera, this.states, theme.line, 0.55, scale < 4 ? 0.9 : 1.3);
    this.#drawOutlines(camera, this.areas, theme.outline, 0.85, scale < 4 ? 1.3 : 2);
    this.#drawOutlines(camera, this.parents, theme.outline, 1, scale < 4 ? 2.4 : 3.4);
    this.#drawOutlines(camera, this.selection, theme.accent, 1, 2.2);
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

  /** @param {Camera} camera @param {Theme} theme @param {Box} view */
  #drawFills(camera, theme, view) {
    const { gl, fill } = this;
    this.#use(fill, camera);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.stateTexture ?? null);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.paletteTexture ?? null);
    gl.activeTexture(gl.TEXTURE0);
    gl.uniform1i(fill.uniforms.state, 0);
    gl.uniform1i(fill.uniforms.palette, 1);
    gl.uniform3fv(fill.uniforms.ground, theme.ground);
    gl.uniform3fv(fill.uniforms.accent, theme.accent);
    gl.uniform3fv(fill.uniforms.ink, theme.outline);
    gl.uniform1f(fill.uniforms.dpr, this.canvas.width / camera.w);
    gl.bindVertexArray(this.fillArray ?? null);
    for (const [first, count] of runsIn(/** @type {Chunks} */ (this.triangles), view)) {
      gl.drawElements(gl.TRIANGLES, count, gl.UNSIGNED_INT, first * 4);
    }
  }

  /**
   * @param {Camera} camera
   * @param {WebGLVertexArrayObject | undefined} array
   * @param {Chunks | undefined} chunks
   * @param {Box} view
   * @param {number[]} color
   * @param {number} alpha
   */
  #drawLines(camera, array, chunks, view, color, alpha) {
    if (!array || !chunks || alpha < 0.03) return;
    const { gl, hair } = this;
    this.#use(hair, camera);
    gl.uniform4f(hair.uniforms.color, color[0], color[1], color[2], alpha);
    gl.bindVertexArray(array);
    for (const [first, count] of runsIn(chunks, view)) {
      gl.drawElements(gl.LINES, count, gl.UNSIGNED_INT, first * 4);
    }
  }

  /**
   * @param {Camera} camera
   * @param {Outlines | undefined} outlines
   * @param {number[]} color
   * @param {number} alpha
   * @param {number} width pixels
   */
  #drawOutlines(camera, outlines, color, alpha, width) {
    if (!outlines?.count) return;
    const { gl, quad, canvas } = this;
    this.#use(quad, camera);
    gl.uniform4f(quad.uniforms.color, color[0], color[1], color[2], alpha);
    gl.uniform2f(quad.uniforms.half_size, canvas.width / 2, canvas.height / 2);
    gl.uniform1f(quad.uniforms.width, (width * canvas.width) / camera.w);
    outlines.draw();
  }

  /** @param {Program} program @param {Camera} camera */
  #use(program, camera) {
    const { gl } = this;
    const x = Math.round(camera.x);
    const y = Math.round(camera.y);
    gl.useProgram(program.program);
    gl.uniform2f(program.uniforms.middle, x, y);
    gl.uniform2f(program.uniforms.rest, camera.x - x, camera.y - y);
    gl.uniform2f(program.uniforms.scale, (2 * camera.k) / camera.w, (-2 * camera.k) / camera.h);
  }

  /** @param {Topology} t @param {Mesh} mesh */
  #fillArray(t, mesh) {
    const { gl, fill } = this;
    const raw = new ArrayBuffer(t.rx.length * 12);
    const floats = new Float32Array(raw);
    const words = new Uint32Array(raw);
    for (let i = 0; i < t.rx.length; i++) {
      floats[3 * i] = t.rx[i];
      floats[3 * i + 1] = t.ry[i];
      words[3 * i + 2] = mesh.cornerItem[i];
    }
    const array = gl.createVertexArray();
    gl.bindVertexArray(array);
    buffer(gl, gl.ARRAY_BUFFER, raw);
    const p = fill.attribute('p');
    gl.enableVertexAttribArray(p);
    gl.vertexAttribPointer(p, 2, gl.FLOAT, false, 12, 0);
    const item = fill.attribute('item');
    gl.enableVertexAttribArray(item);
    gl.vertexAttribIPointer(item, 1, gl.UNSIGNED_INT, 12, 8);
    buffer(gl, gl.ELEMENT_ARRAY_BUFFER, /** @type {Chunks} */ (this.triangles).indices);
    gl.bindVertexArray(null);
    return array;
  }

  /** @param {Topology} t @param {Chunks} chunks */
  #hairArray(t, chunks) {
    const { gl, hair } = this;
    const array = gl.createVertexArray();
    gl.bindVertexArray(array);
    this.arcCorners ??= buffer(gl, gl.ARRAY_BUFFER, interleaved(t.x, t.y));
    gl.bindBuffer(gl.ARRAY_BUFFER, this.arcCorners);
    const p = hair.attribute('p');
    gl.enableVertexAttribArray(p);
    gl.vertexAttribPointer(p, 2, gl.FLOAT, false, 0, 0);
    buffer(gl, gl.ELEMENT_ARRAY_BUFFER, chunks.indices);
    gl.bindVertexArray(null);
    return array;
  }
}

/** @param {Topology} t @param {Mesh} mesh @param {Box} bounds */
function trianglesByCell(t, mesh, bounds) {
  return buildChunks(
    t.items,
    (i) => /** @type {Box} */ (/** @type {unknown} */ (mesh.box.subarray(4 * i, 4 * i + 4))),
    (i) => mesh.triangles.subarray(mesh.triangleStart[i], mesh.triangleStart[i + 1]),
    bounds,
  );
}

/** @param {Topology} t @param {Box} bounds @param {(arc: number) => boolean} chosen */
function linesByCell(t, bounds, chosen) {
  const arcs = [];
  for (let a = 0; a < t.own.length; a++) if (chosen(a)) arcs.push(a);
  return buildChunks(arcs.length, (k) => arcBox(t, arcs[k]), (k) => segments(t, arcs[k]), bounds);
}

/** @param {Topology} t @param {number} arc @returns {Box} */
function arcBox(t, arc) {
  /** @type {Box} */
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = t.arcStart[arc]; i < t.arcStart[arc + 1]; i++) {
    box[0] = Math.min(box[0], t.x[i]);
    box[1] = Math.min(box[1], t.y[i]);
    box[2] = Math.max(box[2], t.x[i]);
    box[3] = Math.max(box[3], t.y[i]);
  }
  return box;
}

/** @param {Topology} t @param {number} arc */
function segments(t, arc) {
  const first = t.arcStart[arc];
  const list = new Uint32Array(2 * (t.arcStart[arc + 1] - first - 1));
  for (let k = 0; k < list.length; k++) list[k] = first + ((k + 1) >> 1);
  return list;
}

/**
 * Whether the items beside an arc lie in different parents; never where one is unknown.
 * @param {Topology} t
 * @param {Int32Array | undefined} of
 * @returns {(arc: number) => boolean}
 */
function differs(t, of) {
  if (!of) return () => false;
  return (arc) => t.beyond[arc] >= 0 && of[t.own[arc]] !== of[t.beyond[arc]];
}

/** @param {Float32Array} x @param {Float32Array} y */
function interleaved(x, y) {
  const out = new Float32Array(2 * x.length);
  for (let i = 0; i < x.length; i++) {
    out[2 * i] = x[i];
    out[2 * i + 1] = y[i];
  }
  return out;
}

/** From 0 at one scale to 1 at another. @param {number} v @param {number} from @param {number} to */
function ramp(v, from, to) {
  return Math.max(0, Math.min(1, Math.log(v / from) / Math.log(to / from)));
}
