import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DIVERGING, kindColor, SEQUENTIAL, stepsOf, toLab } from '../../tp_geo/ui/territory_map/render/ramps.js';

/**
 * What people without one kind of cone see.
 *
 * Source: Machado, Oliveira and Fernandes, A Physiologically-based Model for Simulation of Color
 * Vision Deficiency, 2009, severity 1.
 */
const SIGHTS = {
  all: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const gamma = (v) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);
const seen = (color, sight) => toLab(sight.map((row) =>
  gamma(Math.max(0, Math.min(1, row.reduce((sum, w, i) => sum + w * linear(color[i]), 0))))));
const apart = (a, b) => Math.hypot(...a.map((v, i) => v - b[i]));

for (const [sight, matrix] of Object.entries(SIGHTS)) {
  for (const dark of [false, true]) {
    test(`classes in order are told apart, ${sight} sight, ${dark ? 'dark' : 'light'} page`, () => {
      for (const ramp of SEQUENTIAL) {
        const labs = stepsOf(ramp, 7, dark).map((c) => seen(c, matrix));
        for (let i = 1; i < labs.length; i++) {
          assert.ok(apart(labs[i], labs[i - 1]) > 0.05, `${ramp.name} ${i}: ${apart(labs[i], labs[i - 1])}`);
          assert.ok(dark ? labs[i][0] > labs[i - 1][0] : labs[i][0] < labs[i - 1][0], `${ramp.name} ${i} lightness`);
        }
      }
    });

    test(`above and below are told apart, ${sight} sight, ${dark ? 'dark' : 'light'} page`, () => {
      for (const ramp of DIVERGING) {
        const labs = stepsOf(ramp, 7, dark).map((c) => seen(c, matrix));
        for (let i = 0; i < labs.length; i++) {
          for (let j = 0; j < i; j++) assert.ok(apart(labs[i], labs[j]) > 0.035, `${ramp.name} ${i} ${j}: ${apart(labs[i], labs[j])}`);
        }
      }
    });
  }
}

test('one class takes the middle of its colors, many run from end to end', () => {
  assert.equal(stepsOf(SEQUENTIAL[0], 1, false).length, 1);
  const [first, , last] = stepsOf(DIVERGING[0], 3, false);
  assert.ok(first[2] > first[0] && last[0] > last[2]);
});

test('kinds never run out of colors', () => {
  const all = Array.from({ length: 30 }, (_, i) => String(kindColor(i)));
  assert.equal(new Set(all).size, 30);
});
