/** The only thing that may say "go": everything it knows comes in, everything it decides goes out. */
import type { GamepadState } from '../core/gamepad-state.ts';
import type { ControlFrame } from '../protocol/control-frame.ts';
