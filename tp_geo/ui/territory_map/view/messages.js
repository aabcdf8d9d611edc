// What the map says in words: toasts, waiting, notices.
import { h, icon } from './dom.js';

const SHOWN_MS = 6000;
const AT_ONCE = 3;

export class Toasts {
  constructor() {
    this.element = h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' });
  }

  /**
   * @param {string} text
   * @param {{bad?: boolean, action?: string, onaction?: () => void}} [options]
   */
  say(text, { bad = false, action, onaction } = {}) {
    if ([...this.element.children].some((c) => c.dataset.text === text && !action)) return;
    const toast = h('div', { class: bad ? 'toast bad' : 'toast', 'data-text': text },
      bad ? icon('warning') : null, h('span', { text }));
    if (action) {
      toast.append(h('button', { text: action, onclick: () => { toast.remove(); onaction?.(); } }));
    }
    this.element.setAttribute('aria-live', bad ? 'assertive' : 'polite');
    this.element.append(toast);
    while (this.element.children.length > AT_ONCE) this.element.firstChild.remove();
    setTimeout(() => toast.remove(), SHOWN_MS);
  }
}

export class Busy {
  constructor() {
    this.text = h('span');
    this.element = h('div', { class: 'busy', role: 'status' }, h('i', { class: 'spinner' }), this.text);
  }

  /** @param {string | null} text null: no longer busy */
  show(text) {
    this.element.hidden = text === null;
    if (text !== null) this.text.textContent = text;
  }

  /** Something is wrong for good. @param {string} text */
  fail(text) {
    this.element.classList.add('failed');
    this.show(text);
  }
}

/** What is shown is approximate, and where the remedy is. */
export class Notice {
  constructor() {
    this.link = h('a', { target: '_self' });
    this.element = h('div', { class: 'notice', hidden: true }, this.link);
  }

  /** @param {{approximate?: boolean, text: string, href?: string} | null | undefined} notice */
  show(notice) {
    this.element.hidden = !notice;
    if (!notice) return;
    this.link.textContent = notice.text;
    if (notice.href && /^(\/|\?|#|https?:)/.test(notice.href)) this.link.href = notice.href;
    else this.link.removeAttribute('href');
  }
}
