// When and how much to draw: all, the box of what changed, or just the picture moved along.
import { DIMMED, HELD, LOCKED, MIXED, MOVED, SAME, SELECTED, UNKNOWN } from './shaders.js';
import { Renderer } from './renderer.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../geometry/chunks.js').Box} Box
 */

/** Where drawing all takes longer, the old picture is moved along and drawn anew at rest. */
const SMOOTH_MS = 28;
const REST_MS = 110;

export class Scene {
  /** @type {Renderer | null} */ renderer = null;
  /** @type {Uint8Array | null} */ palette = null;

  /** @param {App} app @param {HTMLCanvasElement} canvas */
  constructor(app, canvas) {
    this.app = app;
    this.canvas = canvas;
    this.shown = new Uint16Array(0);
    this.flags = new Uint8Array(0);
    this.focused = new Uint8Array(0);
    /** @type {Box | null} */
    this.region = null;
    this.pending = { all: false, box: false, styles: false };
    this.disposed = false;
    this.last = { x: 0, y: 0, k: 1 };
    canvas.addEventListener('webglcontextlost', (e) => e.preventDefault());
    canvas.addEventListener('webglcontextrestored', () => this.#reopen());
  }

  /** Make the renderer on first use; throws where WebGL 2 is missing. */
  open() {
    this.renderer ??= new Renderer(this.canvas);
  }

  /** The graphics card forgot everything: tell it again. */
  #reopen() {
    if (this.disposed || !this.app.ready) return;
    this.renderer = new Renderer(this.canvas);
    this.setShapes();
    if (this.palette) this.setPalette(this.palette);
    this.restyle();
    this.dirty(null);
  }

  /** Take other shapes: coarse ones at once, all corners when the page has time. */
  setShapes() {
    const { app } = this;
    const { topology, frames, search, coarse, fine } = app.shapes;
    const began = performance.now();
    this.renderer?.reset(topology.items);
    this.renderer?.setCoarse(coarse.topology, frames, coarse.mesh, search.bounds, coarse.tolerance);
    app.figures.uploadMs = performance.now() - began;
    this.flags = new Uint8Array(topology.items);
    this.shown = new Uint16Array(topology.items);
    fine().then((mesh) => {
      if (app.shapes.topology !== topology || this.disposed) return;
      this.renderer?.setFine(topology, frames, mesh, search.bounds);
      app.figures.fine = true;
      this.dirty(null);
    });
  }

  /** @param {Uint8Array} palette */
  setPalette(palette) {
    this.palette = palette;
    this.renderer?.setPalette(palette);
  }

  /** Whether an area lies in the focus, or holds what does. @param {number} id */
  shows(id) {
    const { tree } = this.app.plan;
    return this.focused[id] === 1 || tree.children(id).some((child) => this.focused[child]);
  }

  /** What items show has to be worked out anew before drawing. @param {boolean} [onlySelection] */
  restyle(onlySelection = false) {
    const { plan, focus } = this.app;
    this.focused = plan.tree.inFocus(focus);
    this.pending.styles = true;
    for (const layers of [this.renderer?.coarse, this.renderer?.fine]) {
      if (layers) layers.stale = { selection: true, areas: layers.stale.areas || !onlySelection };
    }
  }

  /** @param {number[] | null} items whose box is to be drawn anew; null: all */
  dirty(items) {
    if (items === null) this.pending.all = true;
    else if (!this.pending.all) this.#widen(items);
    this.#soon();
  }

  /** The camera moved: draw now where that is quick, else at rest. */
  panned() {
    const { app } = this;
    if ((app.figures.fullMs ?? 0) < SMOOTH_MS) this.pending.all = true;
    else {
      clearTimeout(this.resting);
      this.resting = setTimeout(() => this.dirty(null), REST_MS);
    }
    this.#soon();
  }

  redrawOverlay() {
    this.#soon();
  }

  resize() {
    const { camera, overlay, names, points, basemap } = this.app;
    const dpr = Math.min(2, globalThis.devicePixelRatio || 1);
    for (const canvas of [this.canvas, basemap.canvas, overlay.canvas, points.canvas, names.canvas]) {
      canvas.width = Math.round(camera.w * dpr);
      canvas.height = Math.round(camera.h * dpr);
    }
  }

  dispose() {
    this.disposed = true;
    cancelAnimationFrame(this.frame ?? 0);
    this.renderer?.dispose();
  }

  /** Draw what is waiting now, not with the next frame. */
  now() {
    cancelAnimationFrame(this.frame ?? 0);
    this.frame = 0;
    this.#paint();
  }

  #soon() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.#paint();
    });
  }

  #paint() {
    const { app, pending } = this;
    if (!app.ready || !this.renderer || app.camera.w === 1) return;
    if (pending.styles) this.#style();
    if (pending.all || pending.box) this.#drawFills();
    else this.#follow();
    app.overlay.draw();
    app.names.draw();
    if (!this.canvas.style.transform) app.basemap.draw();
    app.points.draw();
    app.compare.follow();
    Object.assign(pending, { all: false, box: false });
    this.region = null;
  }

  #drawFills() {
    const { app, pending } = this;
    const { figures, camera } = app;
    const moved = this.last.x !== camera.x || this.last.y !== camera.y || this.last.k !== camera.k;
    const layers = this.renderer?.layersFor(camera);
    if (layers) this.#outline(layers);
    const began = performance.now();
    const whole = app.compare.draw() || pending.all || moved;
    this.#lay('');
    this.last = camera.place;
    this.renderer?.draw(camera, app.theme, whole ? null : this.region);
    if (this.renderer?.software || figures.sync) this.renderer?.finish();
    figures.drawMs = performance.now() - began;
    if (whole) figures.fullMs = figures.drawMs;
    figures.paints++;
    figures.firstPaintAt ??= performance.now();
    if (figures.pressedAt) {
      figures.clickToPaintMs = performance.now() - figures.pressedAt;
      figures.clicks.push(figures.clickToPaintMs);
      figures.pressedAt = 0;
    }
    app.root.dataset.ready = '1';
  }

  /** Lay the picture that is there where it belongs now. */
  #follow() {
    const { camera } = this.app;
    const { last } = this;
    if (last.x === camera.x && last.y === camera.y && last.k === camera.k) return;
    const scale = camera.k / last.k;
    const [x, y] = camera.toScreen(last.x, last.y);
    const left = x - (camera.w / 2) * scale;
    const top = y - (camera.h / 2) * scale;
    this.#lay(`translate(${left}px,${top}px) scale(${scale})`);
  }

  /** @param {string} transform of the pictures that were drawn before the map moved */
  #lay(transform) {
    for (const { style } of [this.canvas, this.app.basemap.canvas]) {
      style.transformOrigin = '0 0';
      style.transform = transform;
    }
  }

  /** Work out areas and flags of all items. */
  #style() {
    const { app } = this;
    const began = performance.now();
    this.#flag();
    this.renderer?.setState(app.looks.tint ?? this.shown, this.flags, app.looks.was);
    this.pending.styles = false;
    app.figures.styleMs = performance.now() - began;
  }

  #flag() {
    const { app, shown, flags } = this;
    const { plan, focus, editor, looks } = app;
    const { tree, current, held, mixed } = plan;
    const standsFor = tree.shownAt(focus.level);
    const base = new Uint8Array(tree.size);
    for (let id = 0; id < tree.size; id++) {
      base[id] = (this.focused[id] || looks.printing ? 0 : DIMMED) | (id && tree.lock(id) ? LOCKED : 0);
    }
    for (let i = 0; i < shown.length; i++) {
      const leaf = current[i];
      shown[i] = standsFor[leaf];
      const unknown = looks.unknown[looks.tint ? looks.tint[i] : shown[i]] ? UNKNOWN : 0;
      const moved = !looks.was ? 0 : looks.was[i] === shown[i] ? SAME : MOVED;
      flags[i] = base[leaf] | unknown | moved | (held[i] ? HELD : 0) | (mixed[i] ? MIXED : 0);
    }
    for (const i of editor.selection) flags[i] |= SELECTED;
  }

  /** Outlines of areas and selection, where they are out of date. @param {import('./layers.js').Layers} layers */
  #outline(layers) {
    const { shown, flags } = this;
    const { own, beyond } = this.app.topology;
    const began = performance.now();
    const { editor, marked } = this.app;
    if (layers.stale.selection && (editor.selection.size || marked.size || layers.selection.count)) {
      const picked = (/** @type {number} */ i) => i >= 0 && (Boolean(flags[i] & SELECTED) || marked.has(i));
      layers.selection.set((a) => picked(own[a]) !== picked(beyond[a]));
    }
    if (layers.stale.areas) {
      if (this.renderer) this.renderer.crowd = new Set(shown).size;
      outline(layers, this.app.topology, this.app.plan.tree, shown, flags);
    }
    layers.stale = { areas: false, selection: false };
    this.app.figures.outlineMs = performance.now() - began;
  }

  /** @param {number[]} items */
  #widen(items) {
    const { box } = this.app.frames;
    const r = this.region ?? [Infinity, Infinity, -Infinity, -Infinity];
    for (const i of items) {
      r[0] = Math.min(r[0], box[4 * i]);
      r[1] = Math.min(r[1], box[4 * i + 1]);
      r[2] = Math.max(r[2], box[4 * i + 2]);
      r[3] = Math.max(r[3], box[4 * i + 3]);
    }
    this.region = /** @type {Box} */ (r);
    this.pending.box = true;
  }
}

/**
 * Draw borders where another area, or one under another, begins.
 * @param {Pick<import('./layers.js').Layers, 'areas' | 'parents'>} layers
 * @param {import('../geometry/topology.js').Topology} topology @param {import('../model/tree.js').Tree} tree
 * @param {Uint16Array} shown @param {Uint8Array} flags of each item
 */
export function outline({ areas, parents }, { own, beyond }, tree, shown, flags) {
  const parent = parentsOf(tree);
  const border = (/** @type {number} */ a) => beyond[a] >= 0 && shown[own[a]] !== shown[beyond[a]]
    && !(flags[own[a]] & flags[beyond[a]] & DIMMED);
  areas.set(border);
  parents.set((a) => border(a) && Boolean(shown[own[a]] && shown[beyond[a]])
    && parent[shown[own[a]]] !== parent[shown[beyond[a]]]);
}

/** By area, the area above it; 0 at the top. @param {import('../model/tree.js').Tree} tree */
function parentsOf(tree) {
  const parent = new Uint16Array(tree.size);
  for (const id of tree.order) parent[id] = tree.area(id).parent ?? 0;
  return parent;
}
