/** What a page's <video> shows, coarsely, so that two looks can be compared; knows not what is in it. */
import type { Page } from 'playwright-core';

/** 16 by 12 brightnesses, 0…255; undefined while there is no picture. */
export type Look = readonly number[];

export async function lookAt(page: Page): Promise<Look | undefined> {
  const [look] = await page.locator('video').evaluateAll((videos) =>
    videos.slice(0, 1).map((video) => {
      const [width, height] = [16, 12];
      if (!(video instanceof HTMLVideoElement) || video.videoWidth === 0) return undefined;
      const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
      context?.drawImage(video, 0, 0, width, height);
      const pixels = context?.getImageData(0, 0, width, height).data ?? [];
      return Array.from({ length: width * height }, (_, i) => {
        const [red = 0, green = 0, blue = 0] = pixels.slice(i * 4, i * 4 + 3);
        return Math.round(0.3 * red + 0.59 * green + 0.11 * blue);
      });
    }),
  );
  return look;
}

/** Mean difference of two looks, 0 (the same) …255. */
export function difference(a: Look, b: Look): number {
  return a.reduce((sum, brightness, i) => sum + Math.abs(brightness - (b[i] ?? 0)), 0) / a.length;
}
