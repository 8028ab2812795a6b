import { expect, test } from 'vitest';
import { type Negotiable, type NegotiationMessage, type Negotiator, negotiate } from '../../../src/net/negotiation.ts';

/** As much of an RTCPeerConnection as negotiation sees: signalling states, rollback, and what each end has heard of. */
class SmallConnection extends EventTarget implements Negotiable {
  signalingState: RTCSignalingState = 'stable';
  localDescription: RTCSessionDescription | null = null;
  readonly heard: string[] = [];
  readonly candidates: string[] = [];
  rollbacks = 0;
  #needed = false;
  #offers = 0;

  constructor(readonly name: string) {
    super();
  }

  /** As when a track is added. */
  need(): void {
    this.#needed = true;
    this.#ask();
  }
  find(candidate: string): void {
    const found = { candidate, toJSON: () => ({ candidate }) };
    this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: found }));
  }
  // The events of the browser are no Events here, and the listeners do not mind.
  override addEventListener(type: string, listener: unknown, options?: AddEventListenerOptions): void {
    super.addEventListener(type, listener as EventListener, options);
  }

  async setLocalDescription(): Promise<void> {
    await pause();
    const answering = this.signalingState === 'have-remote-offer';
    const type = answering ? 'answer' : 'offer';
    if (type === 'offer') this.#needed = false;
    this.localDescription = describe(type, `${type} ${++this.#offers} of ${this.name}`);
    this.signalingState = answering ? 'stable' : 'have-local-offer';
    if (answering) this.#ask();
  }
  async setRemoteDescription({ type, sdp }: RTCSessionDescriptionInit): Promise<void> {
    await pause();
    if (sdp === 'nonsense') throw new DOMException('not a description', 'OperationError');
    if (type === 'offer' && this.signalingState === 'have-local-offer') {
      this.rollbacks++;
      this.#needed = true;
    } else if ((type === 'answer') !== (this.signalingState === 'have-local-offer')) {
      throw new DOMException(`${type} in ${this.signalingState}`, 'InvalidStateError');
    }
    this.heard.push(sdp!);
    this.signalingState = type === 'offer' ? 'have-remote-offer' : 'stable';
    if (type === 'answer') this.#ask();
  }
  async addIceCandidate(candidate?: RTCIceCandidateInit | null): Promise<void> {
    await pause();
    if (this.signalingState !== 'stable') throw new DOMException('no remote description', 'InvalidStateError');
    this.candidates.push(candidate!.candidate!);
  }

  #ask(): void {
    if (this.#needed && this.signalingState === 'stable')
      queueMicrotask(() => this.dispatchEvent(new Event('negotiationneeded')));
  }
}

function describe(type: RTCSdpType, sdp: string): RTCSessionDescription {
  return { type, sdp, toJSON: () => ({ type, sdp }) };
}

function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function calm(): Promise<void> {
  for (let i = 0; i < 50; i++) await pause();
}

type Told = { readonly to: string; readonly message: NegotiationMessage };

function pair({ adjust = (sdp: string) => sdp, speaking = true } = {}) {
  const life = new AbortController();
  const [robot, pilot] = [new SmallConnection('robot'), new SmallConnection('pilot')];
  const told: Told[] = [];
  const failures: unknown[] = [];
  const ends: Record<string, Negotiator> = {};
  const join = (connection: SmallConnection, other: SmallConnection, polite: boolean) => {
    ends[connection.name] = negotiate({
      connection,
      polite,
      adjust,
      failed: (error) => failures.push(error),
      signal: life.signal,
      send: (message) => {
        told.push({ to: other.name, message });
        setImmediate(() => ends[other.name]!.hear(message));
      },
    });
  };
  join(robot, pilot, false);
  join(pilot, robot, true);
  const { robot: ofRobot, pilot: ofPilot } = ends as Record<'robot' | 'pilot', Negotiator>;
  if (speaking) for (const end of [ofRobot, ofPilot]) end.speak();
  return { life, robot, pilot, told, failures, ofRobot, ofPilot };
}

test('one side offers, the other answers', async () => {
  const { robot, pilot, failures } = pair();
  robot.need();
  await calm();
  expect(pilot.heard).toEqual(['offer 1 of robot']);
  expect(robot.heard).toEqual(['answer 1 of pilot']);
  expect([robot.signalingState, pilot.signalingState, failures]).toEqual(['stable', 'stable', []]);
});

test('when both offer at once the polite one gives way, and is heard afterwards', async () => {
  const { robot, pilot, failures } = pair();
  robot.need();
  pilot.need();
  await calm();
  expect([robot.rollbacks, pilot.rollbacks]).toEqual([0, 1]);
  expect(pilot.heard[0]).toBe('offer 1 of robot');
  expect(robot.heard.filter((sdp) => sdp.startsWith('offer'))).toHaveLength(1);
  expect([robot.signalingState, pilot.signalingState, failures]).toEqual(['stable', 'stable', []]);
});

test('candidates of an ignored offer cost nothing; others arrive', async () => {
  const { robot, pilot, failures } = pair();
  robot.need();
  pilot.need();
  pilot.find('early');
  await calm();
  robot.find('late');
  await calm();
  expect(pilot.candidates).toEqual(['late']);
  expect(failures).toEqual([]);
});

test('the end of candidates is not said', async () => {
  const { robot, told } = pair();
  robot.find('');
  robot.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: null }));
  await calm();
  expect(told).toEqual([]);
});

test('what the other side describes can be adjusted before it is read', async () => {
  const { robot, pilot } = pair({ adjust: (sdp) => `${sdp}!` });
  robot.need();
  await calm();
  expect([...pilot.heard, ...robot.heard]).toEqual(['offer 1 of robot!', 'answer 1 of pilot!']);
});

test('nonsense ends it, a rollback from outside is not obeyed, and after the end nothing happens', async () => {
  const { life, pilot, ofPilot, failures } = pair();
  ofPilot.hear({ type: 'description', description: { type: 'rollback', sdp: '' } });
  ofPilot.hear({ type: 'description', description: { type: 'pranswer', sdp: 'x' } });
  await calm();
  expect([pilot.heard, failures]).toEqual([[], []]);
  ofPilot.hear({ type: 'description', description: { type: 'offer', sdp: 'nonsense' } });
  await calm();
  expect(failures).toHaveLength(1);
  life.abort();
  ofPilot.hear({ type: 'description', description: { type: 'offer', sdp: 'late' } });
  pilot.need();
  await calm();
  expect([pilot.heard, failures.length]).toEqual([[], 1]);
});

test('whoever may not speak yet says nothing, and says all of it when they may', async () => {
  const { robot, pilot, told, ofRobot } = pair({ speaking: false });
  robot.need();
  robot.find('early');
  await calm();
  expect(told).toEqual([]);
  ofRobot.speak();
  ofRobot.speak();
  await calm();
  expect(told[0]).toMatchObject({ to: 'pilot', message: { type: 'candidate', candidate: { candidate: 'early' } } });
  expect([pilot.heard, robot.heard]).toEqual([['offer 1 of robot'], ['answer 1 of pilot']]);
  robot.find('late');
  await calm();
  expect(told.filter(({ message }) => message.type === 'candidate')).toHaveLength(2);
});

test('whoever may not speak yet still answers', async () => {
  const { robot, pilot, ofRobot } = pair({ speaking: false });
  pilot.need();
  ofRobot.speak();
  robot.need();
  await calm();
  expect(pilot.heard).toEqual(['offer 1 of robot']);
  expect(robot.heard).toEqual(['answer 1 of pilot']);
});

test('a silent end does not hoard candidates without end, and one that has gone says none', async () => {
  const { life, robot, told, ofRobot } = pair({ speaking: false });
  for (let i = 0; i < 1000; i++) robot.find(`candidate ${i}`);
  life.abort();
  ofRobot.speak();
  expect(told).toEqual([]);
  const other = pair({ speaking: false });
  for (let i = 0; i < 1000; i++) other.robot.find(`candidate ${i}`);
  other.ofRobot.speak();
  expect(other.told).toHaveLength(64);
});
