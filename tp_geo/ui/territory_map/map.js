// Entry of the Streamlit component: one map for each element it is given.
import { App } from './app.js';
import { hookOf } from './hook.js';
import { h } from './view/dom.js';

/**
 * Maps by the element they are in. Other versions of this module share it: a server
 * that was updated brings one while the page stays open.
 * @type {WeakMap<Element | ShadowRoot, App>}
 */
const apps = ((/** @type {any} */ (globalThis)).__tpApps ||= new WeakMap());

/** How long an element may be out of the page before the map is given up, in milliseconds. */
const GONE_MS = 200;

/** @param {any} api what Streamlit hands to a component */
export default function territoryMap(api) {
  const { parentElement, data } = api;
  if (!data) return undefined;
  let app = apps.get(parentElement);
  if (!(app instanceof App)) {
    if (app) end(parentElement, app);
    const made = open(parentElement, data);
    if (!made) return undefined;
    app = made;
  }
  app.update(api);
  // Called also for a call that a newer one overtook, while the map stays: look before disposing.
  return () => setTimeout(() => close(parentElement, /** @type {App} */ (app)), GONE_MS);
}

/** @param {any} parent @param {any} data @returns {App | null} */
function open(parent, data) {
  if (!document.createElement('canvas').getContext('webgl2')) {
    if (parent.querySelector('.without')) return null;
    parent.append(h('div', { class: 'tp-map without', style: `height:${data.height}px`, role: 'alert' },
      h('p', { text: 'This browser draws no maps: WebGL 2 is missing or switched off. '
        + 'The table does the same work.' })));
    return null;
  }
  const app = new App(data.name);
  apps.set(parent, app);
  parent.append(app.root);
  (/** @type {any} */ (globalThis).__tpMaps ||= {})[data.name] = hookOf(app);
  return app;
}

/** @param {any} parent @param {App} app */
function close(parent, app) {
  if (!app.root.isConnected && apps.get(parent) === app) end(parent, app);
}

/** @param {any} parent @param {App} app */
function end(parent, app) {
  app.dispose();
  app.root.remove();
  apps.delete(parent);
  const maps = /** @type {any} */ (globalThis).__tpMaps;
  if (maps?.[app.name]?.app === app) delete maps[app.name];
}
