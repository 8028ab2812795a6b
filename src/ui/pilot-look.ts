/** What the pilot's page shows of its session, as plain values; knows no element. */
import type { Outage, PilotSession } from '../session/pilot-state.ts';
import { PICTURE_FROZEN_MS } from './vitals.ts';
import { PILOT } from './words/pilot.ts';

/** What the page shows, of the session's states and the picture's age. */
export type PilotView = 'connecting' | 'watching' | 'driving' | 'frozen' | 'lost' | 'stopped' | 'ended';

export type Look = ReturnType<typeof lookAt>;

export function lookAt(session: PilotSession) {
  const state = session.state.value;
  const ageMs = session.pictureAgeMs.value;
  const frozen = ageMs !== undefined && ageMs > PICTURE_FROZEN_MS;
  const view = viewOf(state, session.stoppedBy.value, frozen);
  const watcher = state.at === 'watching' && state.because === 'watcher';
  return {
    state,
    view,
    // Only a frozen picture's age is shown here, so only then it may render.
    pictureAgeMs: view === 'frozen' ? ageMs : undefined,
    /** Whether there ever was a picture. */
    seen: ageMs !== undefined,
    name: session.robotName.value ?? PILOT.robot,
    watcher,
    /** Whether somebody else drives, though this page might. */
    waits: state.at === 'watching' && state.because === 'lease',
    leads: session.leads.value && !watcher,
    owner: session.role.value === 'owner',
    driver: session.driver.value,
    asks: session.asks.value,
    askers: session.askers.value,
    mayClear: session.mayClear.value,
    outages: session.outages.value,
    lasting: session.lasting,
    simulated: session.simulated.value,
    picture: session.picture.value,
    sound: session.sound.value,
    stoppedBy: session.stoppedBy.value,
    stopPress: session.stopPress.value,
    resumes: session.resumes.value,
    kind: session.input.value.kind,
    gone: session.input.value.gone,
    still: session.input.value.frozen,
    cap: session.report.value?.speedCap ?? 1,
    delayMs: capped(session) ? tens(session.roundTripMs.value) : undefined,
    talking: session.talking.value,
    microphoneFault: session.microphoneFault.value,
    trouble: session.trouble.value,
  };
}

/** Whether anything counts up in front of a person. */
export function counts({ view, outages }: Look): boolean {
  return view === 'lost' || outages.length > 0;
}

export function outageOf({ outages }: Look, part: Outage['part']): Outage | undefined {
  return outages.find((outage) => outage.part === part);
}

function capped(session: PilotSession): boolean {
  return (session.report.value?.speedCap ?? 1) < 1;
}

function tens(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms / 10) * 10;
}

function viewOf(state: PilotSession['state']['value'], stoppedBy: string | undefined, frozen: boolean): PilotView {
  switch (state.at) {
    case 'dialling':
    case 'greeting':
    case 'asking':
      return 'connecting';
    case 'lost':
      return 'lost';
    case 'ended':
      return 'ended';
    case 'driving':
    case 'watching':
      if (stoppedBy !== undefined || (state.at === 'watching' && state.because === 'stopped')) return 'stopped';
      return frozen ? 'frozen' : state.at;
  }
  return state satisfies never;
}
