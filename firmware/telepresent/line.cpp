/** Reading and sealing of lines, byte by byte, without heap or library. */
#include "line.h"

namespace telepresent {

namespace {

constexpr uint8_t kDigitsOfNumber = 6;
constexpr uint8_t kDigitsOfHexadecimal = 5;

bool isDigit(char byte) { return byte >= '0' && byte <= '9'; }

char upperHexadecimal(uint8_t nibble) { return static_cast<char>(nibble < 10 ? '0' + nibble : 'A' + nibble - 10); }

uint8_t sumOf(const char* bytes, uint8_t length) {
  uint8_t sum = 0;
  for (uint8_t i = 0; i < length; i++) sum = static_cast<uint8_t>(sum + static_cast<uint8_t>(bytes[i]));
  return sum;
}

/** 0…15, or 16 for a byte that is no hexadecimal digit. */
uint8_t nibbleOf(char byte) {
  if (isDigit(byte)) return static_cast<uint8_t>(byte - '0');
  if (byte >= 'A' && byte <= 'F') return static_cast<uint8_t>(byte - 'A' + 10);
  if (byte >= 'a' && byte <= 'f') return static_cast<uint8_t>(byte - 'a' + 10);
  return 16;
}

}  // namespace

LineReader::Heard LineReader::push(uint8_t byte) {
  if (ended_) {
    ended_ = false;
    overflowed_ = false;
    length_ = 0;
  }
  if (byte != '\n') {
    if (length_ < kLineBytes) {
      bytes_[length_++] = static_cast<char>(byte);
    } else {
      overflowed_ = true;
    }
    return Heard::kNothing;
  }
  ended_ = true;
  if (overflowed_) return Heard::kTooLong;
  if (length_ > 0 && bytes_[length_ - 1] == '\r') length_--;
  return length_ == 0 ? Heard::kNothing : Heard::kLine;
}

Checksum checkLine(const char* line, uint8_t length, uint8_t& bodyLength) {
  bodyLength = 0;
  while (bodyLength < length && line[bodyLength] != '*') bodyLength++;
  if (bodyLength == length) return Checksum::kAbsent;
  if (length - bodyLength != 3) return Checksum::kWrong;
  const uint8_t sum = sumOf(line, bodyLength);
  const bool right =
      line[bodyLength + 1] == upperHexadecimal(sum >> 4) && line[bodyLength + 2] == upperHexadecimal(sum & 15);
  return right ? Checksum::kRight : Checksum::kWrong;
}

uint8_t sealLine(const char* body, uint8_t bodyLength, char* line) {
  for (uint8_t i = 0; i < bodyLength; i++) line[i] = body[i];
  const uint8_t sum = sumOf(body, bodyLength);
  line[bodyLength] = '*';
  line[bodyLength + 1] = upperHexadecimal(sum >> 4);
  line[bodyLength + 2] = upperHexadecimal(sum & 15);
  line[bodyLength + 3] = '\n';
  return static_cast<uint8_t>(bodyLength + 4);
}

int32_t Fields::number(int32_t low, int32_t high) {
  const bool negative = at_ != end_ && *at_ == '-';
  if (negative) at_++;
  int32_t value = 0;
  uint8_t digits = 0;
  while (at_ != end_ && isDigit(*at_) && digits < kDigitsOfNumber) {
    value = value * 10 + (*at_++ - '0');
    digits++;
  }
  if (negative) value = -value;
  if (digits == 0 || value < low || value > high) fits_ = false;
  return value;
}

uint32_t Fields::hexadecimal(uint32_t high) {
  uint32_t value = 0;
  uint8_t digits = 0;
  while (at_ != end_ && nibbleOf(*at_) < 16 && digits < kDigitsOfHexadecimal) {
    value = value << 4 | nibbleOf(*at_++);
    digits++;
  }
  if (digits == 0 || value > high) fits_ = false;
  return value;
}

void Fields::colour() {
  if (at_ != end_ && *at_ >= 'a' && *at_ <= 'z') {
    at_++;
  } else {
    number(0, 255);
  }
}

void Fields::comma() {
  if (at_ != end_ && *at_ == ',') {
    at_++;
  } else {
    fits_ = false;
  }
}

}  // namespace telepresent
