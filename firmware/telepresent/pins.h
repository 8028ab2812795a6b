/** Everything about the wiring of one board: edit here, then flash again. It knows no commands. */
#pragma once

/* The motor driver. Uncomment the second line for a TB6612FNG and comment out the first. */
#if !defined(DRIVER_L298N) && !defined(DRIVER_TB6612)
#define DRIVER_L298N
// #define DRIVER_TB6612
#endif

/* Motors. Timer0 (5, 6) and Timer2 (3, 11) run at the same 977 Hz; Timer1 (9, 10) belongs to the servos. */
#if defined(DRIVER_L298N)
/* The jumpers on ENA and ENB stay on; the power is on the IN pins. */
#define PIN_LEFT_FORWARD 5    /* IN1 */
#define PIN_LEFT_BACKWARD 6   /* IN2 */
#define PIN_RIGHT_FORWARD 3   /* IN3 */
#define PIN_RIGHT_BACKWARD 11 /* IN4 */
#elif defined(DRIVER_TB6612)
#define PIN_LEFT_POWER 5  /* PWMA */
#define PIN_LEFT_IN1 7    /* AIN1 */
#define PIN_LEFT_IN2 8    /* AIN2 */
#define PIN_RIGHT_POWER 6 /* PWMB */
#define PIN_RIGHT_IN1 11  /* BIN1 */
#define PIN_RIGHT_IN2 12  /* BIN2 */
#define PIN_STANDBY 3     /* STBY */
#endif

/* Servos: channel 0 tilts the camera, channel 1 is free. Only 9 and 10 can carry Timer1's pulses. */
#define PIN_SERVO_0 9
#define PIN_SERVO_1 10
#define SERVO_AT_0_DEGREES_US 600
#define SERVO_AT_180_DEGREES_US 2400

/* Battery: from plus to A0 the upper resistor, from A0 to ground the lower one. */
#define PIN_BATTERY A0
#define BATTERY_UPPER_OHMS 20000UL
#define BATTERY_LOWER_OHMS 10000UL
#define ANALOG_REFERENCE_MV 5000UL

#define PIN_STATUS_LIGHT 13 /* on the board: solid when armed, blinking when not */
#define PIN_LAMP 2          /* an LED with 330 ohms, for the l, i and n lines */
#define PIN_BUZZER 4        /* an active buzzer */
