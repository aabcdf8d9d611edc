import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Plan } from '../../tp_geo/ui/territory_map/model/plan.js';
import { positionsOf, stepsOf } from '../../tp_geo/ui/territory_map/wire/codec.js';
import { Mailer } from '../../tp_geo/ui/territory_map/wire/mailer.js';
import { Outbox } from '../../tp_geo/ui/territory_map/wire/outbox.js';
import { random } from './support.js';

const N = 30;

class Shelf {
  kept = new Map();
  getItem(key) { return this.kept.get(key) ?? null; }
  setItem(key, value) { this.kept.set(key, value); }
  removeItem(key) { this.kept.delete(key); }
}

/** Python, in short: applies (client, seq) once and in order, refuses area 9 and what is held. */
class Server {
  assign = new Uint16Array(N);
  held = new Uint8Array(N);
  before = [];
  rev = 0;
  ack = {};
  applied = [];
  refused = [];
  receive({ client, ops }) {
    for (const op of ops) {
      if (op.seq <= (this.ack[client] ?? 0)) continue;
      this.ack[client] = op.seq;
      if (this.refuses(op)) this.refused.push({ client, seq: op.seq });
      else {
        this.apply(op);
        this.applied.push(`${client}:${op.seq}`);
        this.rev++;
      }
    }
  }
  refuses({ kind, to, items }) {
    if (kind === 'undo') return !this.before.length;
    return kind === 'assign' && (to === 9 || positionsOf(items).some((item) => this.held[item]));
  }
  apply(op) {
    if (op.kind === 'undo') {
      [this.assign, this.held] = this.before.pop();
      return;
    }
    this.before.push([this.assign.slice(), this.held.slice()]);
    for (const item of positionsOf(op.items)) {
      if (op.kind === 'hold') this.held[item] = Number(op.held);
      else this.assign[item] = op.to;
    }
  }
  answer() {
    const assign = deflateSync(new Uint8Array(this.assign.slice().buffer)).toString('base64');
    const areas = [1, 2, 3, 9].map((id) => ({ id, name: `A${id}`, parent: null, targets: {} }));
    const held = stepsOf([...this.held.keys()].filter((i) => this.held[i]));
    return { rev: this.rev, full: { assign, areas, held, mixed: [], corrections: {} }, ack: { ...this.ack } };
  }
}

for (let seed = 1; seed <= 60; seed++) {
  test(`whatever is lost, late, doubled or refused, both ends agree (seed ${seed})`, async () => {
    const next = random(seed);
    const pick = (n) => Math.floor(next() * n);
    const server = new Server();
    const shelf = new Shelf();
    const asked = [];
    let page = 0;
    let [outbox, plan] = [new Outbox('plan', 'page0', shelf), new Plan('plan', N)];
    const take = async (answer) => {
      await plan.take(answer);
      outbox.settle(answer.ack);
      plan.overlay(outbox.ops);
    };
    await take(server.answer());
    let [underWay, answers] = [[], []];
    for (let turn = 0; turn < 60; turn++) {
      const what = pick(7);
      if (what < 3) {
        const items = stepsOf([pick(N), pick(N)]);
        const op = outbox.add([
          { kind: 'assign', to: [1, 2, 3, 9][pick(4)], items },
          { kind: 'assign', to: 1 + pick(3), items },
          { kind: 'hold', held: Boolean(pick(2)), items },
          { kind: 'undo' },
        ][pick(4)]);
        asked.push(`${outbox.client}:${op.seq}`);
        plan.overlay(outbox.ops);
      } else if (what === 3 && outbox.size) {
        underWay.push(JSON.parse(JSON.stringify(outbox.message(plan.rev))));
        if (pick(2)) underWay.shift();
      } else if (what === 4 && underWay.length) {
        const message = underWay[pick(underWay.length)];
        server.receive(message);
        answers.push(server.answer());
      } else if (what === 5 && answers.length) {
        await take(answers.splice(pick(answers.length), 1)[0]);
      } else if (what === 6 && !pick(4)) {
        outbox = new Outbox('plan', `page${++page}`, shelf);
        plan = new Plan('plan', N);
        [underWay, answers] = [underWay, []];
        await take(server.answer());
      }
    }
    for (let k = 0; outbox.size; k++) {
      assert.ok(k < 20, 'the outbox empties');
      server.receive(outbox.message(plan.rev));
      await take(server.answer());
    }
    await take(server.answer());
    assert.deepEqual(plan.current, server.assign);
    assert.deepEqual(plan.held, server.held);
    const answered = new Set([...server.applied, ...server.refused.map((r) => `${r.client}:${r.seq}`)]);
    assert.deepEqual([...answered].sort(), asked.sort(), 'nothing lost');
    assert.equal(server.applied.length, new Set(server.applied).size, 'nothing doubled');
  });
}

test('an acknowledged operation is not sent again', () => {
  const outbox = new Outbox('plan', 'me', null);
  outbox.add({ kind: 'assign', to: 1, items: [0] });
  outbox.add({ kind: 'undo' });
  outbox.settle({ me: 1, other: 7 });
  assert.deepEqual(outbox.message(4), { client: 'me', alignment: 'plan', have: 4, ops: [{ kind: 'undo', seq: 2 }] });
  outbox.settle({ me: 2 });
  assert.equal(outbox.message(4), null);
});

test('what an earlier page left goes first, under its name', () => {
  const shelf = new Shelf();
  new Outbox('plan', 'old', shelf).add({ kind: 'undo' });
  const outbox = new Outbox('plan', 'new', shelf);
  outbox.add({ kind: 'redo' });
  assert.equal(outbox.message(null).client, 'old');
  outbox.settle({ old: 1 });
  assert.equal(outbox.message(null).client, 'new');
  assert.equal(new Outbox('another plan', 'x', shelf).size, 0);
});

test('a shelf full of rubbish, or none, does no harm', () => {
  const shelf = new Shelf();
  for (const rubbish of ['{', '7', '[1,{"client":3}]', '[{"client":"a","ops":[{"seq":"x"}]}]']) {
    shelf.setItem('tp-geo:outbox:plan', rubbish);
    assert.equal(new Outbox('plan', 'me', shelf).size, 0);
  }
  const full = { getItem: () => null, setItem() { throw new Error('full'); }, removeItem() {} };
  const outbox = new Outbox('plan', 'me', full);
  outbox.add({ kind: 'undo' });
  assert.equal(outbox.size, 1);
});

test('positions come back in order, each once', () => {
  const next = random(3);
  for (let k = 0; k < 50; k++) {
    const some = Array.from({ length: k }, () => Math.floor(next() * 1000));
    const sorted = [...new Set(some)].sort((a, b) => a - b);
    assert.deepEqual([...positionsOf(stepsOf(some))], sorted);
  }
});

test('one trigger is under way at a time, the newest of a name wins', () => {
  const sent = [];
  const timers = [];
  const mailer = new Mailer((name, value) => sent.push([name, value]), (done) => timers.push(done));
  mailer.post('edit', () => 1);
  mailer.post('edit', () => 2);
  mailer.post('edit', () => 3);
  mailer.post('need', () => 'k');
  assert.deepEqual(sent, [['edit', 1]]);
  mailer.arrived();
  assert.deepEqual(sent, [['edit', 1], ['edit', 3]]);
  timers[0]();
  assert.equal(sent.length, 2, 'the first one is answered: its timer means nothing');
  timers[1]();
  assert.deepEqual(sent[2], ['need', 'k'], 'no answer came: go on');
  mailer.post('edit', () => null);
  mailer.arrived();
  assert.equal(sent.length, 3);
});

test('vendored code is what its note says', () => {
  const folder = new URL('../../tp_geo/ui/territory_map/vendor/', import.meta.url);
  const note = readFileSync(new URL('README.md', folder), 'utf8');
  const hash = createHash('sha256').update(readFileSync(new URL('earcut.js', folder))).digest('hex');
  assert.ok(note.includes(hash));
});
