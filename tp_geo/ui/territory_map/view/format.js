// Numbers for people: tabular, grouped, signed where it is a deviation.

const COMPACT = new Intl.NumberFormat('en', {
  notation: 'compact', minimumSignificantDigits: 3, maximumSignificantDigits: 3,
});
const EXACT = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const FINE = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

const BRIEF = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** A limit: short, and no longer than it must be. @param {number} value */
export function brief(value) {
  return (Math.abs(value) < 1000 ? FINE : BRIEF).format(value);
}

/** @param {number} n */
export function whole(n) {
  return EXACT.format(n);
}

/**
 * A figure with its unit, short.
 * @param {number} value
 * @param {string} unit
 */
export function short(value, unit = '') {
  if (!Number.isFinite(value)) return '–';
  return withUnit((Math.abs(value) < 1000 ? FINE : COMPACT).format(value), unit);
}

/**
 * A figure with its unit, in full.
 * @param {number} value
 * @param {string} unit
 */
export function full(value, unit = '') {
  if (!Number.isFinite(value)) return '–';
  return withUnit((Math.abs(value) >= 1000 ? EXACT : FINE).format(value), unit);
}

/**
 * `+3.1 %`; null is no deviation.
 * @param {number | null} share
 */
export function percent(share) {
  if (share === null || !Number.isFinite(share)) return '';
  const value = share * 100;
  const digits = Math.abs(value) < 9.95 ? 1 : 0;
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return '0 %';
  if (Math.abs(value) >= 1000) return value < 0 ? '< −999 %' : '> +999 %';
  return `${value < 0 ? '−' : '+'}${text} %`;
}

/**
 * `1 postal code`, `57 postal codes`.
 * @param {number} n
 * @param {{one: string, many: string}} noun
 */
export function counted(n, noun) {
  return `${EXACT.format(n)} ${n === 1 ? noun.one : noun.many}`;
}

/** @param {string} text @param {string} unit */
function withUnit(text, unit) {
  if (!unit) return text;
  if (/^[$€£¥]$/.test(unit)) return `${unit}${text}`;
  return `${text} ${text === '1' ? unit.replace(/(?<=[a-z])s$/, '') : unit}`;
}
