// Where one class of values ends and the next begins: by quantiles, natural breaks or equal steps.

/** @typedef {'quantiles' | 'natural' | 'equal'} Method */

/** Values that natural breaks are looked for among; more are sampled evenly. */
const SAMPLE = 500;

/**
 * Ascending limits between classes; a value equal to a limit lies above it. Fewer than asked for
 * where values repeat, none where all are alike.
 * @param {Iterable<number>} values those that are no number are left out
 * @param {Method} method
 * @param {number} count of classes
 * @returns {number[]}
 */
export function breaksOf(values, method, count) {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  if (!sorted.length || count < 2) return [];
  const found = { quantiles, natural, equal }[method](sorted, count);
  return neat(found, sorted[0], sorted[sorted.length - 1]);
}

/** The class of a value, from 0. @param {number} value @param {number[]} breaks */
export function classOf(value, breaks) {
  let at = 0;
  while (at < breaks.length && value >= breaks[at]) at++;
  return at;
}

/**
 * Limits as typed by a person: numbers in order, each once.
 * @param {number[]} typed
 */
export function tidy(typed) {
  return [...new Set(typed.filter(Number.isFinite))].sort((a, b) => a - b);
}

/** @param {Float64Array} sorted @param {number} count */
function quantiles(sorted, count) {
  return inner(count, (k) => sorted[Math.min(sorted.length - 1, Math.round((k * sorted.length) / count))]);
}

/** @param {Float64Array} sorted @param {number} count */
function equal(sorted, count) {
  const low = sorted[0];
  const high = sorted[sorted.length - 1];
  return inner(count, (k) => low + ((high - low) * k) / count);
}

/**
 * The classes with the least sum of squares about their means.
 *
 * Source: Fisher, On Grouping for Maximum Homogeneity, Journal of the American Statistical
 * Association 53, 1958, 789-798.
 * @param {Float64Array} sorted @param {number} count
 */
function natural(sorted, count) {
  const v = sampled(sorted);
  const cost = spread(v);
  const classes = Math.min(count, new Set(v).size);
  let least = Float64Array.from(v, (_, i) => cost(0, i));
  /** @type {Uint32Array[]} by class, where it begins when it ends at i */
  const begins = [new Uint32Array(v.length)];
  for (let k = 1; k < classes; k++) {
    const next = new Float64Array(v.length).fill(Infinity);
    const begin = new Uint32Array(v.length);
    for (let i = k; i < v.length; i++) {
      for (let j = k; j <= i; j++) {
        const sum = least[j - 1] + cost(j, i);
        if (sum < next[i]) [next[i], begin[i]] = [sum, j];
      }
    }
    begins.push(begin);
    least = next;
  }
  const found = [];
  for (let k = classes - 1, end = v.length - 1; k > 0; k--) {
    found.unshift(v[begins[k][end]]);
    end = begins[k][end] - 1;
  }
  return found;
}

/** Sum of squares about the mean from one value to another. @param {Float64Array} v */
function spread(v) {
  const sum = new Float64Array(v.length + 1);
  const squares = new Float64Array(v.length + 1);
  const middle = v[v.length >> 1];
  for (let i = 0; i < v.length; i++) {
    sum[i + 1] = sum[i] + (v[i] - middle);
    squares[i + 1] = squares[i] + (v[i] - middle) ** 2;
  }
  return (/** @type {number} */ from, /** @type {number} */ to) => {
    const s = sum[to + 1] - sum[from];
    return Math.max(0, squares[to + 1] - squares[from] - (s * s) / (to - from + 1));
  };
}

/** @param {Float64Array} sorted */
function sampled(sorted) {
  if (sorted.length <= SAMPLE) return sorted;
  return Float64Array.from({ length: SAMPLE }, (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (SAMPLE - 1))]);
}

/** @param {number} count @param {(k: number) => number} limit */
function inner(count, limit) {
  return Array.from({ length: count - 1 }, (_, k) => limit(k + 1));
}

/**
 * Limits rounded as far as they stay apart, so that they can be read.
 * @param {number[]} breaks @param {number} low @param {number} high
 */
function neat(breaks, low, high) {
  const apart = tidy(breaks).filter((b) => b > low);
  return tidy(apart.map((b, i) => {
    const room = Math.min(b - (apart[i - 1] ?? low), (apart[i + 1] ?? high) - b || Infinity);
    return rounded(b, room / 5, high);
  })).filter((b) => b > low);
}

/**
 * A value to the nearest power of ten that is no more than a step, but not above the highest.
 * @param {number} value @param {number} step @param {number} high
 */
function rounded(value, step, high) {
  if (!(step > 0) || !Number.isFinite(step)) return value;
  const digits = Math.max(-12, Math.floor(Math.log10(step)));
  const times = Math.round(value / 10 ** digits);
  const of = (/** @type {number} */ n) => (digits >= 0 ? n * 10 ** digits : Number((n / 10 ** -digits).toFixed(-digits)));
  return of(times) <= high ? of(times) : of(times - 1);
}
