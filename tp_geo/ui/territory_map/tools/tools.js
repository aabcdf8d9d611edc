// The tools in the order of the toolbar: name, words, key, and whether the plan changes at once.

/** @typedef {{name: string, label: string, key: string, edits: boolean, sized?: boolean}} Tool */

/** @type {Tool[]} */
export const TOOLS = [
  { name: 'select', label: 'Select', key: 'V', edits: false },
  { name: 'paint', label: 'Paint', key: 'P', edits: true },
  { name: 'brush', label: 'Brush', key: 'B', edits: true, sized: true },
  { name: 'rectangle', label: 'Rectangle', key: 'R', edits: false },
  { name: 'polygon', label: 'Polygon', key: 'G', edits: false },
  { name: 'lasso', label: 'Lasso', key: 'L', edits: false },
  { name: 'erase', label: 'Erase', key: 'E', edits: true, sized: true },
  { name: 'split', label: 'Split', key: 'K', edits: true },
];

/** @param {string} name @returns {Tool} */
export function toolNamed(name) {
  return TOOLS.find((tool) => tool.name === name) ?? TOOLS[0];
}
