/** The foot of the pilot's page: sticks or keys, the tools, and STOP in the middle; knows no link. */
import { html, nothing } from 'lit';
import type { PilotSession } from '../session/pilot-state.ts';
import './hands-view.ts';
import './hold.ts';
import './icon.ts';
import type { IconName } from './icon.ts';
import type { Look } from './pilot-look.ts';
import './speed.ts';
import './stick.ts';
import './stop.ts';
import { PILOT } from './words/pilot.ts';

export type Hands = {
  readonly sticks: boolean;
  readonly muted: boolean;
  readonly mute: () => void;
  readonly sayNoSound: () => void;
  readonly showSticks: () => void;
};

/** Everybody who sees can stop; who only watches has nothing else to press but the sound. */
export function pilotControls(session: PilotSession, now: Look, hands: Hands) {
  if (now.watcher) {
    return html`<footer class="controls">
      <div class="tools" data-side="a">${soundTool(now, hands)}</div>
      ${halt(session, now, hands)}
    </footer>`;
  }
  return html`<footer class="controls">
    <tp-speed .session=${session}></tp-speed>
    ${hands.sticks ? sticks(session, now) : keys(session)}
    <div class="tools" data-side="a">
      ${soundTool(now, hands)}
      ${tool('pilot-sticks', 'hand', PILOT.sticks, hands.sticks, hands.showSticks)}
    </div>
    ${halt(session, now, hands)}
    <div class="tools" data-side="b">
      ${tool('pilot-talk', now.talking ? 'mic' : 'mic-off', PILOT.talk, now.talking, () => void session.talk(!now.talking))}
      ${tool('pilot-disarm', 'power', PILOT.disarm, undefined, () => session.disarm(), now.view !== 'driving' && !now.resumes)}
    </div>
  </footer>`;
}

/** Without a link STOP still counts: it is the first thing that is said on the next one. */
export function pilotStop(session: PilotSession, now: Look, hands: Hands) {
  return html`<footer class="controls">${halt(session, now, hands)}</footer>`;
}

/** Whoever may not clear keeps STOP: pressing it again harms nobody. */
function halt(session: PilotSession, now: Look, hands: Hands) {
  return now.view === 'stopped' && now.mayClear
    ? html`<tp-hold class="halt" anywhere label=${PILOT.holdToClear} .subject=${now.stopPress} data-testid="pilot-clear" @held=${() => session.clearStop()}></tp-hold>`
    : html`<tp-stop class="halt" label=${PILOT.stop} name=${PILOT.stopName} .key=${hands.sticks ? undefined : PILOT.space} data-testid="pilot-stop" @stop=${() => session.stop()}></tp-stop>`;
}

function sticks(session: PilotSession, { view }: Look) {
  const stick = (place: 'left' | 'right', side: 0 | 1) =>
    html`<tp-stick class=${place} label=${PILOT[place]} data-testid="pilot-stick-${place}" ?idle=${view !== 'driving'} ?dead=${view === 'frozen'} .report=${(x: number, y: number) => session.touch(side, x, y)}></tp-stick>`;
  return [stick('left', 0), stick('right', 1)];
}

function keys(session: PilotSession) {
  return html`<tp-hands-view class="left" show="drawing" .session=${session}></tp-hands-view>
    <tp-hands-view class="right" show="words" .session=${session}></tp-hands-view>`;
}

function soundTool(now: Look, hands: Hands) {
  return now.sound === undefined
    ? tool('pilot-sound', 'sound-off', PILOT.noSound, undefined, hands.sayNoSound)
    : tool('pilot-sound', hands.muted ? 'sound-off' : 'sound', PILOT.sound, hands.muted, hands.mute);
}

function tool(
  id: string,
  icon: IconName,
  label: string,
  pressed: boolean | undefined,
  run: () => void,
  disabled = false,
) {
  return html`<button class="tool" type="button" aria-label=${label} title=${label} aria-pressed=${pressed ?? nothing} ?disabled=${disabled} data-testid=${id} @click=${run}>
    <tp-icon .name=${icon}></tp-icon>
  </button>`;
}
