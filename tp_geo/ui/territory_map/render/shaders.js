// GLSL: fills by texture look-up, outlines as quads, hairlines.

const TO_CLIP = `
uniform vec2 middle, rest, scale;
vec4 clip(vec2 p) { return vec4(((p - middle) - rest) * scale, 0., 1.); }`;

/** Bits of an item's state. */
export const SELECTED = 1;
export const MIXED = 2;
export const HELD = 4;
export const LOCKED = 8;
export const DIMMED = 16;
export const UNKNOWN = 32;
export const SAME = 64;
export const MOVED = 128;

export const FILL_VERTEX = `#version 300 es
precision highp float; precision highp int; precision highp usampler2D;
in vec2 p; in uint item;
uniform usampler2D state; uniform sampler2D palette;
uniform vec3 ground, accent, still;
flat out vec3 color, from; flat out uint flags;
${TO_CLIP}
vec3 painted(uint area) {
  vec3 c = texelFetch(palette, ivec2(int(area) & 255, int(area) >> 8), 0).rgb;
  if ((flags & ${SAME}u) != 0u) c = mix(c, still, .8);
  if ((flags & ${DIMMED}u) != 0u) c = mix(c, ground, .78);
  if ((flags & ${SELECTED}u) != 0u) c = mix(c, accent, .5);
  return c;
}
void main() {
  gl_Position = clip(p);
  uvec4 s = texelFetch(state, ivec2(int(item) & 255, int(item) >> 8), 0);
  flags = s.g;
  color = painted(s.r);
  from = painted(s.b);
}`;

export const FILL_FRAGMENT = `#version 300 es
precision highp float; precision highp int;
flat in vec3 color, from; flat in uint flags;
uniform vec3 ink; uniform float dpr;
out vec4 o;
float stripe(float at, float every, float width) {
  return step(mod(at, every * dpr), width * dpr);
}
void main() {
  vec3 c = color;
  if ((flags & ${MIXED | HELD | LOCKED | UNKNOWN | MOVED}u) != 0u) {
    float faint = (flags & ${DIMMED}u) != 0u ? .3 : 1.;
    float up = gl_FragCoord.x + gl_FragCoord.y, down = gl_FragCoord.x - gl_FragCoord.y;
    if ((flags & ${MOVED}u) != 0u) c = mix(c, from, stripe(up, 11., 4.));
    if ((flags & ${LOCKED | HELD}u) != 0u) c = mix(c, ink, faint * .38 * stripe(up, 9., 1.5));
    if ((flags & ${HELD}u) != 0u) c = mix(c, ink, faint * .3 * stripe(up + 4.5 * dpr, 9., 1.5));
    if ((flags & ${MIXED}u) != 0u) {
      c = mix(c, ink, faint * .45 * max(stripe(up, 7., 1.5), stripe(down, 7., 1.5)));
    }
    if ((flags & ${UNKNOWN}u) != 0u) c = mix(c, ink, faint * .22 * stripe(down, 6., 1.));
  }
  o = vec4(c, 1.);
}`;

export const QUAD_VERTEX = `#version 300 es
precision highp float;
in vec2 a, b; in vec2 side;
uniform vec2 half_size; uniform mediump float width;
out float off;
${TO_CLIP}
void main() {
  vec2 A = clip(a).xy, B = clip(b).xy, d = (B - A) * half_size;
  float l = length(d), wide = width + 1.5;
  vec2 along = l > 0. ? d / l : vec2(1., 0.), across = vec2(-along.y, along.x);
  vec2 out_by = across * side.y * wide + along * (side.x * 2. - 1.) * .35 * width;
  off = side.y * wide;
  gl_Position = vec4(mix(A, B, side.x) + out_by / half_size, 0., 1.);
}`;

/** Soft at the edges, so that lines are smooth without multisampling. */
export const QUAD_FRAGMENT = `#version 300 es
precision mediump float;
uniform vec4 color; uniform float width; in float off; out vec4 o;
void main() {
  float a = color.a * clamp(.5 * width + .5 - abs(off), 0., 1.);
  o = vec4(color.rgb * a, a);
}`;

export const HAIR_VERTEX = `#version 300 es
precision highp float;
in vec2 p;
${TO_CLIP}
void main() { gl_Position = clip(p); }`;

export const FLAT_FRAGMENT = `#version 300 es
precision mediump float;
uniform vec4 color; out vec4 o;
void main() { o = vec4(color.rgb * color.a, color.a); }`;
