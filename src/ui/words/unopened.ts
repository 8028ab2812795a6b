/** What stands where a page could not open. */

export const UNOPENED = {
  title: 'This page didn’t open',
  reload: 'Reload',
  home: 'First page',
} as const;
