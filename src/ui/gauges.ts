/** What the robot does right now: motors, failsafe, and where the simulated one stands; knows no pilot. */
import { css, html, LitElement, nothing } from 'lit';
import type { RobotSession } from '../session/robot-state.ts';
import { sharedStyles } from './shared-styles.ts';
import { SignalController } from './signal-controller.ts';
import './told.ts';
import { FAILSAFE, poseWords, ROBOT } from './words/robot.ts';

export class TpGauges extends LitElement {
  static override properties = { session: { attribute: false } };
  declare session: RobotSession | undefined;
  #now = new SignalController(
    this,
    () => this.session,
    (session) => ({ told: session.told.value, failsafe: session.failsafe.value, pose: session.pose.value }),
  );

  static override styles = [
    sharedStyles,
    css`
      :host { display: flex; flex-wrap: wrap; align-items: center; gap: var(--s-2) var(--s-4); justify-content: var(--justify, flex-start); font-size: var(--t-s); color: var(--ink-2); }
      .pose { flex-basis: 100%; display: flex; justify-content: inherit; flex-wrap: wrap; align-items: center; gap: var(--s-1) var(--s-2); }
    `,
  ];

  override render() {
    const now = this.#now.view;
    if (now === undefined) return nothing;
    const { told, failsafe, pose } = now;
    return html`<tp-told name="robot-told" .left=${told.left} .right=${told.right}></tp-told>
      <span class="lamp" data-level=${FAILSAFE[failsafe].level} data-testid="robot-failsafe" data-failsafe=${failsafe}>${FAILSAFE[failsafe].word}</span>
      ${
        pose === undefined
          ? nothing
          : html`<span class="pose">
            <span class="badge"><tp-icon name="sim" size="s"></tp-icon>${ROBOT.simulated}</span>
            <span
              class="num" data-testid="robot-pose"
              data-x=${pose.x} data-y=${pose.y} data-heading=${pose.heading} data-speed=${pose.speed} data-left=${pose.left} data-right=${pose.right}
            >${poseWords(pose)}</span>
          </span>`
      }`;
  }
}

customElements.define('tp-gauges', TpGauges);
