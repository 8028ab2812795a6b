import { watchVideo } from '../../../src/media/playback.ts';
import { afterEach, assert, beforeEach, describe, eventually, it } from '../bdd.ts';

/** A picture that changes only when told to. */
function drawnTrack(): { readonly track: CanvasCaptureMediaStreamTrack; draw(): void } {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  const [track] = canvas.captureStream().getVideoTracks() as CanvasCaptureMediaStreamTrack[];
  if (!context || !track) throw new Error('no canvas to draw on');
  let drawn = 0;
  return {
    track,
    draw() {
      context.fillStyle = ++drawn % 2 ? 'white' : 'black';
      context.fillRect(0, 0, canvas.width, canvas.height);
    },
  };
}

for (const way of ['frame callbacks', 'the frame counter']) {
  describe(`the age of the picture, by ${way}`, () => {
    let life: AbortController;
    let video: HTMLVideoElement;
    beforeEach(() => {
      life = new AbortController();
      video = document.createElement('video');
      video.muted = true;
      video.autoplay = true;
      document.body.append(video);
      if (way === 'frame callbacks') return;
      // What `in` sees on a browser without them.
      const { requestVideoFrameCallback } = HTMLVideoElement.prototype;
      Reflect.deleteProperty(HTMLVideoElement.prototype, 'requestVideoFrameCallback');
      life.signal.addEventListener('abort', () => {
        HTMLVideoElement.prototype.requestVideoFrameCallback = requestVideoFrameCallback;
      });
    });
    afterEach(() => {
      life.abort();
      video.srcObject = null;
      video.remove();
    });

    it('is unknown, then small, then grows once the picture stands still', async () => {
      const ageMs = watchVideo(video, life.signal);
      assert.isUndefined(ageMs());
      const { track, draw } = drawnTrack();
      video.srcObject = new MediaStream([track]);
      await eventually('a first picture', () => {
        draw();
        return ageMs() !== undefined;
      });
      await eventually('a fresh picture', () => {
        draw();
        return (ageMs() ?? 1e9) < 100;
      });
      await eventually('an old picture', () => (ageMs() ?? 0) > 700);
      await eventually('a fresh picture again', () => {
        draw();
        return (ageMs() ?? 1e9) < 100;
      });
      track.stop();
    });

    it('is watched no more after the abort', async () => {
      const ageMs = watchVideo(video, life.signal);
      const { track, draw } = drawnTrack();
      video.srcObject = new MediaStream([track]);
      await eventually('a first picture', () => {
        draw();
        return ageMs() !== undefined;
      });
      life.abort();
      await eventually('an old picture, though it changes', () => {
        draw();
        return (ageMs() ?? 0) > 300;
      });
      track.stop();
    });
  });
}
