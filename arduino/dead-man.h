// A dead man's switch for StandardFirmata (2.5 or later) under a cyclet channel: when the computer
// says nothing for a second, the output relay opens and the set-point goes to zero current; and a
// chip that holds the I2C bus does not stop the sketch. See docs/keep-alive.md: it does not replace
// the circuit there, which also works when this processor has stopped.
//
// Copy this file beside StandardFirmata.ino and add three lines to the sketch:
//   above `void setup()`           #include "dead-man.h"
//   first in `setup()`             armDeadMan();
//   first in `loop()`              deadMan();
//
// MIT licence, as all of cyclet. StandardFirmata itself is under LGPL 2.1 or later, and so is what
// you compile from both.
#pragma once
#include <Wire.h>

// The output relay's pin, and the AD5693R's address: docs/firmata.md.
static const byte DEAD_MAN_RELAY = 7;
static const byte DEAD_MAN_DAC = 0x4C;
static const unsigned long DEAD_MAN_MS = 1000;
// Longest that a chip may stretch a transaction, µs.
static const unsigned long DEAD_MAN_BUS_US = 5000;

static unsigned long deadManHeardAt = 0;
// Nothing to open before the computer has said its first word.
static bool deadManIsSilent = true;

void armDeadMan() {
  Wire.setWireTimeout(DEAD_MAN_BUS_US, true);
}

void deadMan() {
  if (Serial.available() > 0) {
    deadManHeardAt = millis();
    deadManIsSilent = false;
    return;
  }
  if (deadManIsSilent || millis() - deadManHeardAt < DEAD_MAN_MS) return;
  deadManIsSilent = true;
  digitalWrite(DEAD_MAN_RELAY, LOW);
  // Write and update: mid-scale, which is zero current.
  Wire.beginTransmission(DEAD_MAN_DAC);
  Wire.write(0x30);
  Wire.write(0x80);
  Wire.write(0x00);
  Wire.endTransmission();
  Firmata.sendString("WD");
}
