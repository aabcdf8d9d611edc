// What Python says, taken in order: shapes, measures, the plan, and what is to be shown.
import { Facts } from './model/facts.js';
import { missing } from './wire/blobs.js';
import { counted } from './view/format.js';
import { positionsOf } from './wire/codec.js';
import { baseOf, deskOf, factsOf, shapesOf } from './wire/memory.js';

/** @typedef {import('./app.js').App} App */

const ASK_AGAIN_MS = 4000;

/** @type {number | undefined} the place that was pointed at last; a map that comes back knows it */
let looked;

export class Intake {
  /** @type {Promise<void>} */ updating = Promise.resolve();
  /** @type {string | undefined} */ geoKey;
  /** @type {string | undefined} */ factsKey;
  /** @type {string | undefined} */ toldFocus;
  /** @type {string | undefined} */ toldMeasure;
  /** @type {any} */ toldWay;
  toldMark = '[]';

  /** @param {App} app */
  constructor(app) {
    this.app = app;
  }

  /** Take a message after those before it. @param {any} data */
  take(data) {
    const turn = this.updating.then(() => this.#take(data));
    this.updating = turn.catch((/** @type {Error} */ fault) => {
      console.error(fault);
      this.app.busy.fail(`The map can't be shown: ${fault.message}`);
    });
    return this.updating;
  }

  /** @param {any} data */
  async #take(data) {
    const { app } = this;
    app.scene.open();
    await this.#takeShapes(data);
    const desk = deskOf(data.alignment, app.topology.items);
    if (desk.plan !== app.plan) this.#sitDown(desk);
    clearTimeout(this.resyncing);
    const chosen = app.plan.areas.get(app.active ?? 0);
    if (!(await app.plan.take(data))) this.#resync();
    if (chosen && !app.plan.areas.has(chosen.id)) app.toasts.say(`${chosen.name} was removed. Choose another area.`, { bad: true });
    app.editor.settle(data);
    this.#takeSettings(data);
    const changed = app.plan.overlay(app.editor.pending);
    app.mailer.arrived();
    if (app.plan.rev === null) return;
    app.ready = true;
    app.busy.show(null);
    app.restyle(changed);
    this.#takeLook(data.look);
    app.legend.finding.take(data.found);
    if (app.outbox.size && !app.editor.sentSeq) app.editor.flush();
  }

  /** @param {any} data */
  async #takeShapes(data) {
    const { app } = this;
    const ask = () => this.ask();
    if (data.geo.key !== this.geoKey) {
      app.shapes = await shapesOf(data.geo.key, ask);
      const { topology, frames, search } = app.shapes;
      Object.assign(app, { topology, frames, search });
      Object.assign(app.figures, app.shapes.cost);
      this.geoKey = data.geo.key;
      app.scene.setShapes();
      app.camera.limit(search.bounds);
      app.viewport.begin();
    }
    if (data.facts?.key !== this.factsKey) {
      app.facts = data.facts ? await factsOf(data.facts.key, ask) : new Facts([], []);
      this.factsKey = data.facts?.key;
    }
    if (data.base?.key !== app.base?.key) {
      app.base = data.base ? { ...data.base, plan: await baseOf(data.base, ask) } : null;
    }
    this.fed();
  }

  /** Tell Python when all that was asked for has come. */
  fed() {
    if (!this.asked || missing().length) return;
    this.asked = false;
    this.app.mailer.post('need', () => ({ keys: missing() }));
  }

  /** @param {import('./wire/memory.js').Desk} desk */
  #sitDown(desk) {
    const { app } = this;
    app.plan = desk.plan;
    app.outbox = desk.outbox;
    app.editor.selection = desk.selection;
    app.editor.stroke = null;
    app.active = null;
  }

  /** @param {any} data */
  #takeSettings(data) {
    const { app } = this;
    app.readonly = Boolean(data.readonly);
    app.tolerance = data.tolerance ?? 0.05;
    app.noun = data.noun ?? { one: 'container', many: 'containers' };
    const focus = JSON.stringify(data.focus ?? null);
    if (data.focus && focus !== this.toldFocus) {
      const first = this.toldFocus === undefined;
      app.focus = { ...data.focus };
      app.editor.prune();
      if (!first || app.focus.areas) app.viewport.lookAtFocus();
    }
    this.toldFocus = focus;
    if (data.measure !== this.toldMeasure) app.measure = this.toldMeasure = data.measure;
    if (data.way !== this.toldWay) app.looks.asked = this.toldWay = data.way;
    this.#takeMark(data.mark ?? []);
    app.notice.show(data.notice);
    if (app.active && !app.plan.areas.has(app.active)) app.active = null;
    app.scope.prune();
    if (app.readonly && app.toolNow.edits) app.tool = 'select';
  }

  /** Outline what the page marks, and go there. @param {number[]} steps */
  #takeMark(steps) {
    const { app } = this;
    const mark = JSON.stringify(steps);
    if (mark === this.toldMark) return;
    this.toldMark = mark;
    app.marked = new Set(positionsOf(steps));
    app.scene.dirty(null);
    if (app.marked.size) app.viewport.lookAtItems(app.marked);
  }

  /** Go where the page points, once, and select that. @param {any} look */
  #takeLook(look) {
    if (!look || look.seq === looked) return;
    looked = look.seq;
    this.show(look.items, look);
  }

  /** Select containers, as far as they are in focus, and go to them. @param {number[]} steps @param {{select?: boolean, go?: boolean}} how */
  show(steps, { select = true, go = true }) {
    const { editor, noun, toasts, viewport } = this.app;
    const items = new Set(positionsOf(steps));
    if (select) {
      editor.select(items);
      const outside = items.size - editor.selection.size;
      if (outside) toasts.say(`${counted(outside, noun)} outside the focus.`);
    }
    if (go) viewport.lookAtItems(items);
  }

  /** Ask Python for the whole state, again until it came. */
  #resync() {
    this.app.mailer.post('resync', () => ({ have: this.app.plan.rev }));
    clearTimeout(this.resyncing);
    this.resyncing = setTimeout(() => this.#resync(), ASK_AGAIN_MS);
  }

  /** Ask Python for what is missing, again until it came. */
  ask() {
    this.asked = true;
    this.app.mailer.post('need', () => ({ keys: missing() }));
    clearTimeout(this.asking);
    this.asking = setTimeout(() => { if (missing().length) this.ask(); }, ASK_AGAIN_MS);
  }

  dispose() {
    clearTimeout(this.resyncing);
    clearTimeout(this.asking);
  }
}
