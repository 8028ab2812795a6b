/** The types of find-browser.mjs. */
export function findBrowser(): Promise<string | undefined>;
export function fetchBrowser(): Promise<void>;
