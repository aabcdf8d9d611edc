// Selections that no pointer draws: a ring more or less, an edge, the rest, an area.
import { edgeOf, ringAround } from './rings.js';

/** @typedef {import('../app.js').App} App */

/** @param {App} app */
export function grow(app) {
  const { topology, editor, scope } = app;
  editor.select(scope.take(ringAround(topology, editor.selection)), 'add');
}

/** @param {App} app */
export function shrink(app) {
  const { topology, editor } = app;
  const { selection } = editor;
  editor.select(edgeOf(topology, selection, (i) => selection.has(i)), 'remove');
}

/** All that is not selected, in the focus and within the limits. @param {App} app */
export function invert(app) {
  const { topology, editor, scope } = app;
  const may = scope.filter();
  const rest = [];
  for (let i = 0; i < topology.items; i++) if (!editor.selection.has(i) && may(i)) rest.push(i);
  editor.select(rest);
}

/** All of an area; 0 is what is unassigned. @param {App} app @param {number} id @param {import('../editor.js').How} [how] */
export function selectArea(app, id, how = 'set') {
  app.editor.select(itemsOf(app, id), how);
}

/** Units of an area beside another one. @param {App} app @param {number} id */
export function selectEdge(app, id) {
  const inside = insideOf(app, id);
  const { current } = app.plan;
  app.editor.select(edgeOf(app.topology, itemsOf(app, id), (i) => inside[current[i]] === 1));
}

/** @param {App} app @param {number} id */
function itemsOf(app, id) {
  const inside = insideOf(app, id);
  /** @type {number[]} */
  const found = [];
  app.plan.current.forEach((leaf, i) => { if (inside[leaf]) found.push(i); });
  return found;
}

/** By area, whether it is one or lies below it. @param {App} app @param {number} id */
function insideOf(app, id) {
  return app.plan.tree.inFocus({ areas: id ? [id] : [], level: 0, unassigned: id === 0 });
}
