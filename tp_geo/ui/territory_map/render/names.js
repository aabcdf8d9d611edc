// Names on the map, on a canvas of their own: areas first, then states, cities, counties and codes by zoom.
import { citiesOf, insetsOf, placesOf } from '../model/places.js';
import { rasterOf } from '../geometry/raster.js';
import { labelsOf } from '../model/labels.js';
import { percent, short } from '../view/format.js';
import { deviation } from '../model/facts.js';
import { fitted, ownPart, Taken } from './placing.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../model/labels.js').Label} Label
 * @typedef {import('../model/places.js').Place} Place
 * @typedef {import('./reference.js').Mark} Mark
 */

/** How far a name may reach beyond the ellipse it stands in, as a share of its width. */
const BEYOND = 1.35;

/** Height of a line, in sizes of its letters. */
const LINE = 1.15;

/** Screens across the whole map from which on names on the ground are shown. */
const GROUND_ZOOM = 1.5;
const CODES_ZOOM = 6;

/** Points of a reference layer that are drawn at once. */
const MARKS = 4000;

/** Pixels between an inset and its frame. */
const FRAME = 9;

/** States and counties are named while the ellipse in them is between these heights, in pixels. */
const LEVELS = /** @type {Array<[string, number, number]>} */ ([['state', 17, 220], ['county', 15, 170]]);

export class Names {
  /** @type {Label[]} of areas, the largest first */ labels = [];
  /** @type {import('../geometry/raster.js').Raster | undefined} */ raster;
  /** @type {import('../geometry/topology.js').Topology | undefined} what the raster is of */ of;
  /** @type {Place[][] | undefined} states and counties */ places;
  /** @type {import('../model/places.js').City[] | undefined} */ cities;
  /** @type {import('../model/places.js').Inset[]} */ insets = [];

  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'names';
    this.canvas.setAttribute('aria-hidden', 'true');
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    /** @type {Map<string, number>} widths by font and text */
    this.widths = new Map();
    this.drawn = '';
    this.version = 0;
  }

  /** Areas or their figures changed. @param {import('../model/parts.js').Parts} parts */
  relabel(parts) {
    const { topology: t, frames, shapes, search, shown } = this.app;
    if (this.of !== t) {
      this.of = t;
      this.raster = rasterOf(shapes.coarse.topology, frames, search.bounds);
      this.places = this.cities = undefined;
      this.insets = insetsOf(t, frames);
    }
    this.labels = labelsOf(t, frames.area, /** @type {any} */ (this.raster), shown, parts);
    this.version++;
  }

  /** Draw anew where the camera, the names or the colors changed. */
  draw() {
    const { app, canvas, context: c } = this;
    const { camera, theme, looks } = app;
    const state = JSON.stringify([camera.place, canvas.width, canvas.height, this.version, theme, looks.choices, app.measure, app.points.version, app.reference.drawn]);
    if (state === this.drawn || !this.raster) return;
    this.drawn = state;
    const began = performance.now();
    const dpr = canvas.width / camera.w;
    c.setTransform(dpr, 0, 0, dpr, 0, 0);
    c.clearRect(0, 0, camera.w, camera.h);
    c.textAlign = 'center';
    c.textBaseline = 'middle';
    c.lineJoin = 'round';
    for (const inset of this.insets) this.#inset(inset);
    const taken = new Taken();
    for (const layer of app.reference.shown) this.#marks(layer);
    if (looks.choices.labels !== 'none') for (const label of this.labels) this.#area(label, taken);
    app.points.take(taken);
    for (const layer of app.reference.shown) this.#called(layer, taken);
    if (looks.choices.places) this.#ground(taken);
    if (looks.choices.codes && this.#zoom >= CODES_ZOOM) this.#codes(taken);
    app.figures.namesMs = performance.now() - began;
  }

  /** Points of a reference layer. @param {{marks: Mark[], color: string}} layer */
  #marks({ marks, color }) {
    const { context: c, app: { theme } } = this;
    let left = MARKS;
    for (const mark of marks) {
      const at = !mark.room && this.#at(mark, 0);
      if (!at || !left--) continue;
      for (const [style, size] of /** @type {Array<[string, number]>} */ ([[theme.halo, 6], [color, 4.5]])) {
        c.fillStyle = style;
        c.fillRect(at[0] - size / 2, at[1] - size / 2, size, size);
      }
    }
  }

  /** What is in a reference layer, where there is room. @param {{marks: Mark[]}} layer @param {Taken} taken */
  #called({ marks }, taken) {
    const { theme, camera } = this.app;
    const font = `italic 500 11px ${theme.font}`;
    const near = this.#zoom >= CODES_ZOOM;
    for (const { name, room, ...place } of marks) {
      const at = name && (room || near) && this.#at(place, 0);
      if (!at) continue;
      const width = this.#width(name, font);
      const x = at[0] + (room ? 0 : width / 2 + 6);
      if ((!room || width < 3 * room * camera.k) && taken.take(x, at[1], width + 6, 14)) this.#write(name, x, at[1], font, theme.text);
    }
  }

  /** A frame round what stands elsewhere on the sheet than on the Earth. @param {import('../model/places.js').Inset} inset */
  #inset({ name, box }) {
    const { context: c, app: { camera, theme } } = this;
    const [x0, y0] = camera.toScreen(box[0], box[1]);
    const [x1, y1] = camera.toScreen(box[2], box[3]);
    if (x1 < 0 || y1 < 0 || x0 > camera.w || y0 > camera.h || x1 - x0 < 24) return;
    c.globalAlpha = 0.4;
    c.strokeStyle = theme.quiet;
    c.lineWidth = 1;
    c.beginPath();
    c.roundRect(Math.round(x0) - FRAME + 0.5, Math.round(y0) - FRAME + 0.5, x1 - x0 + 2 * FRAME, y1 - y0 + 2 * FRAME, 6);
    c.stroke();
    c.globalAlpha = 1;
    c.textAlign = 'left';
    this.#write(name, x0 - FRAME + 8, y0 - FRAME, `400 10px ${theme.font}`, theme.quiet);
    c.textAlign = 'center';
  }

  /** Screens across the whole map. */
  get #zoom() {
    const { camera, search: { bounds } } = this.app;
    return (camera.k * (bounds[2] - bounds[0])) / camera.w;
  }

  /** @param {Label} label @param {Taken} taken */
  #area(label, taken) {
    const { app } = this;
    const { camera, theme, plan: { tree } } = app;
    if (!app.scene.shows(label.id) || !tree.areas.has(label.id)) return;
    const room = label.room * camera.k;
    const at = this.#at(label, room);
    if (!at || room < 3.5) return;
    const size = Math.max(11, Math.min(18, room * 0.62));
    const font = `600 ${Math.round(size * 2) / 2}px ${theme.font}`;
    const lock = tree.lock(label.id) ? size * 1.05 : 0;
    const { name, level } = tree.area(label.id);
    const widthOf = (/** @type {string} */ text) => this.#width(text, font);
    const lines = fitted(name, level, 4 * room * BEYOND - lock, room > size * 1.1, widthOf);
    if (!lines.length) return;
    const figures = this.#figuresOf(label.id, room, lines.length * size * LINE, size);
    const small = `500 ${Math.max(10, size * 0.78)}px ${theme.font}`;
    const written = [{ lines, figures }, { lines, figures: [] }, { lines: [ownPart(name, level)], figures: [] }].find((text) =>
      taken.take(...at, Math.max(...text.lines.map(widthOf), ...text.figures.map((line) => this.#width(line, small))) + lock + 6,
        text.lines.length * size * LINE + text.figures.length * size + 3));
    if (!written) return;
    const high = written.lines.length * size * LINE;
    const top = at[1] - (high + written.figures.length * size) / 2;
    written.lines.forEach((line, i) => this.#write(line, at[0] + (i ? 0 : lock / 2), top + (i + 0.5) * size * LINE, font, theme.text));
    if (lock) this.#padlock(at[0] - widthOf(written.lines[0]) / 2 - 1, top + size * 0.55, size);
    for (const line of written.figures) this.#write(line, at[0], top + high + size * 0.42, small, theme.text);
  }

  /** What an area holds and how far it is off, where that is wanted and fits. @param {number} id @param {number} room @param {number} high @param {number} size */
  #figuresOf(id, room, high, size) {
    const { app } = this;
    const { measureAt: at, facts } = app;
    if (app.looks.choices.labels !== 'figures' || at < 0 || room * 2 < high + size || room < 13) return [];
    const total = facts.figure(app.totals(), at, id);
    const off = percent(deviation(total, app.plan.areas.get(id)?.targets[app.measure]));
    return [off ? `${short(total)} · ${off}` : short(total)];
  }

  /** @param {Taken} taken */
  #ground(taken) {
    const { app } = this;
    const { topology: t, frames } = app;
    const zoom = this.#zoom;
    for (const country of t.neighbors) this.#neighbor(country, taken);
    if (zoom < GROUND_ZOOM) return;
    const raster = /** @type {import('../geometry/raster.js').Raster} */ (this.raster);
    const places = (this.places ??= LEVELS.map(([level]) => placesOf(t, frames.area, raster, level)));
    this.cities ??= t.cities.length ? t.cities : citiesOf(t);
    const level = (/** @type {number} */ i) => {
      for (const place of places[i]) this.#place(place, LEVELS[i][1], LEVELS[i][2], !i, taken);
    };
    level(0);
    for (const city of this.cities.slice(0, Math.round(30 * zoom ** 1.5))) this.#city(city, taken);
    level(1);
  }

  /** @param {import('../geometry/topology.js').Named} country @param {Taken} taken */
  #neighbor(country, taken) {
    const { theme } = this.app;
    const at = this.#at(country, 60);
    const font = `500 11px ${theme.font}`;
    const text = [...country.name.toUpperCase()].join('\u2009');
    if (at && taken.take(...at, this.#width(text, font) + 8, 16)) this.#write(text, ...at, font, theme.quiet);
  }

  /** @param {Place} place @param {number} low @param {number} high @param {boolean} wide @param {Taken} taken */
  #place(place, low, high, wide, taken) {
    const { theme, camera } = this.app;
    const room = place.room * camera.k;
    const at = this.#at(place, room);
    if (!at || room < low || room > high) return;
    const font = `${wide ? 500 : 400} ${wide ? 11 : 10.5}px ${theme.font}`;
    const text = wide ? [...place.name.toUpperCase()].join('\u200a') : place.name;
    const width = this.#width(text, font);
    if (width > 4 * room || !taken.take(at[0], at[1], width + 8, 16)) return;
    this.#write(text, ...at, font, theme.quiet);
  }

  /** @param {import('../geometry/topology.js').Named} city @param {Taken} taken */
  #city(city, taken) {
    const { context: c, app } = this;
    const { theme } = app;
    const at = this.#at(city, 60);
    if (!at) return;
    const font = `400 11px ${theme.font}`;
    const width = this.#width(city.name, font);
    const side = [1, -1].find((way) => taken.take(at[0] + way * (width / 2 + 3), at[1], width + 12, 14));
    if (!side) return;
    c.beginPath();
    c.arc(at[0], at[1], 2, 0, 2 * Math.PI);
    c.lineWidth = 2;
    c.strokeStyle = theme.halo;
    c.stroke();
    c.fillStyle = theme.text;
    c.fill();
    this.#write(city.name, at[0] + side * (width / 2 + 6), at[1], font, theme.text);
  }

  /** Codes of containers that are large enough on the screen. @param {Taken} taken */
  #codes(taken) {
    const { app } = this;
    const { camera, topology: t, frames: { box, area }, theme } = app;
    const [x0, y0, x1, y1] = camera.view;
    const font = `400 10px ${theme.font}`;
    for (let i = 0; i < t.items; i++) {
      const px = t.px[i];
      const py = t.py[i];
      if (px < x0 || px > x1 || py < y0 || py > y1 || px < 0) continue;
      const across = Math.min(box[4 * i + 2] - box[4 * i], Math.sqrt(area[i]) * 1.4) * camera.k;
      if (across < 34) continue;
      const width = this.#width(t.codes[i], font);
      const [x, y] = camera.toScreen(px, py);
      if (width < across && taken.take(x, y, width + 4, 13)) this.#write(t.codes[i], x, y, font, theme.quiet);
    }
  }

  /**
   * Where a name comes to stand; null when that is off the screen.
   * @param {{x: number, y: number}} place @param {number} reach pixels
   * @returns {[number, number] | null}
   */
  #at({ x: mx, y: my }, reach) {
    const { camera } = this.app;
    const [x, y] = camera.toScreen(mx, my);
    const far = 2 * reach + 40;
    return x < -far || y < -far || x > camera.w + far || y > camera.h + far ? null : [x, y];
  }

  /** @param {string} text @param {string} font */
  #width(text, font) {
    const key = font + text;
    let width = this.widths.get(key);
    if (width === undefined) {
      if (this.widths.size > 50_000) this.widths.clear();
      this.context.font = font;
      this.widths.set(key, width = this.context.measureText(text).width);
    }
    return width;
  }

  /** @param {string} text @param {number} x @param {number} y @param {string} font @param {string} color */
  #write(text, x, y, font, color) {
    const { context: c, app } = this;
    c.font = font;
    c.lineWidth = 3.2;
    c.strokeStyle = app.theme.halo;
    c.strokeText(text, x, y);
    c.fillStyle = color;
    c.fillText(text, x, y);
  }

  /** Locked areas carry a padlock before their name. @param {number} x @param {number} y @param {number} size */
  #padlock(x, y, size) {
    const { context: c, app: { theme } } = this;
    const w = size * 0.62;
    c.beginPath();
    c.rect(x - w / 2, y - w * 0.25, w, w * 0.8);
    c.lineWidth = 3;
    c.strokeStyle = theme.halo;
    c.stroke();
    c.fillStyle = theme.text;
    c.fill();
    c.beginPath();
    c.arc(x, y - w * 0.25, w * 0.3, Math.PI, 0);
    c.lineWidth = w * 0.18;
    c.strokeStyle = theme.text;
    c.stroke();
  }
}
