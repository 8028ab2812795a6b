/** The thread between pilot and robot: a ring, a line, a dot; knows no link. */
import { css, html, LitElement } from 'lit';

export type ThreadLink = 'direct' | 'relayed' | 'trying' | 'broken' | 'none';

/** `link`: solid is direct, a bead is relayed, dashes are trying, a gap is lost, dots are nobody. Decoration: words say the same. */
export class TpThread extends LitElement {
  static override properties = { link: { reflect: true } };
  declare link: ThreadLink;

  static override styles = css`
    :host { --c: var(--thread, var(--accent)); display: flex; align-items: center; min-width: 40px; height: 14px; }
    :host::before { content: ''; width: 14px; height: 14px; flex: none; box-sizing: border-box; border: 2.5px solid var(--c); border-radius: 50%; background: var(--ring-bg, transparent); }
    :host::after { content: ''; width: 12px; height: 12px; flex: none; border-radius: 50%; background: var(--c); }
    i { position: relative; flex: 1; height: 2px; background: var(--c); }
    :host([link='relayed']) i { background: linear-gradient(90deg, var(--c) 42%, transparent 0 58%, var(--c) 0); }
    :host([link='relayed']) i::after { content: ''; position: absolute; left: 50%; top: 50%; width: 7px; height: 7px; translate: -50% -50%; rotate: 45deg; background: var(--c); }
    :host([link='trying']) i { background: repeating-linear-gradient(90deg, var(--c) 0 6px, transparent 6px 12px); animation: run 600ms linear infinite; }
    :host([link='broken']) { --c: var(--thread, var(--wait)); }
    :host([link='broken']) i { background: linear-gradient(90deg, var(--c) 0 34%, transparent 0 66%, var(--c) 0); }
    :host([link='none']) { --c: var(--thread, var(--line-strong)); }
    :host([link='none']) i { background: repeating-linear-gradient(90deg, var(--c) 0 2px, transparent 2px 8px); }
    @keyframes run { to { background-position-x: 12px; } }
    @media (prefers-reduced-motion: reduce) { i { animation: none !important; } }
  `;

  constructor() {
    super();
    this.link = 'direct';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.ariaHidden = 'true';
  }

  override render() {
    return html`<i></i>`;
  }
}

customElements.define('tp-thread', TpThread);
