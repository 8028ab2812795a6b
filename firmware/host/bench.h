/** A board on the bench: the core with a clock in hand and its lines caught; for host programs only. */
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "board-core.h"

namespace telepresent {

/** The core's outlets are plain functions, so what they reach is one per program. */
inline std::vector<std::string>& heardLines() {
  static std::vector<std::string> lines;
  return lines;
}

inline uint16_t& batteryMv() {
  static uint16_t millivolts = 0;
  return millivolts;
}

inline Outlets benchOutlets() {
  return {[](const char* line, uint8_t length) { heardLines().emplace_back(line, length); },
          [] { return batteryMv(); }};
}

}  // namespace telepresent
