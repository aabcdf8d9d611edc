// The keyboard: every command has a key; typing in a field is left alone.
import { commandOf, possible } from './commands.js';

/** @typedef {import('../app.js').App} App */

/** Shift and an arrow move the map so far, in pixels. */
const ARROW_PX = 60;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {App} app */
export function bindKeys(app) {
  app.root.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => {
    if (/^Tab|^Arrow/.test(e.key)) app.root.classList.remove('pointed');
    if (isTyping(e) || !handle(app, e)) return;
    e.preventDefault();
    e.stopPropagation();
  });
  app.root.addEventListener('keyup', (/** @type {KeyboardEvent} */ e) => {
    if (e.key !== ' ') return;
    if (app.pointer.space) app.cursor.press();
    app.pointer.space = false;
  });
  app.root.addEventListener('focusout', () => { app.pointer.space = false; });
}

/** @param {App} app @param {KeyboardEvent} e @returns {boolean} whether it meant something */
function handle(app, e) {
  if (!app.ready) return false;
  const onMap = e.target === app.root;
  if (onMap && special(app, e)) return true;
  if (/^[1-9]$/.test(e.key) && !e.ctrlKey && !e.metaKey && !e.altKey) return number(app, Number(e.key));
  const command = commandOf(e);
  if (!command || (e.key === 'Enter' && !onMap)) return false;
  if (e.key === 'Escape' && app.help.hide()) return true;
  if (!possible(app, command)) return e.key === 'Escape' && app.compare.end();
  command.run(app);
  return true;
}

/** Keys that mean something while the map itself has the focus. @param {App} app @param {KeyboardEvent} e */
function special(app, e) {
  const { pointer } = app;
  switch (e.key) {
    case ' ':
      pointer.space = true;
      return true;
    case 'Enter': return pointer.polygon.close();
    case 'Backspace': return pointer.polygon.back();
    case 'Escape': return pointer.abandon();
    default: return !e.altKey && arrow(app, e);
  }
}

/** From container to container, or with Shift the map. @param {App} app @param {KeyboardEvent} e */
function arrow(app, e) {
  const step = ARROWS[/** @type {keyof typeof ARROWS} */ (e.key)];
  if (!step) return false;
  if (e.shiftKey) app.viewport.pan(-step[0] * ARROW_PX, -step[1] * ARROW_PX);
  else app.cursor.step(step[0], step[1]);
  return true;
}

/** @param {App} app @param {number} n */
function number(app, n) {
  const id = app.legend.order[n - 1];
  if (id === undefined) return false;
  app.setActive(id);
  app.legend.reveal(id);
  return true;
}

/** @param {KeyboardEvent} e */
function isTyping(e) {
  const at = /** @type {HTMLElement} */ (e.composedPath()[0]);
  if (at.tagName === 'SELECT') return true;
  return at.tagName === 'INPUT' && !['range', 'checkbox', 'radio'].includes(/** @type {HTMLInputElement} */ (at).type);
}
