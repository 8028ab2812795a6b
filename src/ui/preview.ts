/** Shows what a camera sees; knows not whose it is. */
import { css, html, LitElement } from 'lit';

/** `track`: the picture, silent. What is slotted lies upon it. */
export class TpPreview extends LitElement {
  static override properties = { track: { attribute: false }, label: {} };
  declare track: MediaStreamTrack | undefined;
  declare label: string;

  static override styles = css`
    :host { position: relative; display: block; overflow: hidden; border-radius: var(--r-l); border: 1px solid var(--line); background: var(--well); }
    video { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; }
  `;

  constructor() {
    super();
    this.track = undefined;
    this.label = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#play();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#play();
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('track')) this.#play();
  }

  override render() {
    return html`<video autoplay playsinline muted aria-label=${this.label}></video><slot></slot>`;
  }

  #play(): void {
    const video = this.renderRoot.querySelector('video');
    if (video === null) return;
    // Autoplay looks at the property, and a template can only set the attribute.
    video.muted = true;
    // Chrome keeps a video with a live stream, and all around it, after both have left the page.
    video.srcObject = this.track === undefined || !this.isConnected ? null : new MediaStream([this.track]);
  }
}

customElements.define('tp-preview', TpPreview);
