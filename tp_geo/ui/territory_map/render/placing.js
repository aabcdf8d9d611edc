// Names side by side without touching: who comes first stays, and names are wrapped or shortened to fit.

const CELL = 64;

/** Boxes that are taken, in pixels. */
export class Taken {
  constructor() {
    /** @type {Map<number, number[][]>} by cell */
    this.cells = new Map();
  }

  /**
   * Take a box if it is free.
   * @param {number} x middle @param {number} y middle @param {number} w @param {number} h
   * @returns {boolean} whether it was
   */
  take(x, y, w, h) {
    const box = [x - w / 2, y - h / 2, x + w / 2, y + h / 2];
    const keys = cellsOf(box);
    for (const key of keys) {
      for (const [x0, y0, x1, y1] of this.cells.get(key) ?? []) {
        if (box[0] < x1 && box[2] > x0 && box[1] < y1 && box[3] > y0) return false;
      }
    }
    for (const key of keys) {
      const cell = this.cells.get(key);
      if (cell) cell.push(box);
      else this.cells.set(key, [box]);
    }
    return true;
  }
}

/** @param {number[]} box */
function cellsOf([x0, y0, x1, y1]) {
  const keys = [];
  for (let row = Math.floor(y0 / CELL); row <= Math.floor(y1 / CELL); row++) {
    for (let col = Math.floor(x0 / CELL); col <= Math.floor(x1 / CELL); col++) keys.push(row * 65536 + col);
  }
  return keys;
}

/**
 * A name as it fits: whole, on two lines, without the word all share, or cut short.
 * @param {string} name
 * @param {string} level what areas like this are called; a name may begin with it
 * @param {number} across pixels there are
 * @param {boolean} tall whether there is room for two lines
 * @param {(text: string) => number} widthOf
 * @returns {string[]} lines; none where nothing readable fits
 */
export function fitted(name, level, across, tall, widthOf) {
  if (widthOf(name) <= across) return [name];
  const halves = tall ? wrapped(name, widthOf) : [];
  if (halves.length && Math.max(...halves.map(widthOf)) <= across) return halves;
  const own = ownPart(name, level);
  if (own !== name && widthOf(own) <= across) return [own];
  const share = across / widthOf(own);
  const kept = own.slice(0, Math.floor(own.length * share) - 1).trimEnd();
  return kept.length >= SHORTEST && kept.length >= own.length / 2 ? [`${kept}…`] : [];
}

/** A name without the word that all of its level begin with. @param {string} name @param {string} level */
export function ownPart(name, level) {
  return level && name.startsWith(`${level} `) ? name.slice(level.length + 1) : name;
}

/** Letters that a name cut short has at least. */
const SHORTEST = 4;

/** @param {string} name @param {(text: string) => number} widthOf */
function wrapped(name, widthOf) {
  const words = name.split(' ');
  /** @type {string[]} */
  let best = [];
  let least = Infinity;
  for (let i = 1; i < words.length; i++) {
    const lines = [words.slice(0, i).join(' '), words.slice(i).join(' ')];
    const width = Math.max(...lines.map(widthOf));
    if (width < least) [best, least] = [lines, width];
  }
  return best;
}
