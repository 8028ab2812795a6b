/** Opens a camera the way driving wants it, quick rather than sharp; knows not who looks. */
import { type Capture, openCapture } from './capture.ts';

/**
 * `id` is a device id, or `default` for the one that looks away from the screen, where there are two.
 * @throws {Fault} denied | cancelled | not-found | in-use | insecure | unsupported
 */
export async function openCamera(id: string, signal: AbortSignal): Promise<Capture> {
  const capture = await openCapture(
    'camera',
    {
      video: {
        ...(id === 'default' ? { facingMode: { ideal: 'environment' } } : { deviceId: { exact: id } }),
        width: { ideal: 640 },
        height: { ideal: 480 },
        // Half of the delay of a typical camera is waiting for its next frame.
        frameRate: { ideal: 60 },
      },
    },
    signal,
  );
  capture.track.contentHint = 'motion';
  return capture;
}
