import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Scene } from '../../tp_geo/ui/territory_map/render/scene.js';

test('what lies in the focus is known before the first picture', () => {
  const app = { focus: { areas: null }, plan: { tree: { inFocus: () => Uint8Array.of(1, 1) } } };
  const scene = new Scene(app, { addEventListener() {} });
  scene.restyle();
  assert.deepEqual([...scene.focused], [1, 1]);
});
