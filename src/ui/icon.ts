/** Small line drawings, 24 units square; knows not what they stand for. */
import { css, html, LitElement } from 'lit';

const PATHS = {
  camera:
    'M4 8h3l1.5-2.5h7L17 8h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1zM8.6 13a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0 -6.8 0',
  'camera-off': 'M8.5 5.5h7L17 8h3a1 1 0 0 1 1 1v8.5M18 19H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1h2M3 3l18 18',
  mic: 'M12 3h0a3 3 0 0 1 3 3v5a3 3 0 0 1 -3 3h0a3 3 0 0 1 -3 -3v-5a3 3 0 0 1 3 -3zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3',
  'mic-off':
    'M15 10V6a3 3 0 0 0-5.8-1M9 9v2a3 3 0 0 0 4.6 2.5M5.5 11.5a6.5 6.5 0 0 0 10.4 5.2M18.5 11.5a6.5 6.5 0 0 1-0.5 2.4M12 18v3M3 3l18 18',
  sound: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  back: 'M14.5 5.5 8 12l6.5 6.5',
  next: 'M9.5 5.5 16 12l-6.5 6.5',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6 6 18',
  usb: 'M12 20V4M9.5 6.5 12 4l2.5 2.5M12 16l5-3v-2.5M12 18l-5-3.5V12M10.4 20a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0 -3.2 0M15.6 7.6h2.8v2.8h-2.8zM5.5 10.5a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0',
  bluetooth: 'm6.5 7.5 11 9L12 21V3l5.5 4.5-11 9',
  sim: 'M5 4.5h14a2 2 0 0 1 2 2v8a2 2 0 0 1 -2 2h-14a2 2 0 0 1 -2 -2v-8a2 2 0 0 1 2 -2zM8 20h8M12 16.5V20M8.5 12.5l2-4 2.5 3 1.2-1.5 1.8 2.5',
  keyboard:
    'M4.5 6h15a2 2 0 0 1 2 2v8a2 2 0 0 1 -2 2h-15a2 2 0 0 1 -2 -2v-8a2 2 0 0 1 2 -2zM6 10h0.01M10 10h0.01M14 10h0.01M18 10h0.01M8 14h8',
  pad: 'M7.5 7h9a4.5 4.5 0 0 1 4.4 3.6l0.9 4.6a2.4 2.4 0 0 1-4.3 1.8L15.6 14.5H8.4L6.5 17a2.4 2.4 0 0 1-4.3-1.8l0.9-4.6A4.5 4.5 0 0 1 7.5 7zM7 10v2.5M5.7 11.2h2.6M15.5 10.2h0.01M17.5 12h0.01',
  copy: 'M10.5 8.5h7a2 2 0 0 1 2 2v7a2 2 0 0 1 -2 2h-7a2 2 0 0 1 -2 -2v-7a2 2 0 0 1 2 -2zM15.5 5.5v-0.5a1 1 0 0 0-1-1H5.5a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1H6',
  share: 'M12 15V4M8 7.5 12 3.5l4 4M5 12.5v6a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-6',
  warn: 'M12 4 3 19.5h18zM12 10v4.5M12 17h0.01',
  lock: 'M7 10.5h10a2 2 0 0 1 2 2v5.5a2 2 0 0 1 -2 2h-10a2 2 0 0 1 -2 -2v-5.5a2 2 0 0 1 2 -2zM8 10.5V8a4 4 0 0 1 8 0v2.5',
  gear: 'M9 12a3 3 0 1 0 6 0a3 3 0 1 0 -6 0M12 3v2.5M12 18.5V21M3 12h2.5M18.5 12H21M5.6 5.6l1.8 1.8M16.6 16.6l1.8 1.8M18.4 5.6l-1.8 1.8M7.4 16.6l-1.8 1.8',
  plus: 'M12 5v14M5 12h14',
  download: 'M12 4v11M8 11.5l4 4 4-4M5 19.5h14',
  rover:
    'M9.5 3h5a1.5 1.5 0 0 1 1.5 1.5v8a1.5 1.5 0 0 1 -1.5 1.5h-5a1.5 1.5 0 0 1 -1.5 -1.5v-8a1.5 1.5 0 0 1 1.5 -1.5zM4 14h16v3H4zM4.5 18.5a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0M14.5 18.5a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0M11 6.5a1 1 0 1 0 2 0a1 1 0 1 0 -2 0',
  hand: 'M8 12V6a1.5 1.5 0 0 1 3 0v5M11 10.5V4.5a1.5 1.5 0 0 1 3 0V11M14 11V6a1.5 1.5 0 0 1 3 0v8.5A6.5 6.5 0 0 1 10.5 21c-3 0-4.3-1.5-5.5-4l-1.6-3.3a1.4 1.4 0 0 1 2.4-1.4L8 15',
  people:
    'M5.7 8.5a3.3 3.3 0 1 0 6.6 0a3.3 3.3 0 1 0 -6.6 0M3 19a6 6 0 0 1 12 0M15.5 5.5a3.3 3.3 0 0 1 0 6.3M17.5 14.2A6 6 0 0 1 21 19',
  'sound-off': 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5',
  power: 'M12 3.5v7M7.2 6.2a7.5 7.5 0 1 0 9.6 0',
} as const;

export type IconName = keyof typeof PATHS;

/** `name`: which one. Decoration: the word beside it says the same. */
export class TpIcon extends LitElement {
  static override properties = { name: {} };
  declare name: IconName | undefined;

  static override styles = css`
    :host { display: inline-grid; place-items: center; width: 22px; height: 22px; flex: none; }
    :host([size='s']) { width: 18px; height: 18px; }
    :host([size='l']) { width: 28px; height: 28px; }
    svg { width: 100%; height: 100%; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
  `;

  override connectedCallback(): void {
    super.connectedCallback();
    this.ariaHidden = 'true';
  }

  override render() {
    return html`<svg viewBox="0 0 24 24"><path d=${this.name === undefined ? '' : PATHS[this.name]}></path></svg>`;
  }
}

customElements.define('tp-icon', TpIcon);
