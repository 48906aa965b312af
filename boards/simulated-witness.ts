// What the simulated board's firmware means to do, told to the judge at the cell's terminals.
import type { Shell } from "../firmware/main.ts";
import { CURRENT_MAX, IDLE, SET_CURRENT } from "../firmware/main.ts";
import { provingCurrent, uncounted } from "../firmware/main.ts";
import type { Statement } from "../sim/oracle-state.ts";

/** The account of a set-point may differ from it by this share of full scale. */
const FOLLOW_SHARE = 0.03;
/** The load cell's own tolerance, about the clamp force. */
const FORCE_SHARE = 0.03;

/** Writes into `told` what `channel` means to do now; `reasons` are those it has given its host. */
export function testify(
  told: Statement,
  channel: Shell["channel"],
  reasons: Statement["reasons"],
): void {
  const { loop, limits, run, capabilities } = channel;
  const share = capabilities.rangesA[loop.range] * FOLLOW_SHARE;
  told.mayFlow = loop.setpoint !== 0;
  told.provingA = provingCurrent(channel);
  // A current that follows a voltage or a wave may be any within the step's.
  const tracked = loop.tracking !== 0;
  const most = Math.max(...[CURRENT_MAX, SET_CURRENT].map((at) => run.current.values[at]));
  told.currentMinA = (tracked ? -most : loop.setpoint) - share;
  told.currentMaxA = (tracked ? most : loop.setpoint) + share;
  told.voltageMinV = limits.voltageMin;
  told.voltageMaxV = limits.voltageMax;
  told.forceMinN = limits.forceMin * (1 - FORCE_SHARE);
  told.forceMaxN = limits.forceMax * (1 + FORCE_SHARE);
  told.temperatureMinC = limits.temperatureMin;
  told.temperatureMaxC = limits.temperatureMax;
  told.running = run.schedule.phase !== IDLE;
  told.reasons = reasons;
  const moved = uncounted(channel.calm);
  told.chargeInC = run.totals.chargeIn + Math.max(0, moved);
  told.chargeOutC = run.totals.chargeOut + Math.max(0, -moved);
}
