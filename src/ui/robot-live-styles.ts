/** The looks of the robot's page while someone is here; knows no state beyond its mood. */
import { css } from 'lit';

export const liveStyles = css`
  .live {
    position: fixed; inset: 0; display: grid; gap: var(--s-3); background: var(--ground); color: var(--ink); user-select: none; -webkit-user-select: none; touch-action: manipulation; overflow: hidden;
    grid-template: 'top' auto 'main' minmax(0, 1fr) 'company' auto 'privacy' auto 'stop' minmax(140px, 25%) / minmax(0, 1fr);
    padding: max(12px, env(safe-area-inset-top)) max(16px, env(safe-area-inset-right)) max(16px, env(safe-area-inset-bottom)) max(16px, env(safe-area-inset-left));
  }
  header { grid-area: top; display: grid; gap: var(--s-2); }
  .title { display: flex; align-items: center; justify-content: space-between; min-height: 40px; }
  .title b { font-size: var(--t-l); letter-spacing: -0.01em; overflow-wrap: anywhere; }
  .title .icon-button { margin-right: -11px; }
  .lamps { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 6px var(--s-3); padding: 10px 12px; border-radius: var(--r-m); background: var(--surface); font-size: var(--t-s); }
  .state { grid-area: main; display: grid; align-content: safe center; justify-items: center; gap: var(--s-3); text-align: center; min-height: 0; overflow: hidden; container: state / size; }
  .state h1 { font-size: var(--t-2xl); overflow-wrap: anywhere; }
  .driver, .live .state .driver { font-size: var(--t-xl); font-weight: var(--w-strong); line-height: var(--lh-tight); color: var(--ink); max-width: none; overflow-wrap: anywhere; }
  .state p { color: var(--ink-2); max-width: 34ch; margin: 4px auto 0; text-wrap: balance; }
  .state tp-gauges { --justify: center; font-size: var(--t-s); }
  .pair { display: flex; align-items: center; justify-content: center; width: min(100%, 300px); }
  .face { display: grid; place-items: center; width: 68px; height: 68px; flex: none; border-radius: 50%; background: var(--raised); border: 1px solid var(--line); font-weight: var(--w-strong); font-size: var(--t-xl); }
  .eye { width: 104px; height: 68px; flex: none; border-radius: 20px; display: grid; place-items: center; color: var(--ink-2); }
  .pair tp-thread { --ring-bg: var(--raised); flex: 1; margin: 0 -7px; z-index: 1; min-width: 60px; }
  tp-company { grid-area: company; }
  /* Over everything but who is here, the switches and STOP. */
  tp-ask { grid-row: top-start / main-end; grid-column: main; z-index: 3; }
  tp-privacy { grid-area: privacy; }
  .halt { grid-area: stop; display: grid; }
  .settings { grid-area: main; display: grid; gap: var(--s-4); align-content: start; overflow: auto; min-height: 0; overscroll-behavior: contain; }

  .settings h2 { font-size: var(--t-l); }
  @container state (max-height: 252px) { .pair { display: none; } }
  @container state (max-height: 190px) { .state tp-gauges { display: none; } }
  @container state (max-height: 250px) { [data-mood='stopped'] tp-gauges { display: none; } }
  @container state (max-height: 310px) { [data-mood='stopped'] .pair { display: none; } }

  .live[data-mood='stopped'] { background: var(--stop-wash); }
  .live[data-mood='stopped'] h1 { color: #ffd9d4; font-size: var(--t-3xl); }
  .live[data-mood='stopped'] .state p { color: #f0d8d3; }
  .live[data-mood='dropped'] { background: var(--wait-wash); }
  .live[data-mood='dropped'] .state p { color: var(--ink); }

  @media (max-width: 599px) and (max-height: 600px) {
    .live { grid-template-rows: auto minmax(0, 1fr) auto auto minmax(96px, 22%); }
  }
  @media (min-width: 600px) and (max-height: 520px) {
    .live { grid-template: 'top stop' auto 'main stop' minmax(0, 1fr) 'company stop' auto 'privacy stop' auto / minmax(0, 1fr) minmax(210px, 34%); gap: 10px var(--s-4); }
    header { grid-template-columns: auto 1fr; align-items: center; gap: var(--s-3); }
    .lamps { padding: 8px 12px; justify-content: space-around; gap: 4px 10px; }
    .live { gap: 8px var(--s-4); padding-bottom: max(12px, env(safe-area-inset-bottom)); }
    .state { gap: 3px; }
    .state h1, .live[data-mood='stopped'] h1 { font-size: var(--t-xl); }
    .face { width: 44px; height: 44px; font-size: var(--t-l); }
    .eye { width: 68px; height: 44px; border-radius: 12px; }
    .state p { font-size: var(--t-s); line-height: 1.3; max-width: none; margin: 0; }
    tp-stop { --slab-size: 3.25rem; }
  }
  @media (min-width: 700px) and (min-height: 600px) {
    .live { padding: 28px max(32px, calc((100vw - 836px) / 2)) 32px; gap: var(--s-4); }
    .state { gap: var(--s-4); }
    .state h1, .live[data-mood='stopped'] h1 { font-size: 3.5rem; }
    .state p { font-size: var(--t-l); max-width: 44ch; }
    .driver, .live .state .driver { font-size: 2.5rem; }
    .lamps { font-size: var(--t-m); padding-inline: 20px; }
    .pair { width: min(100%, 560px); }
    .face { width: 96px; height: 96px; font-size: var(--t-2xl); }
    .eye { width: 216px; height: 144px; }
    tp-stop { --slab-size: 5.5rem; }
    @container state (max-height: 360px) { .eye { width: 150px; height: 100px; } }
  }
  @container state (max-height: 110px) { [data-mood='stopped'] .state p:not(.driver) { display: none; } }
  @container state (max-height: 136px) { .live .state .driver { font-size: var(--t-l); } }
  @container state (max-height: 136px) { .live[data-mood='stopped'] h1 { font-size: var(--t-l); } }
  @container state (max-height: 100px) { .state h1 { font-size: var(--t-l); } }
`;
