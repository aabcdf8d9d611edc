// Everything on the graphics card that belongs to one degree of detail of the shapes.
import { buildChunks, runsIn } from '../geometry/chunks.js';
import { Outlines } from './outlines.js';
import { buffer } from './program.js';

/**
 * @typedef {import('../geometry/topology.js').Topology} Topology
 * @typedef {import('../geometry/mesh.js').Frames} Frames
 * @typedef {import('../geometry/mesh.js').Mesh} Mesh
 * @typedef {import('../geometry/chunks.js').Box} Box
 * @typedef {import('../geometry/chunks.js').Chunks} Chunks
 * @typedef {import('./program.js').Program} Program
 * @typedef {'lines' | 'counties' | 'coast'} Lines
 * @typedef {{fill: Program, quad: Program, hair: Program}} Programs
 */

export class Layers {
  /**
   * @param {WebGL2RenderingContext} gl
   * @param {Programs} programs
   * @param {Topology} t
   * @param {Frames} frames
   * @param {Mesh} mesh
   * @param {Box} bounds
   */
  constructor(gl, programs, t, frames, mesh, bounds) {
    this.gl = gl;
    this.triangles = buildChunks(
      t.items,
      (i) => /** @type {Box} */ (/** @type {unknown} */ (frames.box.subarray(4 * i, 4 * i + 4))),
      (i) => mesh.triangleStart[i + 1] - mesh.triangleStart[i],
      (i, out, at) => out.set(mesh.triangles.subarray(mesh.triangleStart[i], mesh.triangleStart[i + 1]), at),
      bounds,
    );
    this.fillArray = fillArray(gl, programs.fill, t, mesh, this.triangles);
    const boxes = arcBoxes(t);
    const level = (/** @type {string} */ name) => t.levels.find((l) => l.name === name)?.of;
    this.corners = buffer(gl, gl.ARRAY_BUFFER, interleaved(t.x, t.y));
    this.lines = linesByCell(t, boxes, bounds, () => true);
    this.lineArray = this.#lineArray(programs.hair, this.lines);
    this.counties = linesByCell(t, boxes, bounds, differs(t, level('county')));
    this.countyArray = this.#lineArray(programs.hair, this.counties);
    this.coast = linesByCell(t, boxes, bounds, (a) => t.beyond[a] < 0);
    this.coastArray = this.#lineArray(programs.hair, this.coast);
    const arcs = buildChunks(t.own.length, (a) => boxOf(boxes, a), () => 1,
      (a, out, at) => { out[at] = a; }, bounds);
    const outlines = () => new Outlines(gl, programs.quad, t, arcs);
    this.states = outlines();
    this.states.set(differs(t, level('state')));
    this.areas = outlines();
    this.parents = outlines();
    this.selection = outlines();
    /** What the outlines show is out of date. */
    this.stale = { areas: true, selection: true };
  }

  /** @param {Box} view */
  drawFills(view) {
    const { gl } = this;
    gl.bindVertexArray(this.fillArray);
    for (const [first, count] of runsIn(this.triangles, view)) {
      gl.drawElements(gl.TRIANGLES, count, gl.UNSIGNED_INT, first * 4);
    }
  }

  /** @param {Lines} which @param {Box} view */
  drawLines(which, view) {
    const { gl } = this;
    gl.bindVertexArray({ lines: this.lineArray, counties: this.countyArray, coast: this.coastArray }[which]);
    for (const [first, count] of runsIn(this[which], view)) {
      gl.drawElements(gl.LINES, count, gl.UNSIGNED_INT, first * 4);
    }
  }

  /** @param {Program} program @param {Chunks} chunks */
  #lineArray(program, chunks) {
    const { gl } = this;
    const array = gl.createVertexArray();
    gl.bindVertexArray(array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.corners);
    const p = program.attribute('p');
    gl.enableVertexAttribArray(p);
    gl.vertexAttribPointer(p, 2, gl.FLOAT, false, 0, 0);
    buffer(gl, gl.ELEMENT_ARRAY_BUFFER, chunks.indices);
    gl.bindVertexArray(null);
    return array;
  }
}

/**
 * @param {WebGL2RenderingContext} gl
 * @param {Program} program
 * @param {Topology} t
 * @param {Mesh} mesh
 * @param {Chunks} triangles
 */
function fillArray(gl, program, t, mesh, triangles) {
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
  const p = program.attribute('p');
  gl.enableVertexAttribArray(p);
  gl.vertexAttribPointer(p, 2, gl.FLOAT, false, 12, 0);
  const item = program.attribute('item');
  gl.enableVertexAttribArray(item);
  gl.vertexAttribIPointer(item, 1, gl.UNSIGNED_INT, 12, 8);
  buffer(gl, gl.ELEMENT_ARRAY_BUFFER, triangles.indices);
  gl.bindVertexArray(null);
  return array;
}

/**
 * @param {Topology} t
 * @param {Float32Array} boxes of arcs
 * @param {Box} bounds
 * @param {(arc: number) => boolean} chosen
 */
function linesByCell(t, boxes, bounds, chosen) {
  /** @type {number[]} */
  const arcs = [];
  for (let a = 0; a < t.own.length; a++) if (chosen(a)) arcs.push(a);
  return buildChunks(
    arcs.length,
    (k) => boxOf(boxes, arcs[k]),
    (k) => 2 * (t.arcStart[arcs[k] + 1] - t.arcStart[arcs[k]] - 1),
    (k, out, at) => {
      const last = t.arcStart[arcs[k] + 1] - 1;
      for (let i = t.arcStart[arcs[k]]; i < last; i++) {
        out[at++] = i;
        out[at++] = i + 1;
      }
    },
    bounds,
  );
}

/** @param {Topology} t */
function arcBoxes(t) {
  const boxes = new Float32Array(4 * t.own.length);
  for (let a = 0; a < t.own.length; a++) {
    let x0 = Infinity;
    let y0 = Infinity;
    let x1 = -Infinity;
    let y1 = -Infinity;
    for (let i = t.arcStart[a]; i < t.arcStart[a + 1]; i++) {
      x0 = Math.min(x0, t.x[i]);
      y0 = Math.min(y0, t.y[i]);
      x1 = Math.max(x1, t.x[i]);
      y1 = Math.max(y1, t.y[i]);
    }
    boxes.set([x0, y0, x1, y1], 4 * a);
  }
  return boxes;
}

/** @param {Float32Array} boxes @param {number} i @returns {Box} */
function boxOf(boxes, i) {
  return [boxes[4 * i], boxes[4 * i + 1], boxes[4 * i + 2], boxes[4 * i + 3]];
}

/**
 * Whether the items beside an arc lie in different parents.
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
