/** What the benches take from the rig: a path that can be made bad at any time, and a certificate; knows no page. */
export { buildRig } from '../../rig/build-rig.ts';
export { openImpairedPath } from '../../rig/impaired-path.ts';
export { selfSigned } from '../../rig/self-signed.ts';
