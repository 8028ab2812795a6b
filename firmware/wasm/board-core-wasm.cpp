/** The core as a WebAssembly module whose every instance is one board; knows no pins and no clock of its own. */
#include <stdint.h>

#include "board-core.h"

#define TELEPRESENT_EXPORT(name) extern "C" __attribute__((export_name(#name)))
#define TELEPRESENT_IMPORT(name) extern "C" __attribute__((import_module("board"), import_name(#name)))

/** One whole line, its LF included; the bytes are valid until this returns. */
TELEPRESENT_IMPORT(say) void telepresentSay(const char* line, uint32_t length);
TELEPRESENT_IMPORT(batteryMv) uint32_t telepresentBatteryMv();

namespace {

using telepresent::BoardCore;

void say(const char* line, uint8_t length) { telepresentSay(line, length); }
uint16_t batteryMv() { return static_cast<uint16_t>(telepresentBatteryMv()); }

/** Room for the board of this instance, made by `boot`: the linker would run a constructor again at every call from outside. */
union Place {
  constexpr Place() : empty(0) {}
  char empty;
  BoardCore board;
};
Place place;

}  // namespace

/** There is no library here that would bring it. */
inline void* operator new(decltype(sizeof(0)), BoardCore* at) noexcept { return at; }

/** A reset: nothing of before is left. Call it first. */
TELEPRESENT_EXPORT(boot) void telepresentBoot(uint32_t nowMs) {
  new (&place.board) BoardCore({say, batteryMv});
  place.board.boot(nowMs);
}

TELEPRESENT_EXPORT(hear) void telepresentHear(uint32_t byte, uint32_t nowMs) {
  place.board.hear(static_cast<uint8_t>(byte), nowMs);
}

TELEPRESENT_EXPORT(tick) void telepresentTick(uint32_t nowMs) { place.board.tick(nowMs); }

/** −255…255. */
TELEPRESENT_EXPORT(left) int32_t telepresentLeft() { return place.board.leftPower(); }
TELEPRESENT_EXPORT(right) int32_t telepresentRight() { return place.board.rightPower(); }
TELEPRESENT_EXPORT(armed) int32_t telepresentArmed() { return place.board.armed(); }
TELEPRESENT_EXPORT(latched) int32_t telepresentLatched() { return place.board.latched(); }
TELEPRESENT_EXPORT(lamp) int32_t telepresentLamp() { return place.board.lamp(); }
TELEPRESENT_EXPORT(buzzer) int32_t telepresentBuzzer() { return place.board.buzzer(); }
/** 0…180, or −1 before the first word about it. */
TELEPRESENT_EXPORT(servo) int32_t telepresentServo(uint32_t channel) {
  return channel < telepresent::kServos ? place.board.servoDegrees(static_cast<uint8_t>(channel)) : telepresent::kServoAtRest;
}
