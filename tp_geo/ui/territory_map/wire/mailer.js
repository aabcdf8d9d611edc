// Triggers to Python, one at a time: Streamlit keeps only the newest of those that queue.

/** How long an answer may take before the next trigger goes out all the same, in milliseconds. */
export const ANSWER_MS = 700;

export class Mailer {
  /**
   * @param {(name: string, value: any) => void} send
   * @param {(done: () => void, ms: number) => any} [later]
   */
  constructor(send, later = (done, ms) => setTimeout(done, ms)) {
    this.send = send;
    this.later = later;
    /** @type {Map<string, () => any>} */
    this.waiting = new Map();
    this.turn = 0;
    this.busy = false;
  }

  /**
   * Send something as soon as the one before was answered. The newest of a name wins.
   * @param {string} name
   * @param {() => any} value asked for at the last moment; null: nothing to send after all
   */
  post(name, value) {
    this.waiting.set(name, value);
    this.#pump();
  }

  /** Python has answered. */
  arrived() {
    this.busy = false;
    this.turn++;
    this.#pump();
  }

  #pump() {
    while (!this.busy && this.waiting.size) {
      const [name, make] = /** @type {[string, () => any]} */ (this.waiting.entries().next().value);
      this.waiting.delete(name);
      const value = make();
      if (value === null) continue;
      this.busy = true;
      const turn = ++this.turn;
      this.later(() => { if (this.turn === turn) this.arrived(); }, ANSWER_MS);
      this.send(name, value);
    }
  }
}
