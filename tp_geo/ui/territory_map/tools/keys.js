// The keyboard: every tool and action has a key; typing in a field is left alone.
import { TOOLS } from '../view/toolbar.js';

/** @typedef {import('../app.js').App} App */

/** @param {App} app */
export function bindKeys(app) {
  app.root.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => {
    if (isTyping(e)) return;
    if (handle(app, e)) {
      e.preventDefault();
      e.stopPropagation();
    }
  });
  app.root.addEventListener('keyup', (/** @type {KeyboardEvent} */ e) => {
    if (e.key === ' ') app.pointer.space = false;
  });
}

/** @param {App} app @param {KeyboardEvent} e @returns {boolean} whether it meant something */
function handle(app, e) {
  if (!app.ready) return false;
  if (e.ctrlKey || e.metaKey) return history(app, e);
  if (e.altKey) return false;
  const tool = TOOLS.find((t) => t.key === e.key.toLowerCase());
  if (tool) return done(app.setTool(tool.name));
  if (/^[1-9]$/.test(e.key)) return number(app, Number(e.key));
  switch (e.key) {
    case 'Enter':
      if (e.target !== app.root || !app.editor.selection.size) return false;
      return done(app.editor.assignSelection());
    case 'Escape': return escape(app);
    case '0': return done(app.viewport.fit());
    case '+': case '=': return done(app.viewport.zoomBy(1.5));
    case '-': return done(app.viewport.zoomBy(1 / 1.5));
    case '[': return done(app.setBrush(app.brush - 4));
    case ']': return done(app.setBrush(app.brush + 4));
    case '?': return done(app.help.toggle());
    case ' ': return space(app, e);
    default: return arrow(app, e);
  }
}

/** @param {App} app @param {KeyboardEvent} e */
function history(app, e) {
  const key = e.key.toLowerCase();
  if (key === 'z') return done(app.editor.back(e.shiftKey ? 'redo' : 'undo'));
  if (key === 'y') return done(app.editor.back('redo'));
  return false;
}

/** @param {App} app @param {number} n */
function number(app, n) {
  const id = app.legend.order[n - 1];
  if (id === undefined) return false;
  app.setActive(id);
  app.legend.reveal(id);
  return true;
}

/** @param {App} app */
function escape(app) {
  if (!app.help.element.hidden) return done(app.help.toggle(false));
  if (app.pointer.abandon()) return true;
  return done(app.editor.select([]));
}

/** @param {App} app @param {KeyboardEvent} e */
function space(app, e) {
  if (e.target !== app.root) return false;
  app.pointer.space = true;
  return true;
}

/** @param {App} app @param {KeyboardEvent} e */
function arrow(app, e) {
  const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[e.key];
  if (!step || e.target !== app.root) return false;
  return done(app.viewport.pan(step[0], step[1]));
}

/** @param {KeyboardEvent} e */
function isTyping(e) {
  const at = /** @type {HTMLElement} */ (e.composedPath()[0]);
  if (at.tagName === 'SELECT') return true;
  return at.tagName === 'INPUT' && /** @type {HTMLInputElement} */ (at).type !== 'range';
}

/** @param {unknown} _ */
function done(_) {
  return true;
}
