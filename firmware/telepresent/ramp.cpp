/** The two slopes of a wheel's power, in whole numbers. */
#include "ramp.h"

namespace telepresent {

namespace {

constexpr int32_t kRisePerMs = 102;
constexpr int32_t kFallPerMs = 425;
/** A full rise takes this long, so a longer gap changes nothing. */
constexpr uint32_t kLongestStepMs = 250;

int16_t toward(int32_t from, int32_t to, int32_t step) {
  if (to > from) return static_cast<int16_t>(to - from > step ? from + step : to);
  return static_cast<int16_t>(from - to > step ? from - step : to);
}

}  // namespace

void Ramp::stop() {
  goal_ = 0;
  hundredths_ = 0;
}

void Ramp::advance(uint32_t elapsedMs) {
  const int32_t ms = static_cast<int32_t>(elapsedMs > kLongestStepMs ? kLongestStepMs : elapsedMs);
  const int32_t goal = static_cast<int32_t>(goal_) * 100;
  const bool forward = hundredths_ > 0;
  const bool backward = hundredths_ < 0;
  if ((forward && goal < hundredths_) || (backward && goal > hundredths_)) {
    const bool reverses = forward ? goal < 0 : goal > 0;
    hundredths_ = toward(hundredths_, reverses ? 0 : goal, kFallPerMs * ms);
  } else {
    hundredths_ = toward(hundredths_, goal, kRisePerMs * ms);
  }
}

}  // namespace telepresent
