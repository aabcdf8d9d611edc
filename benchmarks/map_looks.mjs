// Processor time of what the map works out in the browser when areas or colors change; see map_looks.py.
import { readFileSync } from 'node:fs';
import { buildFrames } from '../tp_geo/ui/territory_map/geometry/mesh.js';
import { coarsened } from '../tp_geo/ui/territory_map/geometry/coarse.js';
import { rasterOf } from '../tp_geo/ui/territory_map/geometry/raster.js';
import { Search } from '../tp_geo/ui/territory_map/geometry/search.js';
import { decodeTopology } from '../tp_geo/ui/territory_map/geometry/topology.js';
import { breaksOf } from '../tp_geo/ui/territory_map/model/classes.js';
import { containerClasses } from '../tp_geo/ui/territory_map/model/coloring.js';
import { Facts } from '../tp_geo/ui/territory_map/model/facts.js';
import { labelsOf } from '../tp_geo/ui/territory_map/model/labels.js';
import { partsOf } from '../tp_geo/ui/territory_map/model/parts.js';

const [shapes, facts, entries] = process.argv.slice(2);
const t = await decodeTopology(readFileSync(shapes));
const { columns } = await Facts.decode(readFileSync(facts));
const shown = new Uint16Array(readFileSync(entries).buffer.slice(0));
const frames = buildFrames(t);
const { bounds } = new Search(t, frames);
const rough = coarsened(t, (bounds[2] - bounds[0]) / 2600);
const raster = rasterOf(rough, frames, bounds);
const parts = partsOf(t, frames.area, shown);
const measure = [{ name: 'm', label: 'M', unit: '', aggregate: 'sum', weight: null }];
const subject = { plan: { items: t.items }, facts: new Facts(measure, [columns[0]]), measure: 0, km2: frames.km2 };
const classes = (method) => () => containerClasses(subject, 'density', { method, count: 7, hand: [] });

/** Median processor time in milliseconds, once the code is warm. @param {() => unknown} work */
function median(work) {
  const took = [];
  for (let i = 0; i < 15; i++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    if (i > 3) took.push((user + system) / 1000);
  }
  return took.sort((a, b) => a - b)[took.length >> 1];
}

console.log(JSON.stringify({
  'which item lies under each cell of the raster, once': median(() => rasterOf(rough, frames, bounds)),
  'parts of all areas': median(() => partsOf(t, frames.area, shown)),
  'places of all names': median(() => labelsOf(t, frames.area, raster, shown, parts)),
  'density in 7 classes, quantiles': median(classes('quantiles')),
  'density in 7 classes, natural breaks': median(classes('natural')),
  'limits of natural breaks alone': median(() => breaksOf(columns[0], 'natural', 7)),
}));
