/** Which board turns the wheels, and how it fares; knows no wire. */
import { css, html, LitElement, nothing } from 'lit';
import type { RobotSession } from '../session/robot-state.ts';
import { faultNote } from './fault-note.ts';
import type { IconName } from './icon.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import { volts } from './words/figures.ts';
import { BOARDS, type BoardAvailability, boardLine, ROBOT, whyNotHere } from './words/robot.ts';

type BoardKind = RobotSession['boardKind']['value'];
export type Boards = Readonly<Partial<Record<BoardKind, BoardAvailability>>>;

const KINDS: readonly { readonly kind: BoardKind; readonly icon: IconName }[] = [
  { kind: 'simulated', icon: 'sim' },
  { kind: 'web-serial', icon: 'usb' },
  { kind: 'bluetooth', icon: 'bluetooth' },
];

/** `boards`: which ways work here; one that is not named is taken to work. */
export class TpBoardChoice extends LitElement {
  static override properties = { session: { attribute: false }, boards: { attribute: false } };
  declare session: RobotSession | undefined;
  declare boards: Boards;
  #now = new SignalController(
    this,
    () => this.session,
    (session) => ({
      chosen: session.boardKind.value,
      board: session.board.value,
      fault: session.boardFault.value,
      batteryMv: session.batteryMv.value,
      counts: session.boardCounts.value,
    }),
  );

  static override styles = [
    sharedStyles,
    css`
      :host { display: grid; gap: var(--s-3); }
      fieldset { display: grid; gap: var(--s-2); }
      .choice { display: grid; grid-template-columns: 44px minmax(0, 1fr) 24px; gap: 2px var(--s-3); align-items: center; padding: var(--s-3) var(--s-4); text-align: left; width: 100%; min-height: 68px; border-radius: var(--r-m); }
      .pic { grid-row: span 2; display: grid; place-items: center; width: 44px; height: 44px; border-radius: 12px; background: var(--raised); color: var(--ink-2); }
      .choice b { align-self: end; }
      .choice .quiet { grid-column: 2; line-height: 1.35; align-self: start; }
      .dot { grid-column: 3; grid-row: 1 / span 2; width: 22px; height: 22px; border-radius: 50%; border: 2px solid var(--line-strong); }
      .choice[aria-checked='true'] { border-color: var(--accent); background: var(--accent-wash); box-shadow: inset 0 0 0 1px var(--accent); }
      .choice[aria-checked='true'] .dot { border: 7px solid var(--accent); }
      .choice[aria-disabled='true'] { background: none; border-style: dashed; border-color: var(--line-strong); cursor: default; }
      .choice[aria-disabled='true'] .dot { display: none; }
      .choice[aria-disabled='true'] .quiet { grid-column: 2 / -1; }
      .line { display: flex; flex-wrap: wrap; align-items: center; gap: var(--s-2) var(--s-3); font-size: var(--t-s); color: var(--ink-2); }
      .line > .lamp { flex: 1 1 220px; align-items: baseline; }
    `,
  ];

  constructor() {
    super();
    this.session = undefined;
    this.boards = {};
  }

  override render() {
    const now = this.#now.view;
    if (now === undefined) return nothing;
    const { board, chosen, counts } = now;
    const again = { label: ROBOT.tryAgain, run: () => this.#choose(chosen, false) };
    const battery = now.batteryMv === undefined ? '' : ` ${ROBOT.battery} ${volts(now.batteryMv)}.`;
    return html`<fieldset role="radiogroup" aria-label=${ROBOT.turns}>${KINDS.map(({ kind, icon }) => this.#option(kind, icon, kind === chosen))}</fieldset>
      <div class="line" aria-live="polite">
        <span class="lamp" data-level=${boardLevel(board)} data-testid="robot-board" data-at=${board.at}>${boardLine(board)}${battery}</span>
        ${chosen === 'simulated' ? nothing : html`<button class="button small" type="button" @click=${() => this.#choose(chosen, true)}>${ROBOT.another}</button>`}
      </div>
      ${faultNote(now.fault, again)}
      ${counts.malformed + counts.refused === 0 ? nothing : html`<p class="faint num">${ROBOT.boardCounts(counts.malformed, counts.refused)}</p>`}`;
  }

  #option(kind: BoardKind, icon: IconName, chosen: boolean) {
    const why = whyNotHere(kind, this.boards[kind] ?? 'available');
    return html`<button
      class="choice card" type="button" role="radio" data-testid="board-${kind}"
      aria-checked=${chosen} aria-disabled=${why !== undefined} @click=${() => why === undefined && this.#choose(kind, false)}
    >
      <span class="pic"><tp-icon .name=${icon}></tp-icon></span><b>${BOARDS[kind].name}</b>
      <span class="quiet">${why ?? BOARDS[kind].what}</span><span class="dot"></span>
    </button>`;
  }

  #choose(kind: BoardKind, another: boolean): void {
    // What goes wrong shows in `boardFault`.
    void this.session?.chooseBoard(kind, another);
  }
}

/** The lamp for a board. */
export function boardLevel(board: RobotSession['board']['value']): 'go' | 'wait' | 'off' {
  if (board.at === 'ready') return 'go';
  return board.at === 'waking' || board.at === 'returning' ? 'wait' : 'off';
}

customElements.define('tp-board-choice', TpBoardChoice);
