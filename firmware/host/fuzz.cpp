/** Throws random bytes, lines and silences at the core and holds it to its promises. Usage: fuzz [rounds] [seed] */
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "bench.h"

using namespace telepresent;

namespace {

constexpr uint32_t kStepsInARound = 400;
/** Whole milliseconds and whole powers may each round once. */
constexpr double kRisePerMs = 255.0 / 250;
constexpr uint32_t kFallMs = 60;

std::mt19937 dice;

uint32_t roll(uint32_t below) { return dice() % below; }
int rollBetween(int low, int high) { return low + static_cast<int>(roll(static_cast<uint32_t>(high - low + 1))); }

std::string number() {
  switch (roll(6)) {
    case 0:
      return std::to_string(rollBetween(-100000, 100000));
    case 1:
      return "0";
    case 2:
      return "";
    default:
      return std::to_string(rollBetween(-300, 600));
  }
}

std::string body() {
  switch (roll(8)) {
    case 0:
      return "c0,0";
    case 1:
    case 2:
      return "c" + std::to_string(rollBetween(-255, 255)) + "," + std::to_string(rollBetween(-255, 255));
    case 3:
      return "h" + number();
    case 4:
      return roll(4) == 0 ? "e1" : "e0";
    default: {
      std::string line(1, "cgahefvlinzswbrkxCq*"[roll(20)]);
      for (uint32_t fields = roll(8); fields > 0; fields--) line += number() + (fields > 1 ? "," : "");
      return line;
    }
  }
}

std::string line() {
  std::string text = body();
  if (roll(3) != 0 && text.size() <= kLineBytes) {
    char sealed[kLineBytes + 4];
    text.assign(sealed, sealLine(text.data(), static_cast<uint8_t>(text.size()), sealed));
    text.pop_back();
  }
  if (roll(10) == 0 && !text.empty()) text[roll(static_cast<uint32_t>(text.size()))] = static_cast<char>(roll(256));
  if (roll(20) == 0) text.resize(roll(90), '0');
  return roll(15) == 0 ? text : text + (roll(8) == 0 ? "\r\n" : "\n");
}

/** Zero may be written as -0 or 00. */
bool asksForZero(const std::string& line) {
  const std::string wheels = line.substr(0, line.find_first_of("*\r"));
  return wheels[0] == 'c' && wheels.find_first_not_of("0-,", 1) == std::string::npos;
}

std::string noise() {
  std::string bytes(roll(100), '\0');
  for (char& byte : bytes) byte = static_cast<char>(roll(256));
  return bytes;
}

class Watch {
 public:
  explicit Watch(uint32_t round) : round_(round), core_(benchOutlets()), nowMs_(roll(2) == 0 ? dice() : 0U - roll(2000)) {
    heardLines().clear();
    batteryMv() = static_cast<uint16_t>(dice());
    core_.boot(nowMs_);
    heardAtMs_ = nowMs_;
  }

  void hear(const std::string& bytes) {
    for (const char byte : bytes) {
      const bool wasArmed = core_.armed();
      core_.hear(static_cast<uint8_t>(byte), nowMs_);
      if (!wasArmed && core_.armed()) hold(asksForZero(line_), "armed by another line than c0,0");
      if (byte == '\n') {
        line_.clear();
      } else {
        line_ += byte;
        hold(core_.leftPower() == left_ && core_.rightPower() == right_, "moved in the middle of a line");
      }
      look(0);
    }
    if (!bytes.empty()) heardAtMs_ = nowMs_;
  }

  void wait(uint32_t ms) {
    nowMs_ += ms;
    core_.tick(nowMs_);
    look(ms);
    if (nowMs_ - heardAtMs_ >= kLongestWindowMs) hold(!core_.armed(), "armed after 500 ms of silence");
  }

  /** Ends whatever line was begun, and tells it to stand. */
  void stop() {
    hear("\nc0,0*EF\n");
    wait(kFallMs);
    hold(core_.leftPower() == 0 && core_.rightPower() == 0, "still moving 60 ms after it was told zero");
  }

  bool moved() const { return moved_; }

 private:
  void look(uint32_t elapsedMs) {
    const bool still = core_.leftPower() == 0 && core_.rightPower() == 0;
    moved_ = moved_ || !still;
    hold(core_.armed() || still, "moved while disarmed");
    hold(!(core_.armed() && core_.latched()), "armed while the e-stop is latched");
    watchRise(left_, core_.leftPower(), elapsedMs);
    watchRise(right_, core_.rightPower(), elapsedMs);
    left_ = core_.leftPower();
    right_ = core_.rightPower();
    for (const std::string& said : heardLines()) {
      uint8_t bodyLength = 0;
      const uint8_t length = static_cast<uint8_t>(said.size() - 1);
      hold(said.size() <= kLineBytes && said.back() == '\n', "said a line of another shape");
      hold(checkLine(said.data(), length, bodyLength) == Checksum::kRight, "said a line without its checksum");
    }
    heardLines().clear();
  }

  void watchRise(int before, int after, uint32_t elapsedMs) {
    hold(std::abs(after) <= kFullPower, "more than full power");
    const bool reversed = (before > 0 && after < 0) || (before < 0 && after > 0);
    const int rise = reversed ? std::abs(after) : std::abs(after) - std::abs(before);
    hold(rise <= kRisePerMs * elapsedMs + 1, "rose faster than the ramp");
  }

  void hold(bool promise, const char* what) const {
    if (promise) return;
    std::printf("FAIL round %u: %s\n", round_, what);
    std::exit(EXIT_FAILURE);
  }

  uint32_t round_;
  BoardCore core_;
  uint32_t nowMs_;
  uint32_t heardAtMs_ = 0;
  std::string line_;
  int left_ = 0;
  int right_ = 0;
  bool moved_ = false;
};

}  // namespace

int main(int count, char** words) {
  const uint32_t rounds = count > 1 ? static_cast<uint32_t>(std::strtoul(words[1], nullptr, 10)) : 3000;
  const uint32_t seed = count > 2 ? static_cast<uint32_t>(std::strtoul(words[2], nullptr, 10)) : std::random_device{}();
  std::printf("seed %u\n", seed);
  dice.seed(seed);
  uint32_t roundsThatMoved = 0;
  for (uint32_t round = 0; round < rounds; round++) {
    Watch watch(round);
    const bool onlyNoise = roll(4) == 0;
    for (uint32_t step = 0; step < kStepsInARound; step++) {
      watch.hear(onlyNoise ? noise() : line());
      watch.wait(roll(40) == 0 ? roll(700) : roll(30));
      if (roll(30) == 0) watch.stop();
    }
    if (watch.moved()) roundsThatMoved++;
  }
  std::printf("%u rounds, %u of them moved, every promise held\n", rounds, roundsThatMoved);
  // Held promises prove nothing if the motors never turned.
  return rounds == 0 || roundsThatMoved > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
