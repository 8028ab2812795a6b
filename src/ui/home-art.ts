/** The two drawings on the doors and the looks of the first page. */
import { css, html } from 'lit';

export const pilotArt = html`<svg class="art" viewBox="0 0 200 110" aria-hidden="true">
  <path class="soft" d="m30 8 58 24h24l58-24M26 98l62-44M174 98l-62-44M88 32h24v22H88z"></path>
  <rect x="24" y="4" width="152" height="98" rx="11"></rect>
  <path class="hot dots" d="M78 96c6-14 11-26 16-36M122 96c-6-14-11-26-16-36"></path>
  <circle class="well" cx="48" cy="78" r="14"></circle><circle class="fill" cx="48" cy="73" r="6.5"></circle>
  <circle class="well" cx="152" cy="78" r="14"></circle><circle class="fill" cx="155" cy="78" r="6.5"></circle>
</svg>`;

export const robotArt = html`<svg class="art" viewBox="0 0 200 110" aria-hidden="true">
  <path class="soft" d="M20 100h160"></path>
  <rect x="82" y="4" width="40" height="66" rx="7"></rect>
  <circle class="fill" cx="102" cy="18" r="5"></circle><circle class="hot" cx="102" cy="18" r="10"></circle>
  <path class="well" d="M52 70h100l6 16H46z"></path>
  <circle class="well" cx="66" cy="86" r="14"></circle><circle class="well" cx="138" cy="86" r="14"></circle>
  <circle class="soft" cx="66" cy="86" r="4"></circle><circle class="soft" cx="138" cy="86" r="4"></circle>
</svg>`;

export const homeStyles = css`
  :host { display: block; min-height: 100dvh; background: var(--ground); color: var(--ink); }
  .home { max-width: 1120px; margin: 0 auto; padding: env(safe-area-inset-top) var(--edge) var(--s-6); }
  .bar { display: flex; align-items: center; min-height: 64px; }
  .notices { display: grid; gap: var(--s-2); }
  .notices > :last-child { margin-bottom: var(--s-4); }
  .hello { display: grid; gap: var(--s-2); padding: var(--s-3) 0 var(--s-5); max-width: 620px; }
  .hello h1 { font-size: var(--t-xl); }
  .hello p { color: var(--ink-2); max-width: 46ch; }

  .doors { display: grid; grid-template-columns: 1fr 16px 1fr; }
  tp-thread { --ring-bg: var(--surface); align-self: center; min-width: 0; margin: 0 -8px; z-index: 1; position: relative; }
  .door { display: grid; grid-template-rows: 1fr auto; gap: var(--s-3); padding: var(--s-3) var(--s-3) var(--s-4); text-decoration: none; transition: border-color var(--quick), transform var(--press); }
  .door:hover { border-color: var(--line-strong); }
  .door:active { transform: scale(0.99); }
  .art { width: 100%; height: 84px; fill: none; stroke: var(--ink-2); stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
  .hot { stroke: var(--accent); }
  .dots { stroke-dasharray: 1 7; stroke-width: 2.5; }
  .fill { fill: var(--accent); stroke: none; }
  .soft { stroke: var(--line-strong); stroke-width: 1.6; }
  .well { fill: var(--surface); }
  .door h2 { font-size: var(--t-l); }
  .door p { color: var(--ink-2); font-size: var(--t-s); margin-top: 4px; line-height: 1.4; }

  .robots { margin-top: var(--s-5); }
  .robots h2 { font-size: var(--t-l); margin-bottom: var(--s-3); }
  .robots > ul { overflow: hidden; }
  .robot { display: grid; grid-template-columns: 48px minmax(0, 1fr) auto auto; gap: var(--s-3); align-items: center; min-height: 80px; padding: var(--s-3) var(--s-2) var(--s-3) var(--s-4); }
  .robot + .robot { border-top: 1px solid var(--line); }
  .robot .icon-button { margin-left: -8px; color: var(--ink-3); }
  .pic { display: grid; place-items: center; width: 48px; height: 48px; border-radius: var(--r-m); background: var(--raised); color: var(--ink-2); }
  .robot b { display: block; line-height: 1.25; overflow-wrap: anywhere; margin-bottom: 2px; }
  .robot .button { min-width: 92px; }
  .robot .lamp { align-items: baseline; line-height: 1.35; }
  .robot[data-at='refused'] > div { grid-column: 2 / 4; }
  .empty { padding: var(--s-4); }
  .address { margin-top: var(--s-4); }
  .address label { display: block; font-size: var(--t-s); color: var(--ink-2); margin-bottom: 6px; }
  .address .row { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: var(--s-2); }
  .address .row > :only-child { grid-column: 1 / -1; }
  .address input { min-height: 48px; padding: 0 16px; background: var(--surface); border: 1.5px solid var(--line-strong); border-radius: var(--r-m); width: 100%; }
  .address input::placeholder { color: var(--ink-3); opacity: 1; }
  .switch { display: grid; grid-template-columns: 24px minmax(0, 1fr); align-items: center; gap: 2px var(--s-3); margin-top: var(--s-4); min-height: 48px; }
  .switch input { width: 22px; height: 22px; margin: 0; accent-color: var(--accent); }
  .switch .quiet { grid-column: 2; font-size: var(--t-s); }
  .misread { font-size: var(--t-s); color: var(--ink-2); }
  .misread span { display: block; margin-top: var(--s-2); }
  .below { display: grid; gap: var(--s-3); margin-top: var(--s-5); align-content: start; }
  .sim { display: grid; grid-template-columns: auto 1fr auto; gap: var(--s-3); align-items: center; padding: var(--s-3) var(--s-4); min-height: 72px; text-decoration: none; line-height: 1.35; }
  .sim tp-icon { color: var(--accent); }
  .sim tp-icon[size='s'] { color: var(--ink-3); }
  .sim span { display: block; color: var(--ink-2); font-size: var(--t-s); }
  .install { display: flex; flex-wrap: wrap; align-items: center; gap: var(--s-2) var(--s-3); padding: var(--s-3) var(--s-4); font-size: var(--t-s); color: var(--ink-2); border: 1px dashed var(--line-strong); border-radius: var(--r-l); }
  .install p { flex: 1 1 200px; }
  .install .row { display: flex; }
  .foot { display: flex; gap: var(--s-2); align-items: center; color: var(--ink-3); font-size: var(--t-s); margin-top: var(--s-5); }

  @media (max-width: 480px) {
    .robot { grid-template-columns: 40px minmax(0, 1fr) auto auto; column-gap: var(--s-2); padding-inline: var(--s-3) var(--s-1); }
    .pic { width: 40px; height: 40px; }
    .robot .button { min-width: 74px; padding: 0 12px; }
    [data-first] .doors { grid-template-columns: 1fr; gap: var(--s-3); }
    [data-first] tp-thread { display: none; }
    [data-first] .door { grid-template: auto / 112px 1fr; align-items: center; padding: var(--s-4); }
    [data-first] .art { height: 88px; }
    [data-first] .hello { padding-bottom: var(--s-4); }
  }
  @media (min-width: 700px) {
    .home { padding-inline: 32px; }
    .bar { min-height: 84px; }
    .hello h1 { font-size: var(--t-2xl); }
    .hello { padding-bottom: var(--s-6); }
    .doors { grid-template-columns: 1fr 72px 1fr; }
    tp-thread { margin: 0 -7px; }
    .door { padding: var(--s-5); }
    .art { height: 140px; }
    .door h2 { font-size: var(--t-xl); }
    .door p { font-size: var(--t-m); }
    .robots { margin-top: var(--s-6); }
  }
  @media (min-width: 1000px) {
    .lower { display: grid; grid-template-columns: minmax(0, 1fr) 340px; gap: var(--s-5); }
    .below { margin-top: calc(var(--s-6) + 1.25rem * 1.18 + var(--s-3)); }
  }
`;
