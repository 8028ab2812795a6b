/** Figures about the server's work, as Prometheus reads them; they say how many, and never who. */
import { Counter, Gauge, Registry } from 'prom-client';
import { type Admission, VERDICTS } from './admission.ts';
import { LIMITS, type Limit } from './limits.ts';

export type Metrics = {
  admission(verdict: Admission['verdict']): void;
  relayed(): void;
  limited(limit: Limit): void;
  /** Asked for whenever the figures are read. */
  watch(now: { readonly sockets: () => number; readonly codes: () => number }): void;
  readonly contentType: string;
  text(): Promise<string>;
};

export function makeMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const admissions = new Counter({
    name: 'telepresent_admissions_total',
    help: 'Claims to an id, by what became of them',
    labelNames: ['result'],
    registers,
  });
  const relayed = new Counter({
    name: 'telepresent_messages_relayed_total',
    help: 'Messages passed from page to page',
    registers,
  });
  const limits = new Counter({
    name: 'telepresent_limits_hit_total',
    help: 'Requests, sockets and messages refused because there were too many',
    labelNames: ['limit'],
    registers,
  });
  // A figure that is not there yet cannot be told from one that was renamed.
  for (const result of VERDICTS) admissions.inc({ result }, 0);
  for (const limit of LIMITS) limits.inc({ limit }, 0);
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge('process_resident_memory_bytes', 'Memory of the server process', () => process.memoryUsage.rss());
  return {
    admission: (result) => admissions.inc({ result }),
    relayed: () => relayed.inc(),
    limited: (limit) => limits.inc({ limit }),
    watch({ sockets, codes }) {
      gauge('telepresent_sockets', 'Open WebSockets', sockets);
      gauge('telepresent_codes', 'Codes that can be typed now', codes);
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
