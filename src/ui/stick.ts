/** A thumb stick on glass; knows not who listens. */
import { css, html, LitElement } from 'lit';
import { sharedStyles } from './shared-styles.ts';

/** How far the knob's middle travels, as a share of half the stick. */
const REACH = 0.62;

/** `report` hears x and y, −1…1, right and down positive; 0, 0 whenever the thumb is, or may be, gone. */
export class TpStick extends LitElement {
  static override properties = { label: {}, report: { attribute: false }, dead: { type: Boolean, reflect: true } };
  declare label: string;
  declare report: ((x: number, y: number) => void) | undefined;
  /** Crossed out: shows that pushing it does nothing now. It reports all the same. */
  declare dead: boolean;
  #pointer: number | undefined;
  #life: AbortController | undefined;

  static override styles = [
    sharedStyles,
    css`
      :host { --x: 0; --y: 0; position: relative; display: block; width: var(--size, 116px); height: var(--size, 116px); border-radius: 50%; background: rgb(15 13 10 / 0.46); border: 2px solid rgb(255 246 232 / 0.42); touch-action: none; user-select: none; -webkit-user-select: none; -webkit-touch-callout: none; container-type: size; }
      :host::before { content: ''; position: absolute; left: 50%; top: 50%; width: 26px; height: 26px; margin: -13px; border-radius: 50%; border: 1.5px dashed rgb(255 246 232 / 0.5); box-sizing: border-box; }
      svg { position: absolute; inset: 6px; width: calc(100% - 12px); height: calc(100% - 12px); fill: none; stroke: rgb(255 246 232 / 0.75); stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; }
      i { position: absolute; left: 25%; top: 25%; width: 50%; height: 50%; border-radius: 50%; background: var(--ink); box-shadow: 0 4px 14px rgb(0 0 0 / 0.5), inset 0 -3px 0 rgb(0 0 0 / 0.14); translate: calc(var(--x) * 31cqw) calc(var(--y) * 31cqw); }
      :host([idle]) i { background: #8d8478; }
      :host([dead]) { border-style: dashed; }
      :host([dead])::after { content: ''; position: absolute; left: 8%; right: 8%; top: 50%; height: 3px; margin-top: -1.5px; rotate: -45deg; background: var(--stop); border-radius: 2px; }
    `,
  ];

  constructor() {
    super();
    this.label = '';
    this.report = undefined;
    this.dead = false;
    this.addEventListener('pointerdown', (event) => this.#take(event));
    this.addEventListener('pointermove', (event) => this.#move(event));
    for (const gone of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
      this.addEventListener(gone, (event) => event.pointerId === this.#pointer && this.#release());
    }
    this.addEventListener('contextmenu', (event) => event.preventDefault());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.role = 'img';
    this.#life = new AbortController();
    const { signal } = this.#life;
    window.addEventListener('blur', () => this.#release(), { signal });
    window.addEventListener('pagehide', () => this.#release(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden && this.#release(), { signal });
    // A thumb that holds still sends no event when its stick is no longer shown, but the stick's size turns to nothing.
    const watcher = new ResizeObserver(() => this.offsetWidth === 0 && this.#release());
    watcher.observe(this);
    signal.addEventListener('abort', () => watcher.disconnect(), { once: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#life?.abort();
    this.#release();
  }

  override updated(): void {
    this.ariaLabel = this.label;
  }

  override render() {
    return html`<svg viewBox="0 0 100 100" aria-hidden="true">
        <path d="m44 9 6-6 6 6M44 91l6 6 6-6M9 44l-6 6 6 6M91 44l6 6-6 6"></path>
      </svg>
      <i></i>`;
  }

  #take(event: PointerEvent): void {
    if (this.#pointer !== undefined || event.button !== 0) return;
    event.preventDefault();
    this.#pointer = event.pointerId;
    try {
      this.setPointerCapture(event.pointerId);
    } catch {
      // Lifted before this ran: nothing would tell of it any more.
      this.#release();
      return;
    }
    this.#move(event);
  }

  #move(event: PointerEvent): void {
    if (event.pointerId !== this.#pointer) return;
    // A pointer that moves with nothing pressed was let go where nobody told.
    if (event.buttons === 0) {
      this.#release();
      return;
    }
    const box = this.getBoundingClientRect();
    const reach = (box.width / 2) * REACH;
    const x = (event.clientX - box.left - box.width / 2) / reach;
    const y = (event.clientY - box.top - box.height / 2) / reach;
    // A round stick: pushed into a corner it reaches the rim, not the corner.
    const far = Math.max(1, Math.hypot(x, y));
    this.#say(x / far, y / far);
  }

  #release(): void {
    if (this.#pointer === undefined) return;
    this.#pointer = undefined;
    this.#say(0, 0);
  }

  #say(x: number, y: number): void {
    this.style.setProperty('--x', x.toFixed(3));
    this.style.setProperty('--y', y.toFixed(3));
    this.report?.(x, y);
  }
}

customElements.define('tp-stick', TpStick);
