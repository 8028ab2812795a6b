/** The robot's page while nobody is linked: camera, board and link at a glance; knows no pilot. */
import { css, html, LitElement, nothing } from 'lit';
import type { RobotSession } from '../session/robot-state.ts';
import './ask.ts';
import './board-choice.ts';
import type { Boards } from './board-choice.ts';
import './drive-form.ts';
import { faultNote } from './fault-note.ts';
import { foldStyles } from './fold-styles.ts';
import './gauges.ts';
import './guest-links.ts';
import './hold.ts';
import './icon.ts';
import './invite.ts';
import './past-visits.ts';
import './people.ts';
import './reach.ts';
import './senses.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import './stop.ts';
import { ROBOT, stoppedWords } from './words/robot.ts';

/** `silent`: whether the browser keeps the page from sounding. */
export class TpRobotSetup extends LitElement {
  static override properties = {
    session: { attribute: false },
    boards: { attribute: false },
    silent: { type: Boolean },
  };
  declare session: RobotSession | undefined;
  declare boards: Boards;
  declare silent: boolean;
  #now = new SignalController(
    this,
    () => this.session,
    (session) => ({
      state: session.state.value,
      name: session.name.value,
      seen: session.picture.value !== undefined,
      ready: session.board.value.at === 'ready',
      linked: session.invitation.value !== undefined && session.broker.value.at === 'joined',
      lasting: session.lasting.value,
      stoppedBy: session.stoppedBy.value,
      stopPress: session.stopPress.value,
      sleepy: session.wakeLock.value === 'unsupported' || session.wakeLock.value === 'refused',
    }),
  );

  static override styles = [
    sharedStyles,
    foldStyles,
    css`
      :host { display: block; min-height: 100dvh; background: var(--ground); color: var(--ink); container: setup / inline-size; }
      header { display: grid; grid-template-columns: var(--touch) minmax(0, 1fr) minmax(196px, 340px); align-items: center; gap: var(--s-2); max-width: 1120px; margin: 0 auto; padding: max(10px, env(safe-area-inset-top)) var(--edge) 6px 8px; }
      header h1 { font-size: var(--t-l); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      .page { max-width: 1120px; margin: 0 auto; padding: var(--s-2) var(--edge) var(--s-6); display: grid; gap: var(--s-5); }
      section { display: grid; gap: var(--s-3); align-content: start; min-width: 0; }
      h2 { font-size: var(--t-l); }
      h2 + p { margin-top: calc(-1 * var(--s-2)); }

      .beads { display: flex; align-items: flex-start; font-size: var(--t-xs); color: var(--ink-2); text-align: center; }
      .beads li { position: relative; flex: 1; display: grid; justify-items: center; gap: 3px; }
      .beads li::before { content: ''; width: 12px; height: 12px; border-radius: 50%; border: 2px solid var(--line-strong); background: var(--ground); z-index: 1; }
      .beads li + li::after { content: ''; position: absolute; top: 5px; right: 50%; width: 100%; height: 2px; background: var(--line); }
      .beads li[data-done]::before { background: var(--accent); border-color: var(--accent); }
      .beads li[data-done] + li[data-done]::after { background: var(--accent); }

      h3 { font-size: var(--t-m); margin-top: var(--s-2); }
      h3 + p { margin-top: calc(-1 * var(--s-2)); }
      .field { display: grid; gap: 6px; }
      .field input { min-height: 52px; padding: 0 16px; font-size: var(--t-l); background: var(--surface); border: 1.5px solid var(--line-strong); border-radius: var(--r-m); width: 100%; }
      tp-drive-form { padding: 0 var(--s-4) var(--s-4); }
      .gauges { padding: var(--s-3) var(--s-4); }
      .halt { position: sticky; bottom: 0; display: grid; gap: var(--s-3); padding: var(--s-3) var(--edge) max(12px, env(safe-area-inset-bottom)); background: var(--ground); border-top: 1px solid var(--line); z-index: 2; }
      .halt > tp-stop, .halt > tp-hold { width: min(100%, 480px); height: 84px; margin: 0 auto; --slab-radius: 22px; --slab-size: 2.25rem; }
      .stopped { padding-top: var(--s-4); background: var(--stop-wash); border-top: 2px solid var(--stop); }
      .stopped p { max-width: 60ch; margin: 0 auto; text-align: center; }
      @media (max-height: 520px) {
        .halt { padding-block: 8px; gap: var(--s-2); }
        .halt > tp-stop, .halt > tp-hold { height: 72px; }
      }

      @container setup (min-width: 700px) {
        header { padding-inline: 20px 32px; padding-top: 18px; }
        .page { padding-inline: 32px; }
      }
      @container setup (min-width: 900px) {
        .page { grid-template-columns: minmax(0, 1fr) 360px; gap: var(--s-5) var(--s-6); align-items: start; }
        .full { grid-column: 1 / -1; }
        .main { grid-column: 1; }
        .link { grid-column: 2; grid-row: 1 / span 4; position: sticky; top: var(--s-4); }
        .page[data-notes] .link { grid-row: 2 / span 4; }
      }
      @container setup (min-width: 640px) and (max-width: 899px) {
        .page { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
        .full, .wide { grid-column: 1 / -1; }
      }
    `,
  ];

  constructor() {
    super();
    this.session = undefined;
    this.boards = {};
    this.silent = false;
  }

  override render() {
    const now = this.#now.view;
    if (now === undefined || this.session === undefined) return nothing;
    const { state, stoppedBy } = now;
    const failed = state.at === 'failed' ? state.fault : undefined;
    const notes = failed !== undefined || now.sleepy || !now.lasting || this.silent;
    return html`<header>
        <a class="icon-button" href="#" aria-label=${ROBOT.back}><tp-icon name="back"></tp-icon></a>
        <h1>${now.name || ROBOT.title}</h1>
        <ol class="beads" aria-label=${ROBOT.steps}>
          ${bead(ROBOT.step.camera, now.seen)}${bead(ROBOT.step.board, now.ready)}${bead(ROBOT.step.link, now.linked)}${bead(ROBOT.step.pilot, false)}
        </ol>
      </header>
      <main class="page" ?data-notes=${notes}>
        ${
          notes
            ? html`<section class="full">
              ${faultNote(failed, { label: ROBOT.reload, run: () => location.reload() })}
              ${now.sleepy ? html`<div class="notice" data-level="wait"><tp-icon name="warn"></tp-icon><p>${ROBOT.noSleep}</p></div>` : nothing}
              ${now.lasting ? nothing : html`<div class="notice" data-level="wait" data-testid="robot-not-lasting"><tp-icon name="warn"></tp-icon><p>${ROBOT.notLasting}</p></div>`}
              ${this.silent ? html`<div class="notice" data-testid="robot-silent"><tp-icon name="sound-off"></tp-icon><p>${ROBOT.silent}</p></div>` : nothing}
            </section>`
            : nothing
        }
        <section class="main">
          <h2>${ROBOT.sees}</h2>
          <tp-senses .session=${this.session}></tp-senses>
          <p class="faint">${ROBOT.privacy}</p>
        </section>
        <section class="link">
          <h2>${ROBOT.link}</h2>
          <p class="quiet">${ROBOT.linkWhat}</p>
          <tp-invite .session=${this.session}></tp-invite>
        </section>
        <section class="main wide">
          <h2>${ROBOT.people}</h2>
          <p class="quiet">${ROBOT.peopleWhat}</p>
          <tp-people .session=${this.session}></tp-people>
          <h3>${ROBOT.guests}</h3>
          <p class="quiet">${ROBOT.guestsWhat}</p>
          <tp-guest-links .session=${this.session}></tp-guest-links>
          <tp-past-visits .session=${this.session}></tp-past-visits>
          <tp-reach .session=${this.session}></tp-reach>
        </section>
        <section class="main wide">
          <h2>${ROBOT.turns}</h2>
          <tp-board-choice .session=${this.session} .boards=${this.boards}></tp-board-choice>
          <tp-gauges class="card gauges" .session=${this.session}></tp-gauges>
        </section>
        <section class="main wide">
          <div class="field">
            <label for="name"><b>${ROBOT.name}</b> <span class="quiet">${ROBOT.nameWhat}</span></label>
            <input id="name" data-testid="robot-name" maxlength="24" autocomplete="off" .value=${now.name} @change=${this.#rename} />
          </div>
          <details>
            <summary><tp-icon name="gear"></tp-icon>${ROBOT.drives}</summary>
            <tp-drive-form .session=${this.session}></tp-drive-form>
          </details>
        </section>
      </main>
      <tp-ask modal .session=${this.session}></tp-ask>
      ${
        stoppedBy === undefined
          ? html`<div class="halt"><tp-stop look="slab" label=${ROBOT.stop} name=${ROBOT.stopName} data-testid="robot-stop" @stop=${() => this.session?.stop()}></tp-stop></div>`
          : html`<div class="halt stopped" role="alert">
            <p>${stoppedWords(stoppedBy, now.name)}</p>
            <tp-hold look="slab" label=${ROBOT.clear} .subject=${now.stopPress} data-testid="robot-clear" @held=${() => this.session?.clearStop()}></tp-hold>
          </div>`
      }`;
  }

  #rename(event: Event): void {
    this.session?.rename((event.target as HTMLInputElement).value);
  }
}

function bead(label: string, done: boolean) {
  return html`<li ?data-done=${done}>${label}<span class="sr">${done ? ROBOT.stepDone : ROBOT.stepOpen}</span></li>`;
}

customElements.define('tp-robot-setup', TpRobotSetup);
