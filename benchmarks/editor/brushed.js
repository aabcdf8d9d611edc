// Containers a brush has to take, worked out from one end of each line to the other.
([places, radius]) => {
  const { app, project } = MAP;
  const { camera, search, topology } = app;
  const box = app.overlay.canvas.getBoundingClientRect();
  const way = places.map((place) => project(...place)).map(([x, y]) => [x - box.left, y - box.top]);
  const found = new Set();
  for (let i = 1; i < way.length; i++) {
    const [[ax, ay], [bx, by]] = [way[i - 1], way[i]];
    const length = Math.hypot(bx - ax, by - ay);
    for (let s = 0; s <= length; s += 1) {
      const t = s / length;
      const at = search.itemAt(...camera.toMap(ax + (bx - ax) * t, ay + (by - ay) * t));
      if (at >= 0) found.add(at);
    }
    for (let item = 0; item < topology.items; item++) {
      if (topology.px[item] < 0) continue;
      const [x, y] = camera.toScreen(topology.px[item], topology.py[item]);
      const t = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length ** 2;
      const s = Math.max(0, Math.min(1, t));
      const away = Math.hypot(x - ax - s * (bx - ax), y - ay - s * (by - ay));
      if (away < radius - 0.5) found.add(item);
    }
  }
  return [...found];
}
