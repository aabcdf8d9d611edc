// What else is shown, and how large: names, the print look, the map on the whole screen.
import { h, icon } from './dom.js';
import { whole } from './format.js';

/** @typedef {import('../app.js').App} App */

const NAMES = [['none', 'None'], ['names', 'Names'], ['figures', 'Names and figures']];

/** When the map has taken its new size. */
const RESIZED_MS = 120;

export class Display {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.open = h('button', { title: 'What is shown', 'aria-label': 'What is shown', 'aria-expanded': 'false',
      onclick: () => this.toggle() }, icon('layers'));
    this.full = h('button', { onclick: () => this.fill() });
    this.names = h('select', { onchange: () => app.looks.choose({ labels: this.names.value }) },
      ...NAMES.map(([value, text]) => h('option', { value, text })));
    this.codes = this.#check('codes');
    this.places = this.#check('places');
    this.points = this.#check('points');
    this.basemap = this.#check('basemap');
    this.print = this.#check('print');
    this.panel = h('div', { class: 'panel', role: 'group', 'aria-label': 'What is shown', hidden: true,
      onkeydown: (/** @type {KeyboardEvent} */ e) => {
        if (e.key !== 'Escape') return;
        e.stopPropagation();
        this.toggle(false);
        this.open.focus();
      } },
    h('label', { class: 'names' }, h('span', { text: 'Names of areas' }), this.names), app.compare.field,
    h('label', {}, this.places, 'States, counties and cities'),
    h('label', {}, this.codes, this.noun = h('span')),
    this.accounts = h('label', {}, this.points, this.lost = h('span')),
    this.streets = h('label', {}, this.basemap, 'Basemap'),
    h('label', {}, this.print, 'For print'),
    this.layers = h('div', { class: 'layers', role: 'group', 'aria-label': 'Reference layers' }));
    this.element = h('div', { class: 'corner' },
      h('div', { class: 'buttons', role: 'toolbar', 'aria-label': 'View' }, this.open, this.full), this.panel);
    // Paper is white whatever the page is.
    this.printing = (/** @type {Event} */ e) => {
      if (app.ready && !app.looks.choices.print) {
        app.looks.paper = e.type === 'beforeprint';
        app.restyle(null);
        app.scene.now();
        app.scene.canvas.toDataURL(); // read, or the browser takes the picture of before
      }
    };
    this.left = () => { if (!document.fullscreenElement) this.fill(false); };
    addEventListener('beforeprint', this.printing);
    addEventListener('afterprint', this.printing);
    document.addEventListener('fullscreenchange', this.left);
    this.#word();
  }

  refresh() {
    const { looks: { choices }, noun } = this.app;
    this.names.value = choices.labels;
    const { there, view } = this.app.points;
    this.accounts.hidden = !there;
    this.streets.hidden = !this.app.basemap.there;
    this.lost.textContent = view?.lost ? `Units (${whole(view.lost)} without a place)` : 'Units';
    this.noun.textContent = `${noun.many[0].toUpperCase()}${noun.many.slice(1)}, further in`;
    for (const name of /** @type {const} */ (['codes', 'places', 'points', 'basemap', 'print'])) this[name].checked = choices[name];
    this.#list();
    this.app.reference.refresh();
  }

  /** The user's reference layers. */
  #list() {
    const { data, looks } = this.app;
    const layers = data?.layers ?? [];
    const listed = JSON.stringify(layers);
    if (listed === this.listed) return;
    this.listed = listed;
    this.layers.replaceChildren(...layers.map((/** @type {any} */ { name, color }) => h('label', {},
      h('input', { type: 'checkbox', checked: !looks.choices.hidden.includes(name), style: `accent-color:${color}`,
        onchange: (/** @type {any} */ e) => {
          const others = looks.choices.hidden.filter((/** @type {string} */ one) => one !== name);
          looks.choose({ hidden: e.target.checked ? others : [...others, name] });
        } }), h('span', { text: name }))));
  }

  toggle(on = this.panel.hidden) {
    this.panel.hidden = !on;
    this.open.setAttribute('aria-expanded', String(on));
    if (on) this.names.focus();
  }

  /** Fill the screen, or the window where a browser won't. Dialogs of the page stay in front. */
  fill(on = !this.filled) {
    if (on === this.filled) return;
    const { root, camera, viewport } = this.app;
    const before = camera.w;
    root.classList.toggle('full', on);
    this.#word();
    setTimeout(() => viewport.zoomBy(camera.w / before), RESIZED_MS);
    if (on) document.documentElement.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement) document.exitFullscreen();
  }

  get filled() {
    return this.app.root?.classList.contains('full') ?? false;
  }

  dispose() {
    removeEventListener('beforeprint', this.printing);
    removeEventListener('afterprint', this.printing);
    document.removeEventListener('fullscreenchange', this.left);
  }

  /** @param {'codes' | 'places' | 'points' | 'basemap' | 'print'} name */
  #check(name) {
    return h('input', { type: 'checkbox',
      onchange: (/** @type {any} */ e) => this.app.looks.choose({ [name]: e.target.checked }) });
  }

  #word() {
    const text = this.filled ? 'Leave full screen' : 'Full screen';
    this.full.replaceChildren(icon(this.filled ? 'contract' : 'expand'));
    this.full.title = text;
    this.full.setAttribute('aria-label', text);
  }
}
