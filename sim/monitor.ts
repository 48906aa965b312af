// The analogue switch before the voltage input (one section of a 74HC4053 on pin GP4): it shows the
// converter the cell, by its sense leads, or what the amplifier puts out against common. With the
// output relay at rest that is the dummy's voltage; without a drive the switch shows the cell.

export const SHOWS_CELL = 0;
export const SHOWS_DUMMY = 1;
/** `Monitor.stuck` of a switch that follows its pin. */
export const NOT_STUCK = -1;

export interface Monitor {
  /** What the pin asks for, and what is shown. */
  wanted: number;
  shown: number;
  /** What it shows whatever the pin does. */
  stuck: number;
  /** Error of the divider behind the amplifier's output against the one behind the sense leads. */
  dividerError: number;
}

/** A switch at power-on. */
export function createMonitor(dividerError: number): Monitor {
  return { wanted: SHOWS_CELL, shown: SHOWS_CELL, stuck: NOT_STUCK, dividerError };
}

/** The pin has changed, or the switch itself; what was shown so far has been looked at. */
export function turnMonitor(monitor: Monitor, wanted: number): void {
  monitor.wanted = wanted;
  monitor.shown = monitor.stuck === NOT_STUCK ? wanted : monitor.stuck;
}
