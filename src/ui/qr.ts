/** Any text as a QR code; knows not what it says. */
import { generate } from 'lean-qr';
import { css, html, LitElement } from 'lit';

/** White modules all around, which scanners need. */
const QUIET = 3;

/** `value`: the text; `label`: its spoken name. Black on white in both themes: some scanners fail on the inverse. */
export class TpQr extends LitElement {
  static override properties = { value: {}, label: {} };
  declare value: string;
  declare label: string;

  static override styles = css`
    :host { display: block; aspect-ratio: 1; border-radius: var(--r-m); overflow: hidden; background: #fffdf8; }
    svg { display: block; width: 100%; height: 100%; }
    path { fill: #17140f; }
  `;

  constructor() {
    super();
    this.value = '';
    this.label = '';
  }

  override render() {
    const code = generate(this.value);
    let modules = '';
    for (let y = 0; y < code.size; y++) {
      for (let x = 0; x < code.size; x++) if (code.get(x, y)) modules += `M${x} ${y}h1v1h-1z`;
    }
    const side = code.size + 2 * QUIET;
    return html`<svg viewBox="${-QUIET} ${-QUIET} ${side} ${side}" shape-rendering="crispEdges" role="img" aria-label=${this.label}>
      <path d=${modules}></path>
    </svg>`;
  }
}

customElements.define('tp-qr', TpQr);
