// Put into a page before its own scripts: how many frames there were.
(() => {
  const ask = window.requestAnimationFrame.bind(window);
  /** @type {number[]} */
  let ticks = [];
  let counting = false;
  window.gauge = {
    /** Whether frames that draw are looked at. */ looking: false,
    /** @type {number[]} milliseconds of the frames that drew, where `pixels.js` looks */
    frames: [],
    ask,
    /** Begin to count. */
    count() {
      ticks = [];
      this.frames = [];
      counting = this.looking = true;
      const tick = (now) => {
        ticks.push(now);
        if (counting) ask(tick);
      };
      ask(tick);
    },
    /** @returns {number} frames a second since the count began */
    counted() {
      counting = false;
      return 1000 * (ticks.length - 1) / (ticks[ticks.length - 1] - ticks[0]);
    },
    /** @returns {number[]} what frames cost that drew since the count began */
    looked() {
      this.looking = false;
      return this.frames;
    },
  };
})();
