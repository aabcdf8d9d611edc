// Colors of the page's theme, for canvas and WebGL. Area colors belong to areas alone.

/**
 * @typedef {Object} Theme
 * @property {boolean} dark
 * @property {boolean} darkPage whether what is round the map is dark, also when it looks as on paper
 * @property {number[]} ground what lies behind the map
 * @property {number[]} land neighbors, which nobody plans
 * @property {number[]} coast
 * @property {number[]} unassigned
 * @property {number[]} hair
 * @property {number[]} line county and state borders
 * @property {number[]} outline area borders
 * @property {number[]} accent
 * @property {string} text CSS
 * @property {string} quiet CSS, of names on the ground
 * @property {string} halo CSS
 * @property {string} accentCss
 * @property {string} font CSS
 */

const WATER = rgb('#7f9db5');

const LIGHT = {
  dark: false, land: rgb('#f6f5f2'), coast: rgb('#d3d8dc'), unassigned: rgb('#dce0e5'), hair: [1, 1, 1], line: [0.2, 0.24, 0.3], outline: [0.1, 0.12, 0.16],
  text: '#141a22', quiet: '#46505e', halo: 'rgba(255,255,255,.88)',
};

const DARK = {
  dark: true, land: rgb('#1c2128'), coast: rgb('#2b323b'), unassigned: rgb('#343b45'), hair: [0.05, 0.06, 0.08], line: [0.02, 0.03, 0.05], outline: [0.02, 0.03, 0.05],
  text: '#f4f6f9', quiet: '#b6bfca', halo: 'rgba(10,13,18,.82)',
};

/** @param {Element} element inside the component */
export function themeOf(element) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name, /** @type {string} */ otherwise) =>
    rgb(style.getPropertyValue(name).trim() || otherwise);
  const back = read('--st-background-color', '#ffffff');
  const dark = back[0] + back[1] + back[2] < 1.5;
  const accent = read('--st-primary-color', '#2563eb');
  const text = read('--st-text-color', '#1b2330');
  return /** @type {Theme} */ ({
    ...(dark ? DARK : LIGHT),
    darkPage: dark,
    ground: dark ? mixed(back, [0, 0.02, 0.05], 0.3) : mixed(back, WATER, 0.2),
    accent,
    accentCss: css(accent),
    font: style.fontFamily,
  });
}

/** The same on white paper. @param {Theme} theme @returns {Theme} */
export function printed(theme) {
  return { ...theme, ...LIGHT, ground: [1, 1, 1] };
}

/**
 * @param {Array<number[] | undefined>} colors by place
 * @param {number[]} none what is unassigned or unknown, at place 0 unless that has a color
 * @returns {Uint8Array} 65,536 colors
 */
export function paletteOf(colors, none) {
  const out = new Uint8Array(65536 * 4);
  const put = (/** @type {number} */ place, /** @type {number[]} */ color) => {
    for (let k = 0; k < 3; k++) out[4 * place + k] = Math.round(color[k] * 255);
    out[4 * place + 3] = 255;
  };
  put(0, none);
  colors.forEach((color, place) => color && put(place, color));
  return out;
}

/**
 * @param {string} text a CSS color
 * @returns {number[]} red, green, blue in 0..1
 */
export function rgb(text) {
  const hex = /^#([0-9a-f]{6})/i.exec(text)?.[1]
    ?? /^#([0-9a-f]{3})$/i.exec(text)?.[1].replace(/./g, '$&$&');
  if (hex) return [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255);
  const parts = /^rgba?\(([^)]+)\)/.exec(text)?.[1].split(/[\s,/]+/).map(Number);
  return parts ? parts.slice(0, 3).map((v) => v / 255) : [0.5, 0.5, 0.5];
}

/** @param {number[]} color */
export function css(color) {
  return `rgb(${color.map((v) => Math.round(v * 255)).join(' ')})`;
}

/**
 * An area's color as it is drawn: a little deeper on dark pages, so that it doesn't glare, and
 * near what is unassigned where it ends in an opacity.
 * @param {string} color CSS
 * @param {Theme} theme
 */
export function areaColor(color, theme) {
  return mixed(toned(rgb(color), theme), theme.unassigned, color[7] ? 0.78 : 0);
}

/** @param {number[]} color @param {Pick<Theme, 'dark'>} theme */
export function toned(color, theme) {
  return theme.dark ? color.map((v) => v * 0.74) : color;
}

/** @param {number[]} a @param {number[]} b @param {number} share of the second */
function mixed(a, b, share) {
  return a.map((v, i) => v + (b[i] - v) * share);
}
