/** The video codecs that this device handles with the least power first; no kind is dropped; knows no connection. */

/** What is asked about: a usual robot's picture. */
const PICTURE = { width: 1280, height: 720, bitrate: 1_500_000, framerate: 30 };

export type CodecOrder = (codecs: readonly RTCRtpCodec[]) => RTCRtpCodec[];

/** Asks the browser once. Where it cannot tell, the order stays the browser's own. */
export async function efficientFirst(): Promise<CodecOrder> {
  const known = RTCRtpSender.getCapabilities?.('video')?.codecs ?? [];
  const types = [...new Set(known.map(({ mimeType }) => mimeType))].filter(isPicture);
  const efficient = new Set<string>();
  await Promise.all(
    types.map(async (mimeType) => {
      if (await encodesEfficiently(mimeType)) efficient.add(mimeType);
    }),
  );
  return (codecs) => orderBy(withoutSpares(codecs), (mimeType) => efficient.has(mimeType));
}

/**
 * Without what no two browsers would settle on: H264 in its lesser packetization, which whoever speaks it has besides the other
 * (RFC 7742 wants both), and VP9 for pictures of more than eight bits. A third of the offer is gone then, and the rest fits the
 * four packets that SCTP sends at a time: a fresh link shows its picture a round trip sooner.
 */
export function withoutSpares(codecs: readonly RTCRtpCodec[]): RTCRtpCodec[] {
  return codecs.filter(({ mimeType, sdpFmtpLine = '' }) => {
    if (/\/H264$/i.test(mimeType)) return /packetization-mode=1/.test(sdpFmtpLine);
    return !/\/VP9$/i.test(mimeType) || !/profile-id=[1-9]/.test(sdpFmtpLine);
  });
}

/** Stable, so that what supports a codec (rtx, red) and its profiles keep their places among themselves. */
export function orderBy(codecs: readonly RTCRtpCodec[], first: (mimeType: string) => boolean): RTCRtpCodec[] {
  return [...codecs.filter(({ mimeType }) => first(mimeType)), ...codecs.filter(({ mimeType }) => !first(mimeType))];
}

function isPicture(mimeType: string): boolean {
  return !/\/(rtx|red|ulpfec|flexfec-03)$/i.test(mimeType);
}

async function encodesEfficiently(contentType: string): Promise<boolean> {
  try {
    const answer = await navigator.mediaCapabilities.encodingInfo({
      type: 'webrtc',
      video: { contentType, ...PICTURE },
    });
    return answer.supported && answer.smooth && answer.powerEfficient;
  } catch {
    // Firefox before 130 does not know the question.
    return false;
  }
}
