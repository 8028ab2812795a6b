/** How every test starts Chromium; knows no page and no test. */

/** A synthetic camera and microphone that nobody has to allow. */
const FAKE_MEDIA = ['--use-fake-device-for-media-stream=fps=30', '--use-fake-ui-for-media-stream'];

/** @type {readonly string[]} */
export const CHROMIUM_FLAGS = Object.freeze([
  ...FAKE_MEDIA,
  '--disable-background-networking',
  '--disable-quic',
  // Addresses as <uuid>.local need a multicast DNS responder, and a machine without a network has only loopback.
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--allow-loopback-in-peer-connection',
  // Chromium's sandbox refuses to start as root.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
]);
