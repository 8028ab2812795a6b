/** Draws the failsafe from its own code, and holds docs/SAFETY.md to the drawing and to what it names. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  cleared,
  disarmed,
  type Failsafe,
  failsafeFor,
  halted,
  heard,
  IDLE_AFTER_MS,
  SILENT_AFTER_MS,
  type Verdict,
  waited,
} from '../../../src/control/failsafe.ts';
import { LEASE_LAPSES_MS } from '../../../src/control/lease.ts';
import { type GamepadState, NEUTRAL } from '../../../src/core/gamepad-state.ts';
import type { ControlFrame } from '../../../src/protocol/control-frame.ts';

const ROOT = new URL('../../../', import.meta.url);
const SAFETY = new URL('docs/SAFETY.md', ROOT);
const PUSHED: GamepadState = { ...NEUTRAL, axes: [0, -1, 0, 0] };
const EPOCH = 7;
const FRESH_MS = 20;
const STALE_MS = 251;

type At = { readonly failsafe: Failsafe; readonly nowMs: number };

const frame = ({ failsafe }: At, change: Partial<ControlFrame>): ControlFrame => ({
  epoch: EPOCH,
  sequence: ((failsafe.lastSequence ?? 0) + 1) & 0xffff,
  sampledAtMs: 0,
  pictureAgeMs: 50,
  enabled: true,
  stop: false,
  gamepad: NEUTRAL,
  ...change,
});
const hears =
  (change: Partial<ControlFrame>, ageMs = FRESH_MS) =>
  (at: At) => ({
    nowMs: at.nowMs + 1,
    verdict: heard(at.failsafe, frame(at, change), ageMs, at.nowMs + 1),
  });
const waits = (ms: number) => (at: At) => ({
  nowMs: at.nowMs + ms,
  verdict: waited(at.failsafe, at.nowMs + ms),
});
const becomes = (next: (failsafe: Failsafe) => Failsafe) => (at: At) => ({
  nowMs: at.nowMs,
  verdict: waited(next(at.failsafe), at.nowMs),
});
/** Sixty seconds of a hand that is on and rests. */
const idles = (at: At) => {
  let now: { nowMs: number; verdict: Verdict } = hears({})(at);
  for (let ms = 0; ms <= IDLE_AFTER_MS; ms += 100) {
    const last = { failsafe: now.verdict.next, nowMs: now.nowMs };
    now = { nowMs: last.nowMs + 100, verdict: heard(last.failsafe, frame(last, {}), FRESH_MS, last.nowMs + 100) };
  }
  return now;
};

const EVENTS: Readonly<Record<string, (at: At) => { readonly nowMs: number; readonly verdict: Verdict }>> = {
  'hand on, sticks at rest': hears({}),
  'hand on, stick pushed': hears({ gamepad: PUSHED }),
  'hand off': hears({ enabled: false }),
  'hand on, picture older than 700 ms': hears({ pictureAgeMs: 701 }),
  'frame older than 250 ms': hears({ gamepad: PUSHED }, STALE_MS),
  'frame of another lease': hears({ epoch: EPOCH + 1, gamepad: PUSHED }),
  '150 ms without a fresh frame': waits(SILENT_AFTER_MS + 1),
  '2 s without a fresh frame': waits(2_001),
  '60 s at rest': idles,
  'board rests or page hidden': becomes(disarmed),
  STOP: becomes(halted),
  'STOP cleared': becomes((failsafe) => (failsafe.stopped ? cleared(failsafe) : failsafe)),
  'new lease': becomes(({ stopped }) => failsafeFor(EPOCH, stopped)),
};

/** What the state is called, and what it keeps for later. */
function nameOf({ next, state }: Verdict): string {
  if (next.mustLetGo && state !== 'stopped') return `${state}, hand must let go`;
  return next.armed && state !== 'driving' ? `${state}, armed` : state;
}

function draw(): { readonly lines: readonly string[]; readonly edges: ReadonlyMap<string, ReadonlySet<string>> } {
  const edges = new Map<string, Set<string>>();
  const seen = new Set<string>();
  const first = waited(failsafeFor(EPOCH), 0);
  const queue: { readonly name: string; readonly at: At }[] = [
    { name: nameOf(first), at: { failsafe: first.next, nowMs: 0 } },
  ];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { name, at } = next;
    const { armed, mustLetGo, blind, stopped, lastFreshAtMs, lastStaleAtMs, restingSinceMs } = at.failsafe;
    const sinceMs = (then: number | undefined) => then !== undefined && at.nowMs - then <= SILENT_AFTER_MS;
    const key = JSON.stringify([
      name,
      armed,
      mustLetGo,
      blind,
      stopped,
      sinceMs(lastFreshAtMs),
      sinceMs(lastStaleAtMs),
      restingSinceMs !== undefined,
    ]);
    if (seen.has(key)) continue;
    seen.add(key);
    for (const [event, happens] of Object.entries(EVENTS)) {
      const { nowMs, verdict } = happens(at);
      const to = nameOf(verdict);
      if (to !== name) {
        const edge = `${name} → ${to}`;
        edges.set(edge, (edges.get(edge) ?? new Set()).add(event));
      }
      queue.push({ name: to, at: { failsafe: verdict.next, nowMs } });
    }
  }
  const id = (name: string) => name.replaceAll(/\W+/g, '_');
  const names = new Set([...edges.keys()].flatMap((edge) => edge.split(' → ')));
  const lines = [
    'stateDiagram-v2',
    ...[...names].filter((name) => id(name) !== name).map((name) => `  state "${name}" as ${id(name)}`),
    '  [*] --> disarmed',
    ...[...edges].map(([edge, events]) => {
      const [from = '', to = ''] = edge.split(' → ');
      return `  ${id(from)} --> ${id(to)}: ${[...events].join('<br>')}`;
    }),
  ];
  return { lines, edges };
}

describe('docs/SAFETY.md', () => {
  const { lines, edges } = draw();

  it('shows the failsafe as its code is (DRAW=1 draws it anew)', () => {
    const text = readFileSync(SAFETY, 'utf8');
    const drawing = `\`\`\`mermaid\n${lines.join('\n')}\n\`\`\``;
    if (process.env.DRAW) writeFileSync(SAFETY, text.replace(/```mermaid\n[^`]*```/, drawing));
    expect(readFileSync(SAFETY, 'utf8')).toContain(drawing);
  });

  it('leads to driving by sticks at rest alone, but for a short silence of an armed hand', () => {
    const into = [...edges].filter(([edge]) => edge.endsWith('→ driving'));
    for (const [edge, events] of into) {
      const [from = ''] = edge.split(' → ');
      if (from.endsWith(', armed')) continue;
      expect([edge, ...events]).toEqual([edge, 'hand on, sticks at rest']);
    }
    expect(into.map(([edge]) => edge.split(' → ')[0]).sort()).toEqual([
      'blind',
      'disarmed',
      'silent, armed',
      'stale',
      'stale, armed',
    ]);
    const out = [...edges].filter(([edge]) => edge.startsWith('stopped →'));
    expect(out.flatMap(([, events]) => [...events])).toEqual(out.map(() => 'STOP cleared'));
    const lettingGo = (state: string) => `${state}, hand must let go`;
    expect(out.map(([edge]) => edge).sort()).toEqual(['disarmed', 'stale'].map((to) => `stopped → ${lettingGo(to)}`));
  });

  it('lets a hand that the robot stopped drive again only once it was off', () => {
    const out = [...edges].filter(([edge]) => / hand must let go → (?!stopped|.*let go)/.test(edge));
    expect(out.length).toBeGreaterThan(2);
    for (const [edge, events] of out) {
      for (const event of events)
        expect([edge, event]).toEqual([edge, expect.stringMatching(/^(hand off|new lease)$/)]);
      expect(edge).not.toMatch(/driving$/);
    }
  });

  it('says the times that the code keeps', () => {
    const text = readFileSync(SAFETY, 'utf8');
    for (const words of [`${SILENT_AFTER_MS} ms`, `${IDLE_AFTER_MS / 1000} s`, `${LEASE_LAPSES_MS / 1000} s`]) {
      expect(text).toContain(words);
    }
  });

  it('names files that are there', () => {
    const text = readFileSync(SAFETY, 'utf8');
    const named = [...text.matchAll(/(?:src|test|firmware|docs)\/[\w./-]+\w/g)].map(([path]) => path);
    expect(named.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
  });
});
