/** Telepresent on an Arduino Uno or Nano: joins the pins to the core, and stands a hardware watchdog behind it. */
#include <avr/sleep.h>
#include <avr/wdt.h>

#include "board-core.h"
#include "pins.h"

using telepresent::BoardCore;

/** After a watchdog reset the dog still runs, at its shortest time: call it off before anything else (ATmega328P, 11.8.2). */
void callOffWatchdog() __attribute__((naked, used, section(".init3")));
void callOffWatchdog() {
  MCUSR = 0;
  wdt_disable();
}

/** Answers give way when the sender is flooded; the news of a stop never does. */
static void say(const char* line, uint8_t length) {
  const bool isNews = line[0] == 'r' || line[0] == 'k';
  if (!isNews && Serial.availableForWrite() < length) return;
  Serial.write(reinterpret_cast<const uint8_t*>(line), length);
}

static uint16_t measureBatteryMv() {
  constexpr uint8_t kSamples = 4;
  uint16_t sum = 0;
  for (uint8_t i = 0; i < kSamples; i++) sum += analogRead(PIN_BATTERY);
  constexpr uint32_t kFullScaleMv =
      ANALOG_REFERENCE_MV * (BATTERY_UPPER_OHMS + BATTERY_LOWER_OHMS) / BATTERY_LOWER_OHMS;
  return static_cast<uint16_t>(sum * kFullScaleMv / (1024UL * kSamples));
}

static BoardCore board({say, measureBatteryMv});
static int16_t leftPower = 0;
static int16_t rightPower = 0;

#if defined(DRIVER_L298N)
static void turnWheel(uint8_t forwardPin, uint8_t backwardPin, int16_t power) {
  analogWrite(power < 0 ? forwardPin : backwardPin, 0);
  analogWrite(power < 0 ? backwardPin : forwardPin, abs(power));
}
static void turnLeft(int16_t power) { turnWheel(PIN_LEFT_FORWARD, PIN_LEFT_BACKWARD, power); }
static void turnRight(int16_t power) { turnWheel(PIN_RIGHT_FORWARD, PIN_RIGHT_BACKWARD, power); }
static void wakeDriver() {}
#elif defined(DRIVER_TB6612)
/** Zero power with a direction set is the chip's short brake. */
static void turnWheel(uint8_t powerPin, uint8_t in1Pin, uint8_t in2Pin, int16_t power) {
  digitalWrite(in1Pin, power < 0 ? LOW : HIGH);
  digitalWrite(in2Pin, power < 0 ? HIGH : LOW);
  analogWrite(powerPin, abs(power));
}
static void turnLeft(int16_t power) { turnWheel(PIN_LEFT_POWER, PIN_LEFT_IN1, PIN_LEFT_IN2, power); }
static void turnRight(int16_t power) { turnWheel(PIN_RIGHT_POWER, PIN_RIGHT_IN1, PIN_RIGHT_IN2, power); }
static void wakeDriver() { digitalWrite(PIN_STANDBY, HIGH); }
#endif

static const uint8_t kOutputs[] = {
#if defined(DRIVER_L298N)
    PIN_LEFT_FORWARD, PIN_LEFT_BACKWARD, PIN_RIGHT_FORWARD, PIN_RIGHT_BACKWARD,
#elif defined(DRIVER_TB6612)
    PIN_STANDBY, PIN_LEFT_POWER, PIN_LEFT_IN1, PIN_LEFT_IN2, PIN_RIGHT_POWER, PIN_RIGHT_IN1, PIN_RIGHT_IN2,
#endif
    PIN_SERVO_0, PIN_SERVO_1, PIN_STATUS_LIGHT, PIN_LAMP, PIN_BUZZER,
};

static void startTimers() {
  // Timer2 as Timer0: fast PWM, clock / 64, so that both wheels hear the same 977 Hz.
  TCCR2A = _BV(WGM21) | _BV(WGM20);
  TCCR2B = _BV(CS22);
  // Timer1: 50 Hz from ICR1 at clock / 8, half a microsecond a step. No pulse until a servo is first told.
  TCCR1A = _BV(WGM11);
  TCCR1B = _BV(WGM13) | _BV(WGM12) | _BV(CS11);
  ICR1 = 39999;
}

static void showServos() {
  constexpr uint32_t kStepsPerUs = 2;
  constexpr uint32_t kSpanUs = SERVO_AT_180_DEGREES_US - SERVO_AT_0_DEGREES_US;
  for (uint8_t channel = 0; channel < telepresent::kServos; channel++) {
    const int16_t degrees = board.servoDegrees(channel);
    if (degrees == telepresent::kServoAtRest) continue;
    const uint16_t steps = static_cast<uint16_t>(kStepsPerUs * (SERVO_AT_0_DEGREES_US + kSpanUs * degrees / 180));
    if (channel == 0) {
      OCR1A = steps;
      TCCR1A |= _BV(COM1A1);
    } else {
      OCR1B = steps;
      TCCR1A |= _BV(COM1B1);
    }
  }
}

static void showWheels() {
  if (board.leftPower() != leftPower) turnLeft(leftPower = board.leftPower());
  if (board.rightPower() != rightPower) turnRight(rightPower = board.rightPower());
}

/** Dozes until the next byte or the next tick of Timer0, about a millisecond away. PWM goes on meanwhile. */
static void doze() {
  set_sleep_mode(SLEEP_MODE_IDLE);
  cli();
  if (Serial.available() == 0) {
    sleep_enable();
    // The instruction after SEI runs before any interrupt, so a byte cannot slip in between.
    sei();
    sleep_cpu();
    sleep_disable();
  }
  sei();
}

void setup() {
  for (const uint8_t pin : kOutputs) {
    digitalWrite(pin, LOW);
    pinMode(pin, OUTPUT);
  }
  startTimers();
  turnLeft(0);
  turnRight(0);
  wakeDriver();
  wdt_enable(WDTO_250MS);
  Serial.begin(115200);
  board.boot(millis());
}

void loop() {
  static uint32_t fedAtMs = 0;
  const uint32_t nowMs = millis();
  // Fed only while the clock moves: a board whose time stands still would never notice silence.
  if (nowMs != fedAtMs) wdt_reset();
  fedAtMs = nowMs;

  board.tick(nowMs);
  for (int waiting = Serial.available(); waiting > 0; waiting--) board.hear(static_cast<uint8_t>(Serial.read()), nowMs);
  showWheels();
  showServos();
  digitalWrite(PIN_STATUS_LIGHT, board.statusLight());
  digitalWrite(PIN_LAMP, board.lamp());
  digitalWrite(PIN_BUZZER, board.buzzer());
  doze();
}
