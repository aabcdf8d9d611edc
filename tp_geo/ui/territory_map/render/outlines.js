// Borders worth more than a hairline, as quads: one buffer a kind, made anew when it changes.
import { runsIn } from '../geometry/chunks.js';
import { buffer } from './program.js';

/**
 * @typedef {import('../geometry/topology.js').Topology} Topology
 * @typedef {import('./program.js').Program} Program
 * @typedef {import('../geometry/chunks.js').Chunks} Chunks
 * @typedef {import('../geometry/chunks.js').Box} Box
 */

const FLOATS = 6;
const CORNERS = [[0, -0.5], [1, -0.5], [0, 0.5], [1, 0.5]];

/** Index buffers are the same for all kinds: six corners for each four. */
class QuadIndices {
  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    this.quads = 0;
    this.buffer = gl.createBuffer();
  }

  /** @param {number} quads */
  reserve(quads) {
    if (quads <= this.quads) return;
    this.quads = quads * 2;
    const list = new Uint32Array(this.quads * 6);
    for (let q = 0; q < this.quads; q++) {
      const c = 4 * q;
      list.set([c, c + 1, c + 2, c + 2, c + 1, c + 3], 6 * q);
    }
    this.gl.bindVertexArray(null);
    this.gl.bindBuffer(this.gl.ELEMENT_ARRAY_BUFFER, this.buffer);
    this.gl.bufferData(this.gl.ELEMENT_ARRAY_BUFFER, list, this.gl.STATIC_DRAW);
  }
}

/** @type {WeakMap<WebGL2RenderingContext, QuadIndices>} */
const shared = new WeakMap();

export class Outlines {
  /**
   * @param {WebGL2RenderingContext} gl
   * @param {Program} program
   * @param {Topology} t
   * @param {Chunks} arcs all arcs by cell
   */
  constructor(gl, program, t, arcs) {
    this.gl = gl;
    this.t = t;
    this.arcs = arcs;
    this.start = new Uint32Array(arcs.start.length);
    this.count = 0;
    this.indices = shared.get(gl) ?? new QuadIndices(gl);
    shared.set(gl, this.indices);
    this.array = gl.createVertexArray();
    gl.bindVertexArray(this.array);
    this.corners = buffer(gl, gl.ARRAY_BUFFER, new Float32Array(FLOATS * 4), gl.DYNAMIC_DRAW);
    for (const [name, offset] of /** @type {Array<[string, number]>} */ ([['a', 0], ['b', 8], ['side', 16]])) {
      const at = program.attribute(name);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, 2, gl.FLOAT, false, FLOATS * 4, offset);
    }
    gl.bindVertexArray(null);
  }

  /** @param {(arc: number) => boolean} chosen which arcs to draw */
  set(chosen) {
    const { gl, t, arcs } = this;
    const list = [];
    let segments = 0;
    for (let cell = 0; cell < arcs.start.length - 1; cell++) {
      for (let k = arcs.start[cell]; k < arcs.start[cell + 1]; k++) {
        const a = arcs.indices[k];
        if (!chosen(a)) continue;
        list.push(a);
        segments += t.arcStart[a + 1] - t.arcStart[a] - 1;
      }
      this.start[cell + 1] = segments;
    }
    this.count = segments;
    this.indices.reserve(segments);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.corners);
    gl.bufferData(gl.ARRAY_BUFFER, quads(t, list, segments), gl.DYNAMIC_DRAW);
  }

  /** @param {Box} view */
  draw(view) {
    if (!this.count) return;
    const { gl } = this;
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.indices.buffer);
    for (const [first, count] of runsIn({ start: this.start, box: this.arcs.box }, view)) {
      gl.drawElements(gl.TRIANGLES, 6 * count, gl.UNSIGNED_INT, 24 * first);
    }
    gl.bindVertexArray(null);
  }
}

/**
 * Four corners for each piece of each arc.
 * @param {Topology} t
 * @param {number[]} arcs
 * @param {number} segments
 */
function quads({ x, y, arcStart }, arcs, segments) {
  const data = new Float32Array(segments * 4 * FLOATS);
  let at = 0;
  for (const a of arcs) {
    for (let i = arcStart[a]; i < arcStart[a + 1] - 1; i++) {
      for (const [end, side] of CORNERS) {
        data[at] = x[i];
        data[at + 1] = y[i];
        data[at + 2] = x[i + 1];
        data[at + 3] = y[i + 1];
        data[at + 4] = end;
        data[at + 5] = side;
        at += FLOATS;
      }
    }
  }
  return data;
}
