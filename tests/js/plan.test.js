import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviation, Facts } from '../../tp_geo/ui/territory_map/model/facts.js';
import { Plan } from '../../tp_geo/ui/territory_map/model/plan.js';
import { Tree } from '../../tp_geo/ui/territory_map/model/tree.js';
import { bytes, fixture } from './support.js';

const { first, second, third, both, whole, assign, totals } = fixture('messages');
const facts = await Facts.decode(bytes(fixture('shapes').facts));

const area = (id, parent = null, more = {}) =>
  [id, { id, name: `A${id}`, parent, level: 'Area', color: '#000000', locked: false, owner: null, targets: {}, status: 'draft', ...more }];

async function planAfter(...messages) {
  const plan = new Plan('plan', 11);
  for (const message of messages) assert.ok(await plan.take(message));
  plan.overlay([]);
  return plan;
}

/** What must be equal: everything but what is on its way. */
const picture = ({ rev, confirmed, held, mixed, areas, corrections }) =>
  ({ rev, confirmed, held, mixed, areas, corrections: new Map([...corrections].sort()) });

test('changes lead to what Python has', async () => {
  const plan = await planAfter(first, second, third);
  assert.deepEqual([...plan.confirmed], assign['3']);
  assert.deepEqual(picture(plan), picture(await planAfter(whole)));
});

test('a change since an older revision fits on top of a newer one', async () => {
  assert.deepEqual(picture(await planAfter(first, second, both)), picture(await planAfter(whole)));
  assert.deepEqual(picture(await planAfter(first, both, second, third)), picture(await planAfter(whole)));
});

test('a change on top of what is not here asks for everything', async () => {
  assert.equal(await new Plan('plan', 11).take(second), false);
  const plan = await planAfter(first);
  assert.equal(await plan.take(third), false);
  assert.deepEqual([...plan.confirmed], assign['1']);
});

test('a plan over other shapes is refused in words', async () => {
  await assert.rejects(new Plan('plan', 12).take(first), /11 containers, the shapes 12/);
});

test('held and mixed containers follow', async () => {
  const plan = await planAfter(first, second);
  assert.deepEqual([...plan.held.keys()].filter((i) => plan.held[i]), [1]);
  assert.deepEqual([...plan.mixed.keys()].filter((i) => plan.mixed[i]), [4]);
  assert.equal((await planAfter(first, second, third)).held[1], 0);
});

test('a container whose units went elsewhere shows it at once, and once', async () => {
  const plan = await planAfter(first);
  await plan.take(second);
  assert.ok(plan.overlay([]).includes(4));
  assert.deepEqual(plan.overlay([]), []);
  await plan.take(whole);
  assert.equal(plan.overlay([]).includes(4), plan.mixed[4] === 0);
});

for (const [rev, messages] of Object.entries({ 1: [first], 2: [first, second], 3: [whole] })) {
  test(`totals are those of the core at revision ${rev}`, async () => {
    const plan = await planAfter(...messages);
    for (const [measure, want] of Object.entries(totals[rev])) {
      const at = facts.indexOf(measure);
      const found = facts.totals(plan, at);
      want.forEach((value, id) => {
        const figure = facts.figure(found, at, id);
        if (value === null) assert.ok(Number.isNaN(figure));
        else assert.ok(Math.abs(figure - value) < 1e-6, `${measure} of ${id}: ${figure}, not ${value}`);
      });
    }
  });
}

test('what is on its way is laid over, and given to the first leaf', async () => {
  const plan = await planAfter(first);
  const changed = plan.overlay([
    { seq: 1, kind: 'assign', to: 2, items: [3, 1] },
    { seq: 2, kind: 'undo' },
    { seq: 3, kind: 'assign', to: 1, items: [4, 6, 900] },
  ]);
  assert.deepEqual(changed, [3, 10]);
  assert.equal(plan.current[3], 2);
  assert.equal(plan.current[4], 3, 'North is divided: its first leaf is N1');
  assert.equal(plan.current[10], 3);
  assert.deepEqual(plan.overlay([]), [3, 10]);
  assert.deepEqual([...plan.current], assign['1']);
});

test('what is held on its way shows at once, and goes with its refusal', async () => {
  const plan = await planAfter(first);
  assert.deepEqual(plan.overlay([{ seq: 1, kind: 'hold', held: true, items: [3] }]), [3]);
  assert.equal(plan.stuck(3), 'held');
  assert.deepEqual(plan.overlay([]), [3]);
  assert.equal(plan.stuck(3), null);
});

test('a server that lost revisions wins over a browser that is ahead of it', async () => {
  const plan = await planAfter(whole);
  assert.ok(await plan.take({ ...first }));
  assert.equal(plan.rev, first.rev);
});

test('what is held or locked says why it stays', async () => {
  const plan = await planAfter(first, second);
  assert.equal(plan.stuck(1), 'held');
  assert.equal(plan.stuck(3), null);
  plan.areas.get(1).locked = true;
  assert.match(plan.stuck(3), /North, which is locked/);
});

test('an area stands for those below it at its level; branches not divided stand for themselves', () => {
  const tree = new Tree(new Map([area(1), area(2), area(3, 1), area(4, 1), area(5, 4)]));
  assert.deepEqual([...tree.shownAt(1)], [0, 1, 2, 1, 1, 1]);
  assert.deepEqual([...tree.shownAt(2)], [0, 1, 2, 3, 4, 4]);
  assert.deepEqual([...tree.shownAt(9)], [0, 1, 2, 3, 4, 5]);
  assert.equal(tree.deepest, 3);
  assert.equal(tree.leaf(1), 3);
  assert.deepEqual(tree.order, [1, 3, 4, 5, 2]);
});

test('a focus covers what lies below its areas', () => {
  const tree = new Tree(new Map([area(1), area(2), area(3, 1), area(4, 3)]));
  assert.deepEqual([...tree.inFocus({ areas: null, level: 1, unassigned: true })], [1, 1, 1, 1, 1]);
  assert.deepEqual([...tree.inFocus({ areas: [3], level: 2, unassigned: false })], [0, 0, 0, 1, 1]);
});

test('there is no deviation without a target', () => {
  assert.equal(deviation(110, 100), 0.1);
  assert.equal(deviation(110, 0), null);
  assert.equal(deviation(110, undefined), null);
});
