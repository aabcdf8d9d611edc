import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Looks } from '../../tp_geo/ui/territory_map/looks.js';

test('what the page asks for is shown, not kept, until another way is chosen', () => {
  const looks = new Looks({ facts: { measures: [] }, measureAt: -1, data: { bases: [{}] }, restyle() {} });
  assert.equal(looks.way, 'area');
  looks.asked = 'change';
  assert.equal(looks.way, 'change');
  looks.choose({ labels: 'none' });
  assert.deepEqual([looks.way, looks.choices.way], ['change', 'area']);
  looks.choose({ way: 'owner' });
  assert.equal(looks.way, 'owner');
});
