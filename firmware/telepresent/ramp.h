/** How fast one wheel's power may change; it knows time and power, not why they change. */
#pragma once
#include <stdint.h>

namespace telepresent {

constexpr int16_t kFullPower = 255;

/** Rises 255 in 250 ms, falls 255 in 60 ms, and passes through zero when it reverses. */
class Ramp {
 public:
  /** −255…255. */
  void aim(int16_t power) { goal_ = power; }
  /** Zero at once. */
  void stop();
  void advance(uint32_t elapsedMs);
  /** −255…255, as of the last advance. */
  int16_t power() const { return static_cast<int16_t>(hundredths_ / 100); }

 private:
  int16_t goal_ = 0;
  /** Hundredths of power, so that both slopes are whole numbers a millisecond. */
  int16_t hundredths_ = 0;
};

}  // namespace telepresent
