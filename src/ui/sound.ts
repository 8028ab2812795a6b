/** Plays a sound from the other side, and asks for the tap that browsers want first; knows not who speaks. */
import { css, html, LitElement, nothing } from 'lit';
import { sharedStyles } from './shared-styles.ts';

/** `track`: what is heard; `muted`: whether it is; `label`: what the button says while the browser refuses. */
export class TpSound extends LitElement {
  static override properties = {
    track: { attribute: false },
    muted: { type: Boolean },
    label: {},
    refused: { state: true },
  };
  declare track: MediaStreamTrack | undefined;
  declare muted: boolean;
  declare label: string;
  declare refused: boolean;

  static override styles = [
    sharedStyles,
    css`:host { display: contents; } .button { background: var(--scrim); color: var(--ink); border-color: var(--scrim-line); }`,
  ];

  constructor() {
    super();
    this.track = undefined;
    this.muted = false;
    this.label = '';
    this.refused = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#begin();
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    const audio = this.renderRoot.querySelector('audio');
    if (audio === null) return;
    audio.muted = this.muted;
    if (changed.has('track')) this.#begin();
  }

  override render() {
    return html`<audio></audio>
      ${this.refused && !this.muted ? html`<button class="button small" type="button" @click=${this.#play}><tp-icon name="sound" size="s"></tp-icon>${this.label}</button>` : nothing}`;
  }

  #begin(): void {
    const audio = this.renderRoot.querySelector('audio');
    if (audio === null) return;
    // Chrome keeps what has a live stream, and all around it, after both have left the page.
    const track = this.isConnected ? this.track : undefined;
    audio.srcObject = track === undefined ? null : new MediaStream([track]);
    this.refused = false;
    if (track !== undefined) void this.#play();
  }

  async #play(): Promise<void> {
    try {
      await this.renderRoot.querySelector('audio')?.play();
      this.refused = false;
    } catch (error) {
      // Any other end of play() is a newer track taking its place.
      this.refused = error instanceof DOMException && error.name === 'NotAllowedError';
    }
  }
}

customElements.define('tp-sound', TpSound);
