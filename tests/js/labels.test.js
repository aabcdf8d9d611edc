import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rasterOf } from '../../tp_geo/ui/territory_map/geometry/raster.js';
import { labelsOf } from '../../tp_geo/ui/territory_map/model/labels.js';
import { astray, partsOf } from '../../tp_geo/ui/territory_map/model/parts.js';
import { citiesOf, insetsOf, placesOf } from '../../tp_geo/ui/territory_map/model/places.js';
import { fitted, ownPart, Taken } from '../../tp_geo/ui/territory_map/render/placing.js';
import { random, smallShapes } from './support.js';

const widthOf = (text) => 7 * text.length;

async function rastered(cells = 300) {
  const { t, frames, search } = await smallShapes();
  return { t, frames, search, raster: rasterOf(t, frames, search.bounds, cells) };
}

test('each cell of the raster has the item that covers its middle', async () => {
  const { search, raster } = await rastered(97);
  for (let c = 0; c < raster.item.length; c++) {
    const x = raster.x + ((c % raster.w) + 0.5) * raster.cell;
    const y = raster.y + (Math.floor(c / raster.w) + 0.5) * raster.cell;
    assert.equal(raster.item[c], search.itemAt(x, y), `cell ${c}`);
  }
});

test('a name stands in its area, in the part with the most land', async () => {
  const { t, frames, search, raster } = await rastered();
  const next = random(5);
  for (let round = 0; round < 20; round++) {
    const shown = Uint16Array.from({ length: t.items }, () => Math.floor(next() * 4));
    const parts = partsOf(t, frames.area, shown);
    for (const { id, x, y } of labelsOf(t, frames.area, raster, shown, parts)) {
      const item = search.itemAt(x, y);
      assert.equal(shown[item], id);
      assert.equal(parts.part[item], parts.largest.get(id));
    }
  }
});

test('a name has the room it says it has, twice as wide as high', async () => {
  const { t, frames, search, raster } = await rastered();
  const shown = new Uint16Array(t.items).fill(1);
  const [{ x, y, room }] = labelsOf(t, frames.area, raster, shown);
  const unit = t.locate(1, 0)[0] - t.locate(0, 0)[0];
  assert.ok(room > 0.5 * unit && room <= 1.5 * unit, `${room / unit}`);
  for (let a = 0; a < 2 * Math.PI; a += 0.3) {
    const item = search.itemAt(x + 0.85 * 2 * room * Math.cos(a), y + 0.85 * room * Math.sin(a));
    assert.equal(shown[item], 1);
  }
});

test('an area that no cell shows still has a name', async () => {
  const { t, frames, raster } = await rastered(3);
  const shown = new Uint16Array(t.items);
  shown[9] = 7;
  const [label] = labelsOf(t, frames.area, raster, shown);
  assert.deepEqual([label.id, label.x, label.y], [7, t.px[9], t.py[9]]);
});

test('an island belongs to the part of the coast it is linked to', async () => {
  const { t, frames } = await smallShapes();
  const size = Float32Array.from(frames.area, (v, i) => (i === 10 ? 1 : v));
  const shown = Uint16Array.from([1, 1, 2, 1, 2, 2, 3, 3, 1, 3, 2]);
  const parts = partsOf(t, size, shown);
  assert.deepEqual([...parts.count].sort(), [[1, 2], [2, 1], [3, 2]]);
  assert.deepEqual(astray(parts, shown, 1), [8]);
  assert.deepEqual(astray(parts, shown, 2), [], 'item 10 is linked to 2');
  assert.deepEqual(astray(parts, shown, 3), [9]);
});

test('states are named from the levels of the shapes', async () => {
  const { t, frames, raster } = await rastered();
  assert.deepEqual(placesOf(t, frames.area, raster, 'state').map((p) => p.name), ['Upper', 'Lower']);
  assert.deepEqual(placesOf(t, frames.area, raster, 'county'), []);
});

test('items of one name are a city, the largest first', () => {
  const t = {
    items: 6, names: ['Ames, IA', 'Ames, IA', 'Erie, PA', 'Erie, PA', 'Erie, PA', 'Alone, TX'],
    px: [0, 2, 10, 11, 12, 50], py: [0, 0, 5, 5, 5, 50],
  };
  assert.deepEqual(citiesOf(t), [{ name: 'Erie', x: 11, y: 5, items: 3 }, { name: 'Ames', x: 0, y: 0, items: 2 }]);
});

test('names never overlap, and who comes first stays', () => {
  const next = random(2);
  const taken = new Taken();
  const boxes = [];
  for (let i = 0; i < 400; i++) {
    const box = [next() * 800, next() * 600, 20 + next() * 90, 12 + next() * 20];
    const free = !boxes.some(([x, y, w, h]) => Math.abs(x - box[0]) < (w + box[2]) / 2 && Math.abs(y - box[1]) < (h + box[3]) / 2);
    assert.equal(taken.take(...box), free);
    if (free) boxes.push(box);
  }
  assert.ok(boxes.length > 20);
});

test('a name is written as it fits: whole, wrapped, without the common word, cut short, or not at all', () => {
  assert.deepEqual(fitted('Bay Area', 'Region', 60, false, widthOf), ['Bay Area']);
  assert.deepEqual(fitted('North Carolina Coast', 'Region', 100, true, widthOf), ['North', 'Carolina Coast']);
  assert.deepEqual(fitted('Region 12', 'Region', 20, false, widthOf), ['12']);
  assert.deepEqual(fitted('Massachusetts', 'Region', 60, false, widthOf), ['Massach…']);
  assert.deepEqual(fitted('Massachusetts', 'Region', 20, false, widthOf), []);
});

test('what a composite puts elsewhere has a frame', async () => {
  const t = { items: 4, piece: [0, 1, 1, -1], projection: { pieces: [{ name: 'main' }, { name: 'puerto rico' }] } };
  const box = Float32Array.from([0, 0, 9, 9, 20, 20, 22, 23, 24, 19, 25, 21, 90, 90, 91, 91]);
  assert.deepEqual(insetsOf(t, { box }), [{ name: 'Puerto Rico', piece: 1, box: [20, 19, 25, 23] }]);
});

test('only the word that all of a level share is left out', () => {
  assert.equal(ownPart('Region 12', 'Region'), '12');
  assert.equal(ownPart('Regional 12', 'Region'), 'Regional 12');
  assert.equal(ownPart('Region', 'Region'), 'Region');
  assert.equal(ownPart('Coast', ''), 'Coast');
});
