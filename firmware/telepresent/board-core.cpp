/** The commands of the board's wire, the arming, the e-stop and the watchdog. */
#include "board-core.h"

namespace telepresent {

namespace {

constexpr char kHello[] = "fTELEPRESENT1:c:h:a:e:v:l:i:n:z";
constexpr uint16_t kShortestBatteryMs = 100;
constexpr uint16_t kLongestBatteryMs = 65535;
constexpr int32_t kLongestInterval = 999999;

/** Reasons of an `x` line. */
constexpr char kWrongChecksum = '1';
constexpr char kNoChecksum = '2';
constexpr char kMalformed = '3';
constexpr char kTooLong = '4';
constexpr char kNotArmed = '5';
constexpr char kLatched = '6';

/** Only lines that may move something, and the one that lifts the e-stop. Stopping never needs a checksum. */
bool needsChecksum(const char* body, uint8_t length) {
  switch (body[0]) {
    case 'c':
    case 'g':
    case 'a':
      return true;
    case 'e':
      return !(length == 2 && body[1] == '1');
    default:
      return false;
  }
}

}  // namespace

void BoardCore::boot(uint32_t nowMs) {
  nowMs_ = nowMs;
  stopAtOnce();
  say("r");
  say("k0");
}

void BoardCore::hear(uint8_t byte, uint32_t nowMs) {
  switch (reader_.push(byte)) {
    case LineReader::Heard::kNothing:
      return;
    case LineReader::Heard::kTooLong:
      refuse(kTooLong);
      return;
    case LineReader::Heard::kLine:
      // A line that comes too late must find the motors already stopped.
      tick(nowMs);
      obey(reader_.bytes(), reader_.length());
      return;
  }
}

void BoardCore::tick(uint32_t nowMs) {
  const uint32_t elapsedMs = nowMs - nowMs_;
  nowMs_ = nowMs;
  listenForSilence();
  left_.advance(elapsedMs);
  right_.advance(elapsedMs);
  if (buzzing_ && nowMs_ - buzzingSinceMs_ >= buzzForMs_) buzzing_ = false;
  if (batteryEveryMs_ != 0 && nowMs_ - batterySaidAtMs_ >= batteryEveryMs_) sayBattery();
}

bool BoardCore::statusLight() const {
  if (armed_) return true;
  return (nowMs_ & (latched_ ? 64 : 256)) != 0;
}

void BoardCore::obey(const char* line, uint8_t length) {
  uint8_t bodyLength = 0;
  const Checksum checksum = checkLine(line, length, bodyLength);
  if (checksum == Checksum::kWrong) return refuse(kWrongChecksum);
  if (checksum == Checksum::kRight) checksumDue_ = true;
  if (bodyLength == 0) return refuse(kMalformed);
  if (checksum == Checksum::kAbsent && checksumDue_ && needsChecksum(line, bodyLength)) return refuse(kNoChecksum);

  const Fields fields(line + 1, static_cast<uint8_t>(bodyLength - 1));
  switch (line[0]) {
    case 'c':
      return obeyDrive(fields);
    case 'g':
      return obeyGamepad(fields);
    case 'a':
      return obeyServo(fields);
    case 'h':
      return obeyHeartbeat(fields);
    case 'e':
      return obeyStop(fields);
    case 'f':
      return obeyHello(fields);
    case 'v':
      return obeyBattery(fields);
    case 'l':
      return obeyPair(lights_, fields);
    case 'i':
      return obeyPair(indicators_, fields);
    case 'n':
      return obeyNotice(fields);
    case 'z':
      return obeyBuzzer(fields);
    case 's':
    case 'w':
    case 'b':
      return ignoreInterval(fields);
    default:
      return refuse(kMalformed);
  }
}

void BoardCore::obeyDrive(Fields fields) {
  const int16_t left = static_cast<int16_t>(fields.number(-kFullPower, kFullPower));
  fields.comma();
  const int16_t right = static_cast<int16_t>(fields.number(-kFullPower, kFullPower));
  if (!fields.complete()) return refuse(kMalformed);
  if (latched_) return refuse(kLatched);
  if (!armed_ && (left != 0 || right != 0)) return refuse(kNotArmed);
  armed_ = true;
  fedAtMs_ = nowMs_;
  left_.aim(left);
  right_.aim(right);
}

void BoardCore::obeyGamepad(Fields fields) {
  for (uint8_t axis = 0; axis < 4; axis++) {
    fields.number(-127, 127);
    fields.comma();
  }
  fields.hexadecimal(0x1ffff);
  for (uint8_t trigger = 0; trigger < 2; trigger++) {
    fields.comma();
    fields.number(0, 255);
  }
  if (!fields.complete()) refuse(kMalformed);
}

void BoardCore::obeyServo(Fields fields) {
  const uint8_t channel = static_cast<uint8_t>(fields.number(0, kServos - 1));
  fields.comma();
  const int16_t degrees = static_cast<int16_t>(fields.number(0, 180));
  if (!fields.complete()) return refuse(kMalformed);
  servoDegrees_[channel] = degrees;
}

void BoardCore::obeyHeartbeat(Fields fields) {
  const int32_t ms = fields.number(0, kLongestInterval);
  if (!fields.complete() || (ms != 0 && ms < kShortestWindowMs)) return refuse(kMalformed);
  windowMs_ = ms == 0 || ms > kLongestWindowMs ? kLongestWindowMs : static_cast<uint16_t>(ms);
  fedAtMs_ = nowMs_;
}

void BoardCore::obeyStop(Fields fields) {
  const bool latch = fields.number(0, 1) == 1;
  if (!fields.complete()) return refuse(kMalformed);
  latched_ = latch;
  if (!latch) return;
  stopAtOnce();
  say("k2");
}

void BoardCore::obeyHello(Fields fields) {
  if (!fields.complete()) return refuse(kMalformed);
  say(kHello);
}

void BoardCore::obeyBattery(Fields fields) {
  const int32_t ms = fields.number(0, kLongestBatteryMs);
  if (!fields.complete() || (ms != 0 && ms < kShortestBatteryMs)) return refuse(kMalformed);
  batteryEveryMs_ = static_cast<uint16_t>(ms);
  if (ms != 0) sayBattery();
}

void BoardCore::obeyPair(bool& lit, Fields fields) {
  const int32_t first = fields.number(0, 255);
  fields.comma();
  const int32_t second = fields.number(0, 255);
  if (!fields.complete()) return refuse(kMalformed);
  lit = first > 0 || second > 0;
}

void BoardCore::obeyNotice(Fields fields) {
  fields.colour();
  fields.comma();
  const int32_t on = fields.number(0, 255);
  if (!fields.complete()) return refuse(kMalformed);
  notice_ = on > 0;
}

void BoardCore::obeyBuzzer(Fields fields) {
  const int32_t ms = fields.number(0, 1000);
  if (!fields.complete()) return refuse(kMalformed);
  buzzForMs_ = static_cast<uint16_t>(ms);
  buzzingSinceMs_ = nowMs_;
  buzzing_ = ms > 0;
}

void BoardCore::ignoreInterval(Fields fields) {
  fields.number(0, kLongestInterval);
  if (!fields.complete()) refuse(kMalformed);
}

void BoardCore::stopAtOnce() {
  armed_ = false;
  left_.stop();
  right_.stop();
}

void BoardCore::listenForSilence() {
  if (!armed_ || nowMs_ - fedAtMs_ < windowMs_) return;
  stopAtOnce();
  say("k1");
}

void BoardCore::say(const char* body) {
  uint8_t length = 0;
  while (body[length] != '\0') length++;
  char line[kLineBytes + 1];
  outlets_.say(line, sealLine(body, length, line));
}

void BoardCore::sayBattery() {
  batterySaidAtMs_ = nowMs_;
  const uint16_t hundredths = static_cast<uint16_t>((outlets_.batteryMv() + 5U) / 10U);
  const uint16_t volts = hundredths / 100;
  char body[8];
  uint8_t length = 0;
  body[length++] = 'v';
  if (volts >= 10) body[length++] = static_cast<char>('0' + volts / 10 % 10);
  body[length++] = static_cast<char>('0' + volts % 10);
  body[length++] = '.';
  body[length++] = static_cast<char>('0' + hundredths / 10 % 10);
  body[length++] = static_cast<char>('0' + hundredths % 10);
  body[length] = '\0';
  say(body);
}

void BoardCore::refuse(char reason) {
  const char body[] = {'x', reason, '\0'};
  say(body);
}

}  // namespace telepresent
