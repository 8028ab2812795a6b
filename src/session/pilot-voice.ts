/** The pilot's own microphone, open only while it is switched on; knows neither browsers nor elements. */
import { effect, type ReadonlySignal, signal } from '@preact/signals-core';
import { asFault, type Fault } from '../core/fault.ts';
import type { Capture } from '../media/capture.ts';
import type { Link } from '../net/link.ts';

export type Voice = {
  readonly talking: ReadonlySignal<boolean>;
  readonly fault: ReadonlySignal<Fault | undefined>;
  /** Switched on it follows the link, also onto a new one. */
  talk(on: boolean): Promise<void>;
};

export function lendVoice(
  open: (id: string, signal: AbortSignal) => Promise<Capture>,
  link: ReadonlySignal<Link | undefined>,
  life: AbortSignal,
): Voice {
  const talking = signal(false);
  const fault = signal<Fault | undefined>(undefined);
  let speech = new AbortController();

  const hush = (why?: Fault) => {
    speech.abort();
    talking.value = false;
    fault.value = why;
  };
  life.addEventListener('abort', () => hush(), { once: true });

  return {
    talking,
    fault,
    async talk(on) {
      hush();
      if (!on || life.aborted) return;
      speech = new AbortController();
      const speaking = speech.signal;
      talking.value = true;
      try {
        const capture = await open('default', speaking);
        if (speaking.aborted) return;
        const unfollow = effect(() => link.value?.show(capture.track, speaking));
        speaking.addEventListener('abort', unfollow, { once: true });
        void capture.lost.then((why) => {
          if (!speaking.aborted) hush(why);
        });
      } catch (error) {
        if (!speaking.aborted) hush(asFault(error, 'lost', 'microphone'));
      }
    },
  };
}
