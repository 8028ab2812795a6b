/** A button that wants to be held, so that it never happens by accident; knows not what it does. */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { sharedStyles } from './shared-styles.ts';

const HOLD_MS = 600;
/** Who can't hold presses twice within this time. */
const TWICE_WITHIN_MS = 3000;

/**
 * Dispatches `held` after 600 ms of pointer or Enter, or at the second short Enter within 3 s. `anywhere`: Enter counts
 * wherever the focus is, unless on something else that Enter works on. `look`: a ring, or a slab that fills its box.
 * `subject`: what is held for; when it changes a hold that began before it is over.
 */
export class TpHold extends LitElement {
  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override properties = {
    label: {},
    hint: {},
    look: { reflect: true },
    anywhere: { type: Boolean },
    disabled: { type: Boolean, reflect: true },
    subject: { attribute: false },
    filling: { type: Boolean, reflect: true },
  };
  declare label: string;
  declare hint: string | undefined;
  declare look: 'ring' | 'slab';
  declare anywhere: boolean;
  declare disabled: boolean;
  declare subject: unknown;
  declare filling: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pressedAtMs = Number.NEGATIVE_INFINITY;
  #life: AbortController | undefined;

  static override styles = [
    sharedStyles,
    css`
      :host { display: inline-grid; touch-action: none; user-select: none; -webkit-user-select: none; }
      button { position: relative; display: grid; place-items: center; padding: 0; border: 0; background: none; color: var(--ink); font-weight: var(--w-strong); line-height: 1.2; touch-action: none; -webkit-touch-callout: none; }
      button:disabled { cursor: default; color: var(--ink-3); }
      span { position: relative; white-space: pre-line; text-align: center; }
      small { display: block; margin-top: 3px; font-weight: var(--w-book); font-size: var(--t-xs); color: var(--ink-2); }

      :host([look='ring']) button { width: var(--size, 116px); height: var(--size, 116px); border-radius: 50%; background: var(--scrim-solid); box-shadow: var(--shadow-hud); }
      svg { position: absolute; inset: 0; width: 100%; height: 100%; rotate: -90deg; fill: none; stroke-width: 6; }
      .track { stroke: rgb(255 246 232 / 0.3); }
      .fill { stroke: var(--ring, var(--go)); stroke-dasharray: 1; stroke-dashoffset: 1; transition: stroke-dashoffset 180ms linear; }
      :host([filling]) .fill { stroke-dashoffset: 0; transition: stroke-dashoffset 600ms linear; }
      :host([disabled]) .track { stroke-dasharray: 0.012 0.013; }

      :host([look='slab']) button { width: 100%; height: 100%; min-height: 64px; border: 2px solid var(--line-strong); border-radius: var(--slab-radius, 30px); background: var(--surface); font-size: var(--t-xl); }
      :host([look='slab']) span { white-space: normal; }
      .bar { position: absolute; left: 24px; right: 24px; bottom: 14%; height: 8px; border-radius: 4px; background: var(--line); overflow: hidden; }
      .bar::before { content: ''; position: absolute; inset: 0; background: var(--ink); transform: scaleX(0); transform-origin: left; transition: transform 180ms linear; }
      :host([filling]) .bar::before { transform: scaleX(1); transition: transform 600ms linear; }
    `,
  ];

  constructor() {
    super();
    this.label = '';
    this.hint = undefined;
    this.look = 'ring';
    this.anywhere = false;
    this.disabled = false;
    this.filling = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#life = new AbortController();
    const { signal } = this.#life;
    window.addEventListener('keydown', (event) => this.#down(event), { signal });
    window.addEventListener('keyup', (event) => event.key === 'Enter' && this.#up(), { signal });
    window.addEventListener('blur', () => this.#drain(), { signal });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#life?.abort();
    this.#drain();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('subject')) this.#pressedAtMs = Number.NEGATIVE_INFINITY;
    if (this.disabled || changed.has('subject')) this.#drain();
  }

  override render() {
    const ring = html`<svg viewBox="0 0 100 100" aria-hidden="true">
      <circle class="track" cx="50" cy="50" r="47" pathLength="1"></circle>
      <circle class="fill" cx="50" cy="50" r="47" pathLength="1"></circle>
    </svg>`;
    return html`<button
      type="button"
      aria-label=${this.label.replace('\n', ' ')}
      ?disabled=${this.disabled}
      @pointerdown=${this.#press}
      @pointerup=${this.#drain}
      @pointercancel=${this.#drain}
      @lostpointercapture=${this.#drain}
      @contextmenu=${(event: Event) => event.preventDefault()}
      @keydown=${this.#quietSpace}
      @keyup=${this.#quietSpace}
      @click=${this.#click}
    >
      ${this.look === 'ring' ? ring : html`<i class="bar"></i>`}
      <span>${this.label}${this.hint === undefined ? nothing : html`<small>${this.hint}</small>`}</span>
    </button>`;
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return;
    try {
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    } catch {
      // Lifted before this ran: it was no hold.
      return;
    }
    this.#fill();
  }

  #fill(): void {
    if (this.disabled || this.#timer !== undefined) return;
    this.filling = true;
    this.#timer = setTimeout(() => {
      this.#drain();
      this.#done();
    }, HOLD_MS);
  }

  #drain(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.filling = false;
  }

  #done(): void {
    this.#pressedAtMs = Number.NEGATIVE_INFINITY;
    this.dispatchEvent(new Event('held'));
  }

  #down(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.repeat || !this.#mine(event)) return;
    // Else the browser makes a click of it.
    event.preventDefault();
    this.#short();
  }

  #up(): void {
    this.#drain();
  }

  /** One short press: begins to fill, or, as the second in time, is enough. */
  #short(): void {
    if (this.disabled) return;
    const nowMs = performance.now();
    if (nowMs - this.#pressedAtMs <= TWICE_WITHIN_MS) {
      this.#drain();
      this.#done();
      return;
    }
    this.#pressedAtMs = nowMs;
    this.#fill();
  }

  /** Screen readers click without a pointer and without a key. */
  #click(event: PointerEvent): void {
    if (event.detail !== 0 || event.pointerType) return;
    this.#short();
    this.#drain();
  }

  #mine(event: KeyboardEvent): boolean {
    const path = event.composedPath();
    if (path.includes(this)) return true;
    const [target] = path;
    return (
      this.anywhere && !(target instanceof Element && target.matches('button, a, input, select, textarea, summary'))
    );
  }

  /** Space belongs to STOP. */
  #quietSpace(event: KeyboardEvent): void {
    if (event.key === ' ') event.preventDefault();
  }
}

customElements.define('tp-hold', TpHold);
