// Everything that can be asked for, once: keys, the card of keys and the field *Find* all read this list.
import { selectArea, selectEdge, grow, invert, shrink } from './selecting.js';
import { TOOLS } from './tools.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {Object} Command
 * @property {string} group
 * @property {string} label
 * @property {string[]} keys as people write them; the first one is shown
 * @property {(app: App) => unknown} run
 * @property {(app: App) => boolean} [can] always, where it is left out
 * @property {boolean} [edits] changes the plan
 */

const BRUSH_STEP = 4;
const ZOOM = 1.5;

/** @param {App} app */
const some = (app) => app.editor.selection.size > 0;
/** @param {App} app */
const chosen = (app) => app.active !== null;
/** @param {App} app */
const comparable = (app) => app.compare.possible;
/** @param {string} kind @returns {(app: App) => boolean} */
const undoable = (kind) => (app) => Boolean(app.data?.[kind]?.can);

/** @type {Command[]} */
export const COMMANDS = [
  ...TOOLS.map((tool) => ({
    group: 'Tools', label: tool.label, keys: [tool.key], edits: tool.edits,
    run: (/** @type {App} */ app) => app.setTool(tool.name),
  })),
  { group: 'Tools', label: 'Smaller brush', keys: ['['], run: (app) => app.setBrush(app.brush - BRUSH_STEP) },
  { group: 'Tools', label: 'Larger brush', keys: [']'], run: (app) => app.setBrush(app.brush + BRUSH_STEP) },

  { group: 'What tools take', label: 'Whole counties or states', keys: ['C'],
    can: (app) => app.scope.grains.length > 1, run: (app) => app.scope.cycle() },
  { group: 'What tools take', label: 'Only unassigned', keys: ['U'],
    run: ({ scope }) => scope.set({ from: scope.from === 0 ? null : 0 }) },
  { group: 'What tools take', label: 'Only from the chosen area', keys: ['F'], can: (app) => Boolean(app.active) || app.scope.from !== null,
    run: ({ scope, active }) => scope.set({ from: scope.from || !active ? null : active }) },
  { group: 'What tools take', label: 'Only inside the area above', keys: ['I'],
    run: ({ scope }) => scope.set({ inside: !scope.inside }) },

  { group: 'Selection', label: 'Assign the selection', keys: ['Enter'], edits: true, can: some, run: (app) => app.editor.assignSelection() },
  { group: 'Selection', label: 'Hold or release the selection', keys: ['H'], edits: true, can: some, run: (app) => app.editor.holdSelection() },
  { group: 'Selection', label: 'Clear the selection', keys: ['Esc'], can: some, run: (app) => app.editor.select([]) },
  { group: 'Selection', label: 'One ring more', keys: ['.'], can: some, run: grow },
  { group: 'Selection', label: 'One ring less', keys: [','], can: some, run: shrink },
  { group: 'Selection', label: 'Invert the selection', keys: ['X'], run: invert },
  { group: 'Selection', label: 'Select all of the chosen area', keys: ['A'], can: chosen, run: (app) => selectArea(app, app.active ?? 0) },
  { group: 'Selection', label: 'Select the border of the chosen area', keys: ['D'], can: chosen, run: (app) => selectEdge(app, app.active ?? 0) },
  { group: 'Selection', label: 'Select what is unassigned', keys: ['N'], run: (app) => selectArea(app, 0) },
  { group: 'Selection', label: 'Units of the selection', keys: ['T'], can: (app) => app.allows('units'), run: (app) => app.act('units') },

  { group: 'Map', label: 'Show everything', keys: ['0'], run: (app) => app.viewport.fit() },
  { group: 'Map', label: 'Zoom in', keys: ['+', '='], run: (app) => app.viewport.zoomBy(ZOOM) },
  { group: 'Map', label: 'Zoom out', keys: ['-'], run: (app) => app.viewport.zoomBy(1 / ZOOM) },
  { group: 'Map', label: 'Compare by a swipe bar', keys: ['W'], can: comparable, run: ({ compare }) => compare.toggle('swipe') },
  { group: 'Map', label: 'Compare side by side', keys: ['S'], can: comparable, run: ({ compare }) => compare.toggle('side') },

  { group: 'Work', label: 'Undo', keys: ['Ctrl+Z'], edits: true, can: undoable('undo'), run: (app) => app.editor.back('undo') },
  { group: 'Work', label: 'Redo', keys: ['Ctrl+Shift+Z', 'Ctrl+Y'], edits: true, can: undoable('redo'), run: (app) => app.editor.back('redo') },
  { group: 'Work', label: 'Optimize these areas', keys: ['O'], can: (app) => app.allows('optimize'), run: (app) => app.act('optimize') },
  { group: 'Work', label: 'Find', keys: ['/'], run: (app) => app.legend.finding.open() },
  { group: 'Work', label: 'Search commands', keys: ['Ctrl+K'], run: (app) => app.legend.finding.open('>') },
  { group: 'Work', label: 'Keys', keys: ['?'], run: (app) => app.help.toggle() },
];

/** Whether a command can be run now. @param {App} app @param {Command} command */
export function possible(app, command) {
  return !(command.edits && app.readonly) && (command.can?.(app) ?? true);
}

/** @type {Map<string, Command>} */
const byKey = new Map(COMMANDS.flatMap((command) => command.keys.map((key) => [key, command])));

/** @param {KeyboardEvent} e @returns {Command | undefined} */
export function commandOf(e) {
  const name = e.key === 'Escape' ? 'Esc' : e.key.length === 1 ? e.key.toUpperCase() : e.key;
  if (e.altKey) return undefined;
  if (!(e.ctrlKey || e.metaKey)) return byKey.get(name);
  return byKey.get(`Ctrl+${e.shiftKey ? 'Shift+' : ''}${name}`);
}
