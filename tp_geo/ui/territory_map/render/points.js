// Units on a canvas of their own, below the names: circles with counts, and dots for single ones.
import { decodeView, figureOf, gathered, viewName } from '../model/points.js';
import { beside } from '../view/card.js';
import { h } from '../view/dom.js';
import { brief, full, whole } from '../view/format.js';
import { blobOf, giveUp } from '../wire/blobs.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../model/points.js').Cluster} Cluster
 * @typedef {import('../model/points.js').View} View
 */

/** Clusters nearer than this become one, in pixels. */
const REACH = 46;
const REST_MS = 140;
const KEPT = 12;
const DOT = 3.5;

/** How far circles may give way to the name of an area, in pixels. */
const ASIDE = [0, -9, 9, -18, 18, -26, 26];

/** The measure that counts accounts. */
const COUNT = 'accounts';

export class Points {
  /** @type {View | undefined} what is drawn */ view;
  /** @type {Cluster[]} */ circles = [];

  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.canvas = h('canvas', { class: 'points', 'aria-hidden': 'true' });
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    this.card = h('div', { class: 'card', hidden: true, 'aria-hidden': 'true' });
    /** @type {Map<string, View>} the last ones */
    this.views = new Map();
    /** @type {Map<Cluster, number | undefined>} pixels each is put up or down; none: below a name, without its count */
    this.aside = new Map();
    this.version = this.drawn = this.wanted = '';
  }

  /** Whether there are any to show. */
  get there() {
    return Boolean(this.app.data?.points) && !this.app.bare;
  }

  get on() {
    return this.there && this.app.looks.choices.points;
  }

  /** Work out the circles, beside the names of areas; names that come later keep off them. @param {import('./placing.js').Taken} taken */
  take(taken) {
    const { app: { camera }, view } = this;
    if (!this.on || !view) return;
    if (this.of !== view || this.k !== camera.k) {
      [this.of, this.k] = [view, camera.k];
      this.circles = gathered(view.clusters, REACH / camera.k);
    }
    this.aside = new Map(this.circles.map((one) => {
      const [x, y] = camera.toScreen(one.x, one.y);
      const size = 1.3 * radius(one);
      return [one, ASIDE.find((by) => taken.take(x, y + by, size, size))];
    }));
  }

  /** Draw anew what the names left room for. */
  draw() {
    const { app, canvas, context: c } = this;
    if (this.on) this.#want();
    const { camera } = app;
    if (app.names.drawn === this.drawn) return;
    this.drawn = app.names.drawn;
    const dpr = canvas.width / camera.w;
    c.setTransform(dpr, 0, 0, dpr, 0, 0);
    c.clearRect(0, 0, camera.w, camera.h);
    this.hide();
    if (!this.on || !this.view) return;
    c.textAlign = 'center';
    c.textBaseline = 'middle';
    for (const one of this.circles) this.#circle(one);
  }

  /** @param {Cluster} one */
  #circle(one) {
    const { context: c, app: { camera, theme } } = this;
    const [x, y] = this.#at(one);
    const r = radius(one);
    if (x < -r || y < -r || x > camera.w + r || y > camera.h + r) return;
    c.beginPath();
    c.arc(x, y, r, 0, 2 * Math.PI);
    c.fillStyle = one.count > 1 ? theme.halo : theme.text;
    c.strokeStyle = one.count > 1 ? theme.quiet : theme.halo;
    c.lineWidth = 1.25;
    c.fill();
    c.stroke();
    if (one.count === 1 || this.aside.get(one) === undefined) return;
    c.font = `600 ${one.count > 99 ? 10.5 : 11}px ${theme.font}`;
    c.fillStyle = theme.text;
    c.fillText(brief(one.count), x, y + 0.5);
  }

  /** Where a circle is drawn. @param {Cluster} one @returns {[number, number]} pixels */
  #at(one) {
    const [x, y] = this.app.camera.toScreen(one.x, one.y);
    return [x, y + (one.count > 1 ? this.aside.get(one) ?? 0 : 0)];
  }

  /** Ask for what is in view, once the map rests. */
  #want() {
    const { app } = this;
    const name = viewName(app.data.points, Math.max(0, app.measureAt), app.camera);
    if (name === this.wanted) return;
    this.stop();
    this.wanted = name;
    if (!this.version.startsWith(app.data.points)) this.view = undefined;
    this.resting = setTimeout(() => this.#fetch(name), REST_MS);
  }

  /** @param {string} name */
  async #fetch(name) {
    const { app, views } = this;
    const { measure } = app;
    let view = views.get(name);
    if (!view) {
      view = await decodeView(await blobOf(name, () => app.intake.ask()), measure);
      app.intake.fed();
      views.set(name, view);
      if (views.size > KEPT) views.delete(/** @type {string} */ (views.keys().next().value));
    }
    if (name !== this.wanted) return;
    this.view = view;
    this.version = name;
    app.display.refresh();
    app.redrawOverlay();
  }

  /** Show what the pointer is on. @param {number} x pixels @param {number} y @returns {boolean} whether it is on any */
  hover(x, y) {
    const { app } = this;
    const found = this.on && this.circles.find((one) => {
      const [cx, cy] = this.#at(one);
      return Math.hypot(cx - x, cy - y) <= radius(one) + 1;
    });
    if (!found) return this.hide();
    const { measures } = app.facts;
    const of = measures[app.facts.indexOf(this.view?.measure ?? '')];
    this.card.replaceChildren(
      h('header', {}, h('b', { text: found.name || `${whole(found.count)} units` })),
      ...(of && of.name !== COUNT ? [h('dl', {}, h('dt', { text: of.label }), h('dd', { text: full(figureOf(found), of.unit) }))] : []),
    );
    this.card.hidden = false;
    beside(this.card, x, y, app.camera);
    return true;
  }

  /** @returns {false} */
  hide() {
    this.card.hidden = true;
    return false;
  }

  /** Wait for nothing any more. */
  stop() {
    clearTimeout(this.resting);
    giveUp(this.wanted);
  }
}

/** @param {Cluster} one @returns {number} pixels */
function radius({ count }) {
  return count === 1 ? DOT : 9 + 2.4 * Math.log10(count);
}
