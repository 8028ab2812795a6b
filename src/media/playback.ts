/** Watches which pictures a <video> really paints; knows not where they come from. */
import { type Painted, painted, pictureAgeMs } from './freshness.ts';

/**
 * Watches until `signal` aborts.
 * @returns the age of what is on the screen, in milliseconds; undefined before the first picture
 */
export function watchVideo(video: HTMLVideoElement, signal: AbortSignal): () => number | undefined {
  let last: Painted | undefined;
  const saw = (frame: Painted) => {
    last = frame;
  };
  if ('requestVideoFrameCallback' in video) watchFrames(video, saw, signal);
  else watchCounter(video, saw, signal);
  return () => pictureAgeMs(last, performance.now());
}

function watchFrames(video: HTMLVideoElement, saw: (frame: Painted) => void, signal: AbortSignal): void {
  let pending = 0;
  const next = () => {
    pending = video.requestVideoFrameCallback((_, { presentationTime, captureTime }) => {
      saw(painted(presentationTime, captureTime));
      next();
    });
  };
  signal.addEventListener('abort', () => video.cancelVideoFrameCallback(pending), { once: true });
  if (!signal.aborted) next();
}

/** Firefox before 132 only counts its frames. */
function watchCounter(video: HTMLVideoElement, saw: (frame: Painted) => void, signal: AbortSignal): void {
  let counted = 0;
  const look = () => {
    if (signal.aborted) return;
    const { totalVideoFrames } = video.getVideoPlaybackQuality();
    if (totalVideoFrames !== counted) saw(painted(performance.now(), undefined));
    counted = totalVideoFrames;
    requestAnimationFrame(look);
  };
  look();
}
