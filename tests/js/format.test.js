import assert from 'node:assert/strict';
import test from 'node:test';

import { full, short } from '../../tp_geo/ui/territory_map/view/format.js';

test('one of a unit is told in the singular', () => {
  assert.equal(short(1, 'accounts'), '1 account');
  assert.equal(full(1, 'households'), '1 household');
  assert.equal(short(0, 'accounts'), '0 accounts');
  assert.equal(short(1000, 'accounts'), '1.00K accounts');
  assert.equal(short(1, 'people'), '1 people');
  assert.equal(short(1, 'USD'), '1 USD');
});
