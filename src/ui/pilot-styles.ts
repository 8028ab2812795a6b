/** The looks of the pilot's page: the picture is the page, everything else floats at its edges. */
import { css } from 'lit';

export const pilotStyles = css`
  :host { display: block; color: var(--ink); }
  .pilot { position: fixed; inset: 0; display: grid; grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr); overflow: hidden; background: var(--well); user-select: none; -webkit-user-select: none; touch-action: none; }
  video { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; }
  .pilot::before, .pilot::after { content: ''; position: absolute; left: 0; right: 0; z-index: 1; pointer-events: none; }
  .pilot::before { top: 0; height: 128px; background: linear-gradient(rgb(15 13 10 / 0.62), transparent); }
  .pilot::after { bottom: 0; height: 220px; background: linear-gradient(transparent, rgb(15 13 10 / 0.58)); }
  .top, .middle, .controls { position: relative; z-index: 2; }
  .veil { position: absolute; inset: 0; z-index: 1; pointer-events: none; }

  /* An old picture must not look live: it changes at once, never by a fade. */
  [data-view='frozen'] video { filter: grayscale(1) brightness(0.42) contrast(0.85); }
  [data-view='frozen'] .veil { background: repeating-linear-gradient(45deg, rgb(255 132 120 / 0.17) 0 14px, transparent 14px 44px); box-shadow: inset 0 0 0 6px var(--stop-solid); }
  [data-view='lost'] video, [data-view='ended'] video { filter: grayscale(1) brightness(0.26) blur(14px); scale: 1.06; }
  [data-view='connecting'] video { visibility: hidden; }
  [data-view='stopped'] video { filter: brightness(0.6) saturate(0.6); }
  [data-view='stopped'] .veil { box-shadow: inset 0 0 0 6px var(--stop-solid); }
  [data-slow] .veil { box-shadow: inset 0 0 0 3px var(--wait); }

  .hud { background: var(--scrim); border: 1px solid var(--scrim-line); border-radius: var(--r-m); box-shadow: var(--shadow-hud); color: var(--ink); }

  .top { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: start; gap: var(--s-2); padding: max(10px, env(safe-area-inset-top)) max(12px, env(safe-area-inset-right)) 0 max(12px, env(safe-area-inset-left)); }
  .who { display: flex; align-items: center; gap: 2px; padding-right: var(--s-4); min-height: 52px; min-width: 0; max-width: 46vw; }
  .who h1 { font-size: var(--t-m); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .who > div { min-width: 0; }
  .who .lamp { font-size: var(--t-s); line-height: 1.25; color: var(--ink-2); }
  .who .lamp:not([data-level='off']) { font-weight: var(--w-strong); }
  .who .lamp[data-level='go'] { color: var(--go); }
  .who .lamp[data-level='wait'] { color: var(--wait); }
  .who .lamp[data-level='stop'] { color: var(--stop); }
  .badge { align-self: center; justify-self: start; background: var(--scrim); }
  @media (max-width: 520px) { .badge { grid-row: 2; grid-column: 1; } tp-vitals { grid-row: 1 / span 2; } }
  tp-vitals { grid-column: 3; }
  .notes { grid-column: 1 / -1; display: grid; gap: var(--s-2); justify-items: start; }
  .why { display: flex; gap: 10px; align-items: center; padding: 8px 14px; font-size: var(--t-s); line-height: 1.35; max-width: min(100%, 430px); }
  .why tp-icon { color: var(--wait); }
  .why .since { color: var(--ink-2); white-space: nowrap; }
  .why .button { margin: -2px -8px -2px auto; white-space: nowrap; }
  .why[data-testid='pilot-asker'] tp-icon { color: var(--accent); }
  .top .notice { background: var(--scrim); color: var(--ink); max-width: 560px; }

  .middle { display: grid; place-items: center; padding: var(--s-3); min-height: 0; }
  .say { display: grid; gap: var(--s-2); justify-items: center; text-align: center; width: min(100%, 430px); padding: var(--s-5); }
  .say h2 { font-size: var(--t-xl); overflow-wrap: anywhere; }
  .say p { color: var(--ink-2); }
  .say .row { display: flex; gap: var(--s-2); margin-top: var(--s-2); flex-wrap: wrap; justify-content: center; }
  .say tp-thread { width: 148px; margin-bottom: var(--s-1); }
  .say[data-level='stop'] { background: var(--stop-solid); border-color: var(--stop-solid-edge); }
  .say[data-level='stop'] h2, .say[data-level='stop'] p { color: var(--on-stop); }
  .clock { font-size: var(--t-3xl); line-height: 1; font-weight: var(--w-strong); }
  .arm { align-self: end; display: grid; justify-items: center; gap: var(--s-2); }
  .arm p { padding: 6px 14px; font-size: var(--t-s); max-width: min(92vw, 420px); text-align: center; text-wrap: balance; }
  .other { grid-auto-flow: row; }
  .other .hud { display: grid; justify-items: center; gap: var(--s-2); padding: 12px 16px; }
  .other .hud p { padding: 0; font-size: var(--t-m); line-height: 1.35; }
  .other span { display: block; }
  .other .button { gap: 6px; }

  .controls { display: grid; gap: var(--s-3) var(--s-2); align-items: end; grid-template: 'speed speed speed' auto 'ta . tb' auto 'left stop right' auto / minmax(0, 1fr) auto minmax(0, 1fr); padding: 0 max(12px, env(safe-area-inset-right)) max(16px, env(safe-area-inset-bottom)) max(12px, env(safe-area-inset-left)); }
  tp-speed { grid-area: speed; justify-self: center; }
  .left { grid-area: left; justify-self: start; }
  .right { grid-area: right; justify-self: end; }
  .halt { grid-area: stop; align-self: center; justify-self: center; }
  .halt[look='ring'] { --ring: var(--ink); font-size: var(--t-s); }
  .halt { --size: 88px; }
  .tools { display: flex; gap: 6px; }
  .tools[data-side='a'] { grid-area: ta; justify-self: start; }
  .tools[data-side='b'] { grid-area: tb; justify-self: end; }
  .tool { display: grid; place-items: center; width: 48px; height: 48px; padding: 0; border-radius: 13px; border: 1px solid var(--scrim-line); background: var(--scrim); color: var(--ink); }
  .tool:disabled { color: var(--ink-3); cursor: default; }
  /* A thumb finds its sticks by itself. */
  @media (pointer: coarse) { .tool[data-testid='pilot-sticks'] { display: none; } }
  .tool[aria-pressed='true'] { background: var(--ink); color: var(--scrim-solid); }

  /* Standing: the middle of the picture stays whole above the thumbs, instead of a narrow strip of it behind them. */
  @media (max-width: 999px) and (orientation: portrait) {
    video { height: min(100%, 118vw); }
  }
  /* Lying: one row, STOP in the middle, thumbs in the corners. */
  @media (min-width: 600px) and (orientation: landscape), (min-width: 1000px) {
    .controls { grid-template: 'speed speed speed speed speed' auto 'left ta stop tb right' auto / 1fr auto auto auto 1fr; align-items: center; gap: 10px; }
    .left, .right { align-self: end; grid-row: 1 / span 2; }
    .left { grid-column: 1; }
    .right { grid-column: 5; }
    tp-speed { width: min(340px, 100vw - 330px); }
    .tools { padding: 4px; background: var(--scrim); border: 1px solid var(--scrim-line); border-radius: var(--r-m); }
    .tool { border: 0; background: none; }
    tp-stick { --size: 132px; }
  }
  @media (min-width: 760px) and (min-height: 600px) {
    tp-stick { --size: 164px; }
    .halt { --size: 104px; }
    .arm tp-hold { --size: 128px; }
    .top { padding: 20px 24px 0; }
    .controls { padding: 0 24px 24px; }
  }
  /* Short: a phone on its side. */
  @media (max-height: 520px) and (min-width: 600px) {
    .pilot::before { height: 90px; }
    .pilot::after { height: 150px; }
    .halt { --size: 76px; }
    /* Beside what is said of the lost link, not under it. */
    [data-view='lost'] .halt { grid-area: 1 / 5; justify-self: end; }
    .tool { width: 44px; height: 44px; }
    .middle { padding: 6px; }
    .say { padding: 10px 18px; gap: 4px; width: min(100%, 520px); }
    .say h2 { font-size: var(--t-l); }
    .say p { font-size: var(--t-s); }
    .say .row { margin-top: 2px; }
    .say tp-thread { display: none; }
    .clock { font-size: var(--t-xl); }
    .arm { grid-auto-flow: column; align-items: center; gap: 12px; }
    .arm tp-hold { --size: 88px; font-size: var(--t-s); }
    .arm p { max-width: 380px; text-align: left; }
    .notes { position: absolute; top: 63px; left: 50%; translate: -50% 0; display: flex; flex-wrap: wrap; justify-content: center; align-items: start; width: max-content; max-width: calc(100vw - 24px); }
    .why { max-width: 430px; padding: 3px 12px; }
    .arm p { line-height: 1.3; }
    .other .hud p { font-size: var(--t-s); text-align: center; }
  }
`;
