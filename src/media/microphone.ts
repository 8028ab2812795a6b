/** Opens a microphone for talking across a room with a loudspeaker in it; knows not who listens. */
import { type Capture, openCapture } from './capture.ts';

/**
 * `id` is a device id, or `default`.
 * @throws {Fault} denied | cancelled | not-found | in-use | insecure | unsupported
 */
export async function openMicrophone(id: string, signal: AbortSignal): Promise<Capture> {
  const capture = await openCapture(
    'microphone',
    {
      audio: {
        ...(id === 'default' ? {} : { deviceId: { exact: id } }),
        echoCancellation: true,
        noiseSuppression: true,
        autoGainControl: true,
      },
    },
    signal,
  );
  capture.track.contentHint = 'speech';
  return capture;
}
