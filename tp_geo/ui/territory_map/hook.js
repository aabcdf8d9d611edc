// What tests use: places on Earth to pixels and back, and figures about the map.

/** @typedef {import('./app.js').App} App */

/** @param {App} app */
export function hookOf(app) {
  const itemAt = (/** @type {number} */ lon, /** @type {number} */ lat) => {
    const place = app.topology.locate(lon, lat);
    return place ? app.search.itemAt(...place) : -1;
  };
  return {
    app,
    /** @returns {[number, number] | null} pixels of the viewport */
    project(/** @type {number} */ lon, /** @type {number} */ lat) {
      const place = app.topology.locate(lon, lat);
      if (!place) return null;
      const box = app.overlay.canvas.getBoundingClientRect();
      const [x, y] = app.camera.toScreen(...place);
      return [box.left + x, box.top + y];
    },
    itemAt,
    /** @returns {number | null} leaf area at a place, 0 unassigned, null none */
    areaAt(/** @type {number} */ lon, /** @type {number} */ lat) {
      const item = itemAt(lon, lat);
      return item < 0 ? null : app.plan.current[item];
    },
    stats: () => ({
      items: app.topology?.items ?? 0,
      areas: app.plan?.areas.size ?? 0,
      revision: app.plan?.rev ?? null,
      pending: app.outbox?.size ?? 0,
      selected: app.editor.selection.size,
      marked: app.marked.size,
      software: app.scene.renderer?.software ?? null,
      ...app.figures,
    }),
    setActive: (/** @type {number} */ id) => app.setActive(id),
    setTool: (/** @type {string} */ tool) => app.setTool(tool),
    select: (/** @type {number[]} */ items) => app.editor.select(items),
    lookAt(/** @type {number} */ lon, /** @type {number} */ lat, /** @type {number} */ zoom) {
      const place = app.topology.locate(lon, lat);
      if (!place) return;
      Object.assign(app.camera, { x: place[0], y: place[1], k: app.camera.least * zoom });
      app.viewport.moved();
    },
  };
}
