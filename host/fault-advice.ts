// What to do about a latched fault, in one line each.

const ADVICE: Readonly<Record<string, string>> = {
  V_HARD: "check the cell's leads and the front end, then clear",
  I_HARD: "check the sense resistors and the front end, then clear",
  V_HIGH: "check the cell, its leads and its voltage window, then clear",
  V_LOW: "check the cell, its leads and its voltage window, then clear",
  T_HIGH: "let the cell cool, then clear",
  T_LOW: "let the cell warm up, then clear",
  F_HIGH: "loosen the clamp, then clear",
  F_LOW: "tighten the clamp, or check the load cell, then clear",
  STALE: "try clear and selftest; when it comes back, check wiring and supply",
  BUS: "check the I2C wiring and the supply, then clear and selftest",
  FOLLOW: "check that the cell is connected and the loop is not broken, then clear",
  READBACK: "check the I2C wiring and the supply, then clear and selftest",
  LEAK: "disconnect the cell: the relay or the front end may be broken; do not go on",
  TIME_MAX: "check the protocol's limits against the cell, then clear",
  EXCEPTION: "clear and selftest; when it comes back, please report it",
  FLOW: "clear and selftest; when it comes back, please report it",
  CONFIG: "load a protocol, which brings a configuration: cyclet load",
  PROTOCOL: "load a protocol: cyclet load",
  JOURNAL: "check the memory's wiring and supply, then clear and selftest",
  BOOT_LOOP: "check the supply and its plug, then resume or stop",
  OTHER_CELL: "check cell, leads and temperature, then clear and start anew",
  SIGN: "check the polarity of the sense resistor's wires and the loop, then clear",
  OPEN_CELL: "check the current's leads and the cell, then start anew; nothing has to be cleared",
  CLOCK: "check the board's crystal and its battery-backed clock, then clear",
  FROZEN: "switch the supply off and on, then clear and selftest",
  T_RATE: "let the cell cool, find out why it warms, then clear",
  IMPLAUSIBLE: "check the thermistor and the voltage's leads, then clear",
  WELD: "disconnect the cell: its relay may be welded; else the dummy or its switch is broken",
  RANGES: "check the sense resistors, their relays and the dummy, then clear and selftest",
  CONTACT: "check the sense leads, their polarity, and the cell in its clamp, then clear",
};

/** What helps against the fault of that name. */
export function faultAdvice(name: string): string {
  return ADVICE[name] ?? "clear and selftest";
}
