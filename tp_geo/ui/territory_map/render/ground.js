// The land round the items, under everything: neighbors, and what the dataset leaves out.
import earcut from '../vendor/earcut.js';
import { buffer } from './program.js';

/** Sides longer than this that run along the sheet are where the land was cut, not coasts. */
const CUT = 400;

export class Ground {
  /**
   * @param {WebGL2RenderingContext} gl
   * @param {import('./program.js').Program} program with a point `p`
   * @param {import('../geometry/topology.js').Ground} ground
   */
  constructor(gl, program, ground) {
    const { triangles, lines } = meshOf(ground);
    this.gl = gl;
    this.triangles = triangles.length;
    this.lines = lines.length;
    this.array = gl.createVertexArray();
    gl.bindVertexArray(this.array);
    buffer(gl, gl.ARRAY_BUFFER, Float32Array.from({ length: 2 * ground.x.length }, (_, i) => (i % 2 ? ground.y : ground.x)[i >> 1]));
    const p = program.attribute('p');
    gl.enableVertexAttribArray(p);
    gl.vertexAttribPointer(p, 2, gl.FLOAT, false, 0, 0);
    buffer(gl, gl.ELEMENT_ARRAY_BUFFER, Uint32Array.from([...triangles, ...lines]));
    gl.bindVertexArray(null);
  }

  /** @param {WebGLUniformLocation} color @param {import('./theme.js').Theme} theme */
  draw(color, { land, coast }) {
    const { gl } = this;
    if (!this.triangles) return;
    this.fill(color, land, 1);
    gl.uniform4f(color, coast[0], coast[1], coast[2], 1);
    gl.drawElements(gl.LINES, this.lines, gl.UNSIGNED_INT, 4 * this.triangles);
  }

  /** The land alone. @param {WebGLUniformLocation} color @param {number[]} rgb @param {number} alpha */
  fill(color, [r, g, b], alpha) {
    const { gl } = this;
    gl.bindVertexArray(this.array);
    gl.uniform4f(color, r, g, b, alpha);
    gl.drawElements(gl.TRIANGLES, this.triangles, gl.UNSIGNED_INT, 0);
  }
}

/**
 * Triangles, and the sides that are coasts or borders.
 * @param {import('../geometry/topology.js').Ground} ground
 */
export function meshOf({ x, y, start, hole }) {
  /** @type {number[]} */
  const triangles = [];
  /** @type {number[]} */
  const lines = [];
  for (let ring = 0, end; ring < hole.length; ring = end) {
    end = ring + 1;
    while (end < hole.length && hole[end]) end++;
    const [from, to] = [start[ring], start[end]];
    const flat = Array.from({ length: 2 * (to - from) }, (_, i) => (i % 2 ? y : x)[from + (i >> 1)]);
    const holes = Array.from(start.subarray(ring + 1, end), (at) => at - from);
    for (const corner of earcut(flat, holes)) triangles.push(from + corner);
    for (let r = ring; r < end; r++) {
      for (let i = start[r], j = start[r + 1] - 1; i < start[r + 1]; j = i++) if (!cut(x[i] - x[j], y[i] - y[j])) lines.push(j, i);
    }
  }
  return { triangles, lines };
}

/** @param {number} dx @param {number} dy */
function cut(dx, dy) {
  return (!dx && Math.abs(dy) > CUT) || (!dy && Math.abs(dx) > CUT);
}
