/** The looks of what unfolds on a tap; knows not what is inside. */
import { css } from 'lit';

export const foldStyles = css`
  details { border: 1px solid var(--line); border-radius: var(--r-l); background: var(--surface); }
  summary { display: flex; align-items: center; gap: var(--s-3); min-height: 60px; padding: 0 var(--s-4); font-weight: var(--w-strong); list-style: none; border-radius: var(--r-l); }
  summary::-webkit-details-marker { display: none; }
  summary::after { content: ''; width: 8px; height: 8px; margin-left: auto; border: solid var(--ink-2); border-width: 0 2px 2px 0; rotate: 45deg; translate: -4px -2px; }
  details[open] summary::after { rotate: 225deg; translate: -4px 2px; }
`;
