/** What the pilot's page says of what is down, what is being tried and what a person can do; knows no session. */
import type { Outage } from '../../session/pilot-state.ts';

export type OutageWords = {
  readonly title: string;
  /** What is being tried. */
  readonly tried: string;
  /** What the person can do when that takes long. */
  readonly todo: string;
};

type Known = {
  /** The robot's. */
  readonly name: string;
  /** Whether this page drives, or did when the link broke. */
  readonly leads: boolean;
  /** Whether there ever was a picture. */
  readonly seen: boolean;
  readonly linkDown: boolean;
};

const LINK: Record<Outage['trying'], string> = {
  heals: 'The old path may come back, and a new one is being opened.',
  dials: 'A new path is being opened.',
  rejoins: 'The server is being asked for a new path.',
  waits: 'It comes back by itself when it can.',
};

export function outageWords({ part, trying }: Pick<Outage, 'part' | 'trying'>, known: Known): OutageWords {
  const { name, leads } = known;
  switch (part) {
    case 'link':
      return {
        title: `Link lost, ${name} stopped itself`,
        tried: leads ? `${LINK[trying]} Arm again then.` : LINK[trying],
        todo: `Go where the network is better, or have somebody beside ${name} wake its screen.`,
      };
    case 'picture':
      return {
        title: known.seen ? 'Picture frozen' : 'No picture yet',
        tried: pictureLine(known),
        todo: `Have somebody beside ${name} bring its page to the front and look at its camera.`,
      };
    case 'board':
      return {
        title: `${name}’s board is not ready`,
        tried: `The wheels stand still. ${name} waits for it to answer.`,
        todo: `Have somebody check its cable and power, or choose it again on ${name}’s screen.`,
      };
    case 'broker':
      return known.linkDown
        ? {
            title: 'The server is away too',
            tried: 'A new path needs it, so it is asked again and again.',
            todo: 'A new path needs it. Check this device’s network.',
          }
        : {
            title: 'The server is away',
            tried: 'Your link goes on without it. It is asked again and again.',
            todo: 'Your link goes on. Don’t reload this page.',
          };
  }
  return part satisfies never;
}

function pictureLine({ name, leads, seen }: Known): string {
  if (!seen)
    return leads
      ? `${name}’s camera sends nothing so far. Arm when you can see.`
      : `${name}’s camera sends nothing so far.`;
  return leads
    ? 'You can’t see, so the wheels are stopped. Let go of the sticks.'
    : 'This is how it looked before. The picture goes on by itself when it can.';
}
