/** What the server lets the page do, said in headers; knows neither the page nor its files. */
import type { RequestHandler } from 'express';
import helmet from 'helmet';

const SELF = "'self'";
const NONE = "'none'";

/** Everything comes from this origin, and nothing runs that is not a file of its own. */
const CONTENT_SECURITY_POLICY = {
  defaultSrc: [NONE],
  scriptSrc: [SELF],
  styleSrc: [SELF],
  imgSrc: [SELF, 'data:', 'blob:'],
  mediaSrc: [SELF, 'blob:'],
  connectSrc: [SELF],
  manifestSrc: [SELF],
  workerSrc: [SELF],
  baseUri: [NONE],
  formAction: [NONE],
  frameAncestors: [NONE],
};

/** `clipboard-write` copies the robot's link, after a tap. */
const ALLOWED = [
  'autoplay',
  'bluetooth',
  'camera',
  'clipboard-write',
  'fullscreen',
  'gamepad',
  'microphone',
  'screen-wake-lock',
  'serial',
];
/** The powers that Chromium knows by name and that a page would otherwise have. */
const DENIED = [
  'accelerometer',
  'browsing-topics',
  'clipboard-read',
  'display-capture',
  'encrypted-media',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'midi',
  'payment',
  'picture-in-picture',
  'publickey-credentials-get',
  'storage-access',
  'usb',
  'window-management',
  'xr-spatial-tracking',
];

const PERMISSIONS_POLICY = [...ALLOWED.map((power) => `${power}=(self)`), ...DENIED.map((power) => `${power}=()`)].join(
  ', ',
);

export function strictHeaders(): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
      // The page opens no window that needs it, and over plain http browsers only complain about it.
      crossOriginOpenerPolicy: false,
      // Kept by host name, not by port: it would cut off http on this machine.
      strictTransportSecurity: false,
      xFrameOptions: { action: 'deny' },
    }),
    (_request, response, next) => {
      response.setHeader('Permissions-Policy', PERMISSIONS_POLICY);
      next();
    },
  ];
}
