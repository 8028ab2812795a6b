/** The looks that every page shares, for shadow roots; knows no page. */
import { css } from 'lit';

export const sharedStyles = css`
  *, *::before, *::after { box-sizing: border-box; }
  :host { -webkit-tap-highlight-color: transparent; }
  :host([hidden]), [hidden] { display: none !important; }
  h1, h2, h3, p, ul, ol, dl, dd, fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
  ul, ol { list-style: none; }
  h1, h2, h3 { font-weight: var(--w-strong); line-height: var(--lh-tight); letter-spacing: -0.012em; text-wrap: balance; }
  p { text-wrap: pretty; }
  b { font-weight: var(--w-strong); }
  button, input, select { font: inherit; color: inherit; }
  button, summary, select { cursor: pointer; }
  a { color: inherit; }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  .num { font-variant-numeric: tabular-nums; }
  .quiet { color: var(--ink-2); font-size: var(--t-s); }
  .faint { color: var(--ink-3); font-size: var(--t-s); }
  .sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

  .button {
    display: inline-flex; align-items: center; justify-content: center; gap: var(--s-2); min-height: 48px; padding: 0 20px;
    border: 1px solid var(--line); border-radius: var(--r-m); background: var(--raised); box-shadow: var(--edge-light);
    font-weight: var(--w-strong); line-height: 1.2; text-align: center; text-decoration: none;
    transition: transform var(--press), background var(--quick);
  }
  .button:active { transform: scale(0.98); }
  .button.primary { background: var(--solid); border-color: var(--solid); color: var(--on-solid); box-shadow: none; }
  .button.plain { background: none; border-color: transparent; box-shadow: none; color: var(--ink-2); }
  .button.small { min-height: var(--touch); padding: 0 16px; font-size: var(--t-s); }
  .button:disabled { opacity: 0.55; cursor: default; }
  .icon-button {
    display: inline-grid; place-items: center; width: var(--touch); height: var(--touch); padding: 0; border: 0; flex: none;
    border-radius: var(--r-full); background: none; color: var(--ink-2);
  }

  .brand {
    display: inline-flex; align-items: center; gap: 10px; min-height: var(--touch); font-weight: var(--w-strong);
    letter-spacing: -0.01em; color: var(--ink); text-decoration: none;
  }
  .brand svg { width: 38px; height: 16px; flex: none; }
  .brand .hot { fill: var(--accent); }

  /* A lamp says it by shape and word too, never by colour alone. */
  .lamp { --c: var(--ink-3); display: inline-flex; align-items: center; gap: 8px; }
  .lamp::before { content: ''; width: 10px; height: 10px; flex: none; border-radius: 50%; background: var(--c); }
  .lamp[data-level='go'] { --c: var(--go); }
  .lamp[data-level='wait'] { --c: var(--wait); }
  .lamp[data-level='wait']::before { border-radius: 2px; rotate: 45deg; width: 9px; height: 9px; }
  .lamp[data-level='stop'] { --c: var(--stop); }
  .lamp[data-level='stop']::before { border-radius: 1px; }
  .lamp[data-level='off']::before { background: none; border: 2px solid var(--c); }

  .card { background: var(--surface); border: 1px solid var(--line); border-radius: var(--r-l); box-shadow: var(--edge-light); }
  .notice {
    display: flex; flex-wrap: wrap; gap: var(--s-2) var(--s-3); align-items: center; padding: var(--s-3) var(--s-4);
    border-radius: var(--r-m); background: var(--raised); font-size: var(--t-s); color: var(--ink-2);
  }
  .notice > p { flex: 1 1 200px; }
  .notice b { color: var(--ink); }
  .notice[data-level='wait'] { background: var(--wait-wash); }
  .notice[data-level='wait'] > tp-icon { color: var(--wait); }
  .badge {
    display: inline-flex; align-items: center; gap: 6px; padding: 4px 10px; border-radius: var(--r-full); font-size: var(--t-s);
    background: var(--accent-wash); color: var(--accent); font-weight: var(--w-strong); white-space: nowrap;
  }

  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { animation: none !important; transition: none !important; }
  }
`;
