// Colors for classes, in order of lightness, so that color-blind readers tell them apart too.
import { rgb } from './theme.js';

/**
 * @typedef {{name: string, label: string, light: string[], dark: string[]}} Ramp
 */

/** From little to much; on dark pages much is bright. @type {Ramp[]} */
export const SEQUENTIAL = [
  ramp('lake', 'Yellow to blue', ['#fbf3c4', '#a9d8ae', '#46a3b5', '#2b5f9f', '#20295f']),
  ramp('dusk', 'Yellow to purple', ['#fdefbb', '#f8b872', '#e06b60', '#a33474', '#4c1b66']),
  ramp('blues', 'Blues', ['#e4eef8', '#a3c9e8', '#5597cf', '#2463aa', '#0e2f63']),
  ramp('greys', 'Greys', ['#eeeeec', '#bdbdba', '#8a8a88', '#575756', '#262627']),
];

/** From below to above, through a middle that is neither. @type {Ramp[]} */
export const DIVERGING = [
  {
    name: 'tide', label: 'Blue to orange',
    light: ['#1d5da5', '#86b5de', '#f3f1ea', '#f3b57c', '#b24f0d'],
    dark: ['#8cc0f7', '#3f72a8', '#454b53', '#ab682f', '#ffb570'],
  },
  {
    name: 'heath', label: 'Purple to green',
    light: ['#5b2b80', '#b497cf', '#f3f1f1', '#93c592', '#1d6a37'],
    dark: ['#c9a3ec', '#76559a', '#474b50', '#4c8a58', '#9adf9f'],
  },
];

/** For kinds without an order: light enough to write on. */
const KINDS = ['#77aadd', '#ee8866', '#44bb99', '#eedd88', '#aa7ab5', '#c49a6c', '#ffaabb', '#5fa3a8', '#c3cc5a', '#8c9bd1'];

/**
 * @param {string} name
 * @param {Ramp[]} of
 * @returns {Ramp} the first where the name is unknown
 */
export function rampOf(name, of) {
  return of.find((r) => r.name === name) ?? of[0];
}

/**
 * @param {Ramp} of
 * @param {number} count
 * @param {boolean} dark
 * @returns {number[][]} red, green, blue in 0..1
 */
export function stepsOf(of, count, dark) {
  const anchors = (dark ? of.dark : of.light).map((color) => toLab(rgb(color)));
  return Array.from({ length: count }, (_, i) => {
    const at = count > 1 ? (i / (count - 1)) * (anchors.length - 1) : (anchors.length - 1) / 2;
    const below = Math.min(anchors.length - 2, Math.floor(at));
    const [a, b] = [anchors[below], anchors[below + 1]];
    return fromLab(a.map((v, k) => v + (b[k] - v) * (at - below)));
  });
}

/** The color of the i-th kind; later rounds are deeper. @param {number} i @returns {number[]} */
export function kindColor(i) {
  const deeper = 0.86 ** Math.floor(i / KINDS.length);
  return rgb(KINDS[i % KINDS.length]).map((v) => v * deeper);
}

/** @param {string} name @param {string} label @param {string[]} light @returns {Ramp} */
function ramp(name, label, light) {
  return { name, label, light, dark: [...light].reverse() };
}

/**
 * Equal steps look equal in Oklab.
 *
 * Source: Ottosson, A perceptual color space for image processing, 2020.
 * @param {number[]} color
 */
export function toLab(color) {
  const [r, g, b] = color.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** @param {number[]} lab */
function fromLab([lightness, a, b]) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((v) => Math.max(0, Math.min(1, v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055)));
}
