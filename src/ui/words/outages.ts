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

const LINK = {
  heals: 'The old path may come back, and a new one is being opened.',
  dials: 'A new path is being opened.',
} as const;

export function outageWords({ part, trying }: Pick<Outage, 'part' | 'trying'>, known: Known): OutageWords {
  const { name, leads } = known;
  switch (part) {
    case 'link': {
      const tried = LINK[trying === 'heals' ? 'heals' : 'dials'];
      return {
        title: `Link lost, ${name} stopped itself`,
        tried: leads ? `${tried} Let go of the sticks meanwhile.` : tried,
        todo: `Go where the network is better, or have somebody beside ${name} wake its screen.`,
      };
    }
    case 'picture':
      return {
        title: known.seen ? 'Picture frozen' : 'No picture yet',
        tried: pictureLine(known),
        todo: `Have somebody beside ${name} bring its page to the front and look at its camera.`,
      };
    case 'board':
      return boardWords(trying, name);
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

function boardWords(trying: Outage['trying'], name: string): OutageWords {
  switch (trying) {
    case 'none':
      return {
        title: `${name} has no board`,
        tried: 'The wheels stand still until one is connected or chosen there.',
        todo: `Have somebody connect one and choose it on ${name}’s screen.`,
      };
    case 'unsafe':
      return {
        title: `${name}’s board failed its trial`,
        tried: 'The wheels stand still. It did not stop by itself when it was tried, so it is not used.',
        todo: `Have somebody put the Telepresent program on it, then choose it again on ${name}’s screen.`,
      };
    case 'foreign':
      return {
        title: `${name} doesn’t understand its board`,
        tried: 'The wheels stand still. It speaks another version or language, so it is not used.',
        todo: `Have somebody put the current Telepresent program on it, then choose it again on ${name}’s screen.`,
      };
    case 'ended':
      return {
        title: `${name} gave up on its board`,
        tried: 'The wheels stand still until it is connected and chosen again there.',
        todo: `Have somebody connect it again and choose it on ${name}’s screen.`,
      };
    case 'waits':
    case 'heals':
    case 'dials':
    case 'rejoins':
      return {
        title: `${name}’s board is not ready`,
        tried: `The wheels stand still. ${name} waits for it to answer.`,
        todo: `Have somebody check its cable and power, or choose it again on ${name}’s screen.`,
      };
  }
  return trying satisfies never;
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
