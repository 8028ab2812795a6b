/** The ways to reach a board, by name; knows none of them. */
export type TransportId = 'simulated' | 'web-serial' | 'bluetooth';
