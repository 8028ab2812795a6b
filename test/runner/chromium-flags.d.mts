/** The types of chromium-flags.mjs. */
export const CHROMIUM_FLAGS: readonly string[];
