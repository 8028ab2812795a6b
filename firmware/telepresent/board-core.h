/** The whole mind of a board: bytes and time in, power and lines out; it never calls Arduino. */
#pragma once
#include <stdint.h>

#include "line.h"
#include "ramp.h"

namespace telepresent {

/** Silence stops the motors after this long. The wire can shorten it to `kShortestWindowMs`, never lengthen it. */
constexpr uint16_t kLongestWindowMs = 500;
constexpr uint16_t kShortestWindowMs = 100;
constexpr uint8_t kServos = 2;
constexpr int16_t kServoAtRest = -1;

/** What the core asks of the hardware around it. */
struct Outlets {
  /** Sends one whole line, its LF included. */
  void (*say)(const char* line, uint8_t length);
  /** Measures the battery now, in millivolts. */
  uint16_t (*batteryMv)();
};

class BoardCore {
 public:
  explicit BoardCore(const Outlets& outlets) : outlets_(outlets) {}

  /** Disarmed, and says so. */
  void boot(uint32_t nowMs);
  /** One byte from the wire. */
  void hear(uint8_t byte, uint32_t nowMs);
  /** Lets time pass: watchdog, ramps, buzzer, battery. `nowMs` may wrap around. */
  void tick(uint32_t nowMs);

  bool armed() const { return armed_; }
  bool latched() const { return latched_; }
  /** −255…255, after the ramp. Zero whenever disarmed. */
  int16_t leftPower() const { return left_.power(); }
  int16_t rightPower() const { return right_.power(); }
  /** 0…180, or `kServoAtRest` before the first word about it. */
  int16_t servoDegrees(uint8_t channel) const { return servoDegrees_[channel]; }
  /** Solid when armed, slow blinks when disarmed, fast blinks while the e-stop is latched. */
  bool statusLight() const;
  bool lamp() const { return lights_ || indicators_ || notice_; }
  bool buzzer() const { return buzzing_; }

 private:
  void obey(const char* line, uint8_t length);
  void obeyDrive(Fields fields);
  void obeyGamepad(Fields fields);
  void obeyServo(Fields fields);
  void obeyHeartbeat(Fields fields);
  void obeyStop(Fields fields);
  void obeyHello(Fields fields);
  void obeyBattery(Fields fields);
  void obeyPair(bool& lit, Fields fields);
  void obeyNotice(Fields fields);
  void obeyBuzzer(Fields fields);
  void ignoreInterval(Fields fields);

  void stopAtOnce();
  void listenForSilence();
  void say(const char* body);
  void sayBattery();
  void refuse(char reason);

  Outlets outlets_;
  LineReader reader_;
  Ramp left_;
  Ramp right_;
  uint32_t nowMs_ = 0;
  uint32_t fedAtMs_ = 0;
  uint32_t buzzingSinceMs_ = 0;
  uint32_t batterySaidAtMs_ = 0;
  uint16_t windowMs_ = kLongestWindowMs;
  uint16_t buzzForMs_ = 0;
  uint16_t batteryEveryMs_ = 0;
  int16_t servoDegrees_[kServos] = {kServoAtRest, kServoAtRest};
  bool armed_ = false;
  bool latched_ = false;
  /** A line with a right checksum was heard, so motors want one from now on. */
  bool checksumDue_ = false;
  bool lights_ = false;
  bool indicators_ = false;
  bool notice_ = false;
  bool buzzing_ = false;
};

}  // namespace telepresent
