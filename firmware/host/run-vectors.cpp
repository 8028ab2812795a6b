/** Runs the golden vectors against the core on this machine, a millisecond at a time. */
#include <cstdio>
#include <cstdlib>

#include "bench.h"

using namespace telepresent;

namespace {

int checks = 0;
int failures = 0;

void check(bool right, const std::string& where, const std::string& what) {
  checks++;
  if (right) return;
  failures++;
  std::printf("FAIL %s: %s\n", where.c_str(), what.c_str());
}

std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += "[" + line + "]";
  return all.empty() ? "nothing" : all;
}

void sealed(const std::string& body, const std::string& line) {
  char bytes[kLineBytes + 4];
  const uint8_t length = sealLine(body.data(), static_cast<uint8_t>(body.size()), bytes);
  check(std::string(bytes, length) == line + "\n", body, "sealed as " + std::string(bytes, length));
  uint8_t bodyLength = 0;
  const Checksum checksum = checkLine(line.data(), static_cast<uint8_t>(line.size()), bodyLength);
  check(checksum == Checksum::kRight && bodyLength == body.size(), body, "its own checksum is refused");
}

/** One scenario. It starts shortly before the clock wraps around, so that each one proves that this does not matter. */
class Run {
 public:
  Run(const char* name, const std::vector<std::string>& bootLines, uint16_t millivolts)
      : name_(name), core_(benchOutlets()) {
    heardLines().clear();
    batteryMv() = millivolts;
    core_.boot(kStartMs);
    expect(bootLines);
  }

  void until(uint32_t atMs) {
    while (atMs_ < atMs) core_.tick(kStartMs + ++atMs_);
  }

  void send(const std::string& line) {
    for (const char byte : line + "\n") core_.hear(static_cast<uint8_t>(byte), kStartMs + atMs_);
  }

  void expect(std::vector<std::string> lines) {
    for (std::string& line : lines) line += "\n";
    check(heardLines() == lines, here(), "expected " + joined(lines) + ", heard " + joined(heardLines()));
    heardLines().clear();
  }

  void power(int left, int right, int within) {
    const bool near = std::abs(core_.leftPower() - left) <= within && std::abs(core_.rightPower() - right) <= within;
    check(near, here(), "power " + std::to_string(core_.leftPower()) + ", " + std::to_string(core_.rightPower()));
  }

  void lamp(bool on) { check(core_.lamp() == on, here(), "the lamp"); }
  void buzzer(bool on) { check(core_.buzzer() == on, here(), "the buzzer"); }
  void servo(uint8_t channel, int degrees) { check(core_.servoDegrees(channel) == degrees, here(), "a servo"); }

 private:
  static constexpr uint32_t kStartMs = 0xffffffff - 60;

  std::string here() const { return name_ + ", " + std::to_string(atMs_) + " ms"; }

  std::string name_;
  BoardCore core_;
  uint32_t atMs_ = 0;
};

void runAll() {
#include "vectors.h"
}

}  // namespace

int main() {
  runAll();
  std::printf("%d checks, %d failed\n", checks, failures);
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
