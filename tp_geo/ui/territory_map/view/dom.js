// Elements made by hand: text only ever goes in as text.

/**
 * @param {string} tag
 * @param {Record<string, any>} [attributes] `on…` are listeners, `class`, `text` and data as they are
 * @param {...(Node | string | null)} children
 * @returns {any}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'text') element.textContent = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/**
 * Write text only where it differs, so that unchanged rows cost nothing.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const SVG = 'http://www.w3.org/2000/svg';

/** Line drawings on a 20 x 20 grid. */
const ICONS = {
  select: ['M4 3l12 6.5-5.2 1.4L8.2 16 4 3z'],
  paint: ['M10 3c3 3.8 4.6 6.2 4.6 8.3a4.6 4.6 0 0 1-9.2 0C5.4 9.2 7 6.8 10 3z'],
  brush: ['M16.5 3.5 9 11', 'M9 11a3 3 0 0 0-3 2.6c-.1 1.6-1 2.4-2.5 2.9 3.6 1 7.3 0 7.8-3.2A2.6 2.6 0 0 0 9 11z'],
  rectangle: ['M3.5 6V4.5a1 1 0 0 1 1-1H6', 'M9 3.5h2', 'M14 3.5h1.5a1 1 0 0 1 1 1V6', 'M16.5 9v2', 'M16.5 14v1.5a1 1 0 0 1-1 1H14', 'M11 16.5H9', 'M6 16.5H4.5a1 1 0 0 1-1-1V14', 'M3.5 11V9'],
  polygon: ['M10 4l6 4.5-2.3 7H6.3L4 8.5 10 4z', 'M10 4h.01', 'M16 8.5h.01', 'M13.7 15.5h.01', 'M6.3 15.5h.01', 'M4 8.5h.01'],
  lasso: ['M7 13.2C4.6 12.6 3 11 3 9c0-3 3.2-5 7-5s7 2 7 5-3.2 5-7 5c-.9 0-1.7-.1-2.5-.3', 'M7 12a1.7 1.7 0 1 0 0 3.4A1.7 1.7 0 0 0 7 12z', 'M7 15.4c.2 1-.3 1.9-1.5 2.3'],
  erase: ['M8.5 16.5h8', 'M4 12.5l7.5-7.5a1.4 1.4 0 0 1 2 0l2.5 2.5a1.4 1.4 0 0 1 0 2L9 16.5H6.5L4 14.4a1.3 1.3 0 0 1 0-1.9z', 'M8 8.5l4.5 4.5'],
  split: ['M3.5 3.5h13v13h-13z', 'M12.5 1.5 9 8l2.5 4-3.5 6.5'],
  undo: ['M4 8h8a4.5 4.5 0 0 1 0 9H8', 'M7.5 4.5 4 8l3.5 3.5'],
  redo: ['M16 8H8a4.5 4.5 0 0 0 0 9h4', 'M12.5 4.5 16 8l-3.5 3.5'],
  inside: ['M3.5 3.5h13v13h-13z', 'M10 7.5v5', 'M7.5 10h5'],
  grow: ['M10 7.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8z', 'M10 4.6V2.5', 'M10 17.5v-2.1', 'M4.6 10H2.5', 'M17.5 10h-2.1'],
  shrink: ['M10 7.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8z', 'M8.6 3.2 10 4.6l1.4-1.4', 'M8.6 16.8l1.4-1.4 1.4 1.4', 'M3.2 8.6 4.6 10l-1.4 1.4', 'M16.8 8.6 15.4 10l1.4 1.4'],
  invert: ['M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z', 'M10 3.5v13', 'M10 6.5l4 2', 'M10 10h6', 'M10 13.5l4-2'],
  fit: ['M3.5 7.5v-4h4', 'M12.5 3.5h4v4', 'M16.5 12.5v4h-4', 'M7.5 16.5h-4v-4'],
  plus: ['M10 4.5v11', 'M4.5 10h11'],
  minus: ['M4.5 10h11'],
  lock: ['M5.5 9h9v7.5h-9z', 'M7.2 9V6.5a2.8 2.8 0 0 1 5.6 0V9'],
  unlock: ['M5.5 9h9v7.5h-9z', 'M7.2 9V6.5a2.8 2.8 0 0 1 5.4-1'],
  more: ['M5 10h.01', 'M10 10h.01', 'M15 10h.01'],
  search: ['M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4z', 'M12.7 12.7l3.8 3.8'],
  help: ['M7.5 7.5a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.1.9-1.1 1.7', 'M10 14.5v.1'],
  sliders: ['M3.5 6.5h7', 'M14.5 6.5h2', 'M12.5 4.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4z', 'M3.5 13.5h2', 'M9.5 13.5h7', 'M7.5 11.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4z'],
  layers: ['M10 3.5 17 7l-7 3.5L3 7z', 'M3.5 10.2 10 13.5l6.5-3.3', 'M3.5 13.2 10 16.5l6.5-3.3'],
  expand: ['M11.5 3.5h5v5', 'M16.2 3.8 11.5 8.5', 'M8.5 16.5h-5v-5', 'M3.8 16.2l4.7-4.7'],
  contract: ['M16.5 8.5h-5v-5', 'M11.8 8.2l4.7-4.7', 'M3.5 11.5h5v5', 'M8.2 11.8l-4.7 4.7'],
  columns: ['M3.5 4.5h13v11h-13z', 'M8 4.5v11', 'M12.3 4.5v11'],
  chevron: ['M8 6l4 4-4 4'],
  warning: ['M10 3.5l7 12.5H3l7-12.5z', 'M10 8.5v3.5', 'M10 14v.1'],
};

/** @param {keyof typeof ICONS} name @returns {SVGElement} */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  for (const d of ICONS[name]) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}
