/** One line of the board's wire (docs/WIRE.md): its framing, checksum and numbers; it knows no command. */
#pragma once
#include <stdint.h>

namespace telepresent {

/** The most bytes between two LFs, a CR included. */
constexpr uint8_t kLineBytes = 62;

/** Gathers bytes into lines. */
class LineReader {
 public:
  enum class Heard : uint8_t { kNothing, kLine, kTooLong };

  /** Empty lines are nothing; a line that is too long is told at its LF. */
  Heard push(uint8_t byte);

  /** The line just heard, without CR and LF. Valid until the next push. */
  const char* bytes() const { return bytes_; }
  uint8_t length() const { return length_; }

 private:
  char bytes_[kLineBytes];
  uint8_t length_ = 0;
  bool ended_ = false;
  bool overflowed_ = false;
};

enum class Checksum : uint8_t { kRight, kWrong, kAbsent };

/** Looks for `*XX` and sets `bodyLength` to the bytes before it. */
Checksum checkLine(const char* line, uint8_t length, uint8_t& bodyLength);

/** Writes `body`, its checksum and LF to `line`; `line` holds at least `bodyLength + 4` bytes. Returns the length. */
uint8_t sealLine(const char* body, uint8_t bodyLength, char* line);

/** Reads the numbers after a command letter. The first misfit spoils the whole line. */
class Fields {
 public:
  Fields(const char* at, uint8_t length) : at_(at), end_(at + length) {}

  /** An optional minus and one to six digits, from `low` to `high`. */
  int32_t number(int32_t low, int32_t high);
  /** One to five hexadecimal digits of either case, up to `high`. */
  uint32_t hexadecimal(uint32_t high);
  /** One lower-case letter, or a number from 0 to 255. */
  void colour();
  void comma();
  /** True when every field fitted and nothing is left over. */
  bool complete() const { return fits_ && at_ == end_; }

 private:
  const char* at_;
  const char* end_;
  bool fits_ = true;
};

}  // namespace telepresent
