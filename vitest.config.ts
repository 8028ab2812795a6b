/** What vitest runs by default: everything that needs neither a browser nor a build. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/{unit,architecture,firmware,server}/**/*.test.ts'],
    // A room's tests assert states, not speed: a busy machine must not fail them.
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
