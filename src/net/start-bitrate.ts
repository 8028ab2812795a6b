/** Lets video begin at a good size at once; knows nothing of cameras. */

/** Chromium begins at 300 kbit/s and takes 20 s to reach full size; its congestion control still lowers this at once. */
export const START_KBPS = 1500;

/** Payloads that only carry or protect other payloads. */
const SUPPORTING = /^(rtx|red|ulpfec|flexfec-03)$/i;

/**
 * A description as it came from the other side, with Chromium's own parameter on every video codec: it reads there at
 * which rate to begin sending. Other browsers skip it.
 */
export function withStartBitrate(sdp: string, kbps: number): string {
  const lines = sdp.split('\r\n');
  const result: string[] = [];
  let video = false;
  let codecs = new Set<string>();
  for (const line of lines) {
    if (line.startsWith('m=')) {
      video = line.startsWith('m=video ');
      codecs = new Set();
    }
    const mapped = video && /^a=rtpmap:(\d+) ([^/]+)\//.exec(line);
    if (mapped && !SUPPORTING.test(mapped[2]!)) codecs.add(mapped[1]!);
    const format = video && /^a=fmtp:(\d+) /.exec(line);
    if (format && codecs.has(format[1]!)) {
      result.push(line.includes('x-google-start-bitrate') ? line : `${line};x-google-start-bitrate=${kbps}`);
      continue;
    }
    result.push(line);
    if (mapped && codecs.has(mapped[1]!) && !hasFormat(lines, mapped[1]!)) {
      result.push(`a=fmtp:${mapped[1]} x-google-start-bitrate=${kbps}`);
    }
  }
  return result.join('\r\n');
}

/** Payload numbers mean one thing in all of a bundled description (RFC 8843, section 9.1). */
function hasFormat(lines: readonly string[], payload: string): boolean {
  return lines.some((line) => line.startsWith(`a=fmtp:${payload} `));
}
