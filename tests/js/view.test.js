import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areaColor, paletteOf, rgb } from '../../tp_geo/ui/territory_map/render/theme.js';
import { brief, counted, full, percent, short } from '../../tp_geo/ui/territory_map/view/format.js';
import { blobOf, missing, offer } from '../../tp_geo/ui/territory_map/wire/blobs.js';

test('deviations always carry their sign', () => {
  const cases = { 0.031: '+3.1 %', '-0.08': '−8.0 %', 0.4: '+40 %', 0: '0 %', 0.0001: '0 %', 50: '> +999 %', '-11': '< −999 %' };
  for (const [share, text] of Object.entries(cases)) assert.equal(percent(Number(share)), text);
  assert.equal(percent(null), '');
  assert.equal(percent(NaN), '');
});

test('figures are short in the legend, whole on the card, with their unit', () => {
  assert.equal(short(12_437, '$'), '$12.4K');
  assert.equal(short(25_000_000, 'people'), '25.0M people');
  assert.equal(short(7), '7');
  assert.equal(short(NaN, '$'), '–');
  assert.equal(full(1_234_567.8, '$'), '$1,234,568');
  assert.equal(full(6.0912, 'places'), '6.091 places');
  assert.deepEqual([1900, 80_000, 3.6, 0.125, -2500].map(brief), ['1.9K', '80K', '3.6', '0.125', '-2.5K']);
  assert.equal(counted(1, { one: 'county', many: 'counties' }), '1 county');
  assert.equal(counted(1204, { one: 'county', many: 'counties' }), '1,204 counties');
});

test('colors of any spelling are read; what is none is grey', () => {
  assert.deepEqual(rgb('#ff0080'), [1, 0, 128 / 255]);
  assert.deepEqual(rgb('#f08'), [1, 0, 136 / 255]);
  assert.deepEqual(rgb('rgba(0, 51, 255, .5)'), [0, 0.2, 1]);
  assert.deepEqual(rgb('url(javascript:alert(1))'), [0.5, 0.5, 0.5]);
});

test('every area number has its place in the palette', () => {
  const colors = [];
  colors[1] = rgb('#010203');
  colors[65535] = rgb('#0a0b0c');
  const palette = paletteOf(colors, [0, 0, 0]);
  assert.deepEqual([...palette.subarray(4, 8)], [1, 2, 3, 255]);
  assert.deepEqual([...palette.subarray(4 * 65535)], [10, 11, 12, 255]);
});

test('an area is deeper on dark pages, and near what is unassigned where its color is thin', () => {
  const [light, dark] = [false, true].map((on) => ({ dark: on, unassigned: [on ? 0.2 : 0.9, 0, 0] }));
  assert.ok(areaColor('#808080', dark)[0] < areaColor('#808080', light)[0]);
  assert.deepEqual(areaColor('#808080', light), rgb('#808080'));
  assert.ok(areaColor('#80808038', light)[0] > 0.8);
  assert.ok(areaColor('#80808038', dark)[0] < 0.3);
});

test('bytes are asked for once, and never again', async () => {
  const asked = [];
  const first = blobOf('shapes', () => asked.push('shapes'));
  await new Promise((done) => setTimeout(done, 5));
  assert.deepEqual(missing(), ['shapes']);
  const bytes = new Uint8Array([1, 2, 3]);
  offer('shapes', bytes);
  assert.equal(await first, bytes);
  assert.equal(await blobOf('shapes', () => asked.push('again')), bytes);
  assert.deepEqual(asked, ['shapes']);
  assert.deepEqual(missing(), []);
});

test('bytes that came before anyone waited are there', async () => {
  offer('early', new Uint8Array([9]));
  assert.deepEqual(await blobOf('early', () => assert.fail('asked')), new Uint8Array([9]));
});
