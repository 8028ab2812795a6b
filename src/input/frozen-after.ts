/** How long a device that says nothing new of what is held is believed; knows no device. */

/**
 * Milliseconds. No hand holds an analogue stick or trigger short of its end so still that its last digit stays: its radio may be
 * gone, its driver asleep or the browser stuck.
 */
export const ANALOGUE_FROZEN_AFTER_MS = 1_500;

/** Milliseconds. Of what a hand can hold without any news: a stick at its end, a button; and of keys whose repetition broke off. */
export const FROZEN_AFTER_MS = 5_000;

/** Milliseconds. Of keys whose repetition has not begun, or was ended by another key, and of a finger that lies still: there silence says little. */
export const UNREPEATED_FROZEN_AFTER_MS = 20_000;
