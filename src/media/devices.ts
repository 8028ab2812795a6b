/** Which cameras and microphones there are to choose from; opens none. */

export type Source = { readonly id: string; readonly label: string };

const FALLBACK = { videoinput: 'Camera', audioinput: 'Microphone' } as const;

/**
 * What can be offered of enumerateDevices' list, by kind. Before a permission browsers give neither ids nor names, so
 * that one nameless `default` stands for all of a kind.
 */
export function sourcesOf(devices: readonly MediaDeviceInfo[], kind: 'videoinput' | 'audioinput'): readonly Source[] {
  return devices
    .filter((device) => device.kind === kind)
    .map(({ deviceId, label }, i) => ({ id: deviceId || 'default', label: label || `${FALLBACK[kind]} ${i + 1}` }));
}

/**
 * Tells what there is soon after this call, and whenever a device comes or goes.
 * @returns looks again: names appear only once a permission was given, and no event says so
 */
export function watchDevices(
  found: (cameras: readonly Source[], microphones: readonly Source[]) => void,
  signal: AbortSignal,
): () => void {
  const { mediaDevices } = navigator;
  if (mediaDevices === undefined) {
    queueMicrotask(() => found([], []));
    return () => {};
  }
  const look = async () => {
    // A policy that forbids looking leaves nothing to choose from; opening one says why.
    const devices = await mediaDevices.enumerateDevices().catch(() => []);
    if (!signal.aborted) found(sourcesOf(devices, 'videoinput'), sourcesOf(devices, 'audioinput'));
  };
  mediaDevices.addEventListener('devicechange', () => void look(), { signal });
  void look();
  return () => void look();
}
