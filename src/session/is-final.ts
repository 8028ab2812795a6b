/** Says which faults no further try can cure; knows neither links nor sentences. */
import type { Fault } from '../core/fault.ts';

export function isFinal(fault: Fault): boolean {
  switch (fault.code) {
    case 'busy':
    case 'in-use':
    case 'refused':
    case 'denied':
    case 'unknown':
    case 'expired':
    case 'impostor':
    case 'wrong-version':
    case 'wrong-protocol':
    case 'unsupported':
    case 'insecure':
      // What the middle says may change; what the robot says is final.
      return fault.subject !== 'relay' && fault.subject !== 'broker';
    case 'cancelled':
    case 'not-found':
    case 'absent':
    case 'unreachable':
    case 'lost':
    case 'timeout':
    case 'unsafe':
      return false;
    default:
      return fault.code satisfies never;
  }
}
