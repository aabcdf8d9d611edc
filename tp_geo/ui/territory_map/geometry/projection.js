// The formulas of tp_geo/geometry/projection.py: degrees to metres on the flat map.

const RADIANS = Math.PI / 180;
const MERCATOR_LIMIT = 85.0511;

/**
 * @typedef {(lon: number, lat: number) => [number, number] | null} Project null: not shown
 * @typedef {(lon: number, lat: number) => [number, number]} Plane of one piece, beyond what it shows too
 */

/**
 * @param {any} description as Python wrote it into the shapes' head
 * @returns {Project}
 */
export function projectionOf(description) {
  const planes = planesOf(description);
  const { kind, pieces, hidden } = description;
  if (kind === 'mercator') return planes[0];
  return (lon, lat) => {
    if (hidden?.some((/** @type {number[]} */ box) => covers(box, lon, lat))) return null;
    const at = pieces.findLastIndex((/** @type {any} */ piece) => covers(piece.box, lon, lat));
    return at < 0 ? null : planes[at](lon, lat);
  };
}

/** @param {any} description @returns {Plane[]} what each piece draws, wherever on Earth */
export function planesOf(description) {
  if (description.kind === 'mercator') return [mercator(description)];
  return description.pieces.map((/** @type {any} */ piece) => conic(piece, description.radius));
}

/**
 * How many times longer than on the Earth a line is drawn: the scale of a piece, or
 * what Mercator adds away from the equator.
 * @param {any} description
 * @param {number} piece -1 where it is not shown
 * @param {number} y plane metres
 */
export function stretchOf({ kind, pieces, radius }, piece, y) {
  if (kind === 'mercator') return Math.cosh(y / radius);
  return pieces[piece]?.scale ?? 1;
}

/**
 * @param {number[]} box west, south, east, north
 * @param {number} lon
 * @param {number} lat
 */
function covers([west, south, east, north], lon, lat) {
  const across = west > east ? lon >= west || lon <= east : lon >= west && lon <= east;
  return across && lat >= south && lat <= north;
}

/**
 * @param {any} piece
 * @param {number} radius of the sphere
 * @returns {Plane}
 */
function conic(piece, radius) {
  const [first, second] = piece.parallels.map((/** @type {number} */ p) => p * RADIANS);
  const n = (Math.sin(first) + Math.sin(second)) / 2;
  const c = Math.cos(first) ** 2 + 2 * n * Math.sin(first);
  const rho = (/** @type {number} */ lat) =>
    (radius * Math.sqrt(Math.max(0, c - 2 * n * Math.sin(lat * RADIANS)))) / n;
  const [lon0, lat0] = piece.middle;
  return (lon, lat) => {
    const theta = n * (modulo(lon - lon0 + 540, 360) - 180) * RADIANS;
    return [
      rho(lat) * Math.sin(theta) * piece.scale + piece.at[0],
      (rho(lat0) - rho(lat) * Math.cos(theta)) * piece.scale + piece.at[1],
    ];
  };
}

/**
 * @param {any} description
 * @returns {Plane}
 */
function mercator({ radius, cut }) {
  return (lon, lat) => {
    const phi = Math.max(-MERCATOR_LIMIT, Math.min(MERCATOR_LIMIT, lat)) * RADIANS;
    const y = Math.log(Math.tan(Math.PI / 4 + phi / 2));
    return [modulo(lon - cut, 360) * RADIANS * radius, y * radius];
  };
}

/** @param {number} a @param {number} b */
function modulo(a, b) {
  return ((a % b) + b) % b;
}
