// The wires to the cell: their resistance, whether the voltage is sensed on its own pair, and what
// the sense input shows when that pair is off.

/** Both current leads and their contacts, ohm (0.5 m of 0.25 mm2 twice, assumed). */
const CURRENT_LEADS_OHM = 0.1;
/** An open input drifts by its bias current on the lead's capacitance: 20 pA on 100 pF. */
const DRIFT_V_PER_S = 0.2;
const MS_PER_S = 1000;

export interface Leads {
  /** Both current leads together, ohm. */
  ohm: number;
  /** 1 = separate sense leads; 0 = the voltage is taken at the instrument's end of the others. */
  fourWire: number;
  /** 1 = off the cell. */
  currentOpen: number;
  senseOpen: number;
  /** When the sense lead came off, ms, what it showed last, and how it drifts from there. */
  openedMs: number;
  heldV: number;
  driftVPerS: number;
}

/** Four wires, all connected; their resistance scaled by `errors`, as an ideal bench has none. */
export function createLeads(errors: number): Leads {
  return {
    ohm: CURRENT_LEADS_OHM * errors,
    fourWire: 1,
    currentOpen: 0,
    senseOpen: 0,
    openedMs: 0,
    heldV: 0,
    driftVPerS: DRIFT_V_PER_S,
  };
}

/** What the sense input shows with `cellV` at the cell and `currentA` through it, V. */
export function sensedV(leads: Leads, cellV: number, currentA: number, nowMs: number): number {
  if (leads.senseOpen === 1) {
    return leads.heldV + ((nowMs - leads.openedMs) / MS_PER_S) * leads.driftVPerS;
  }
  return leads.fourWire === 1 ? cellV : cellV + currentA * leads.ohm;
}

/** Takes the sense lead off, or puts it back. */
export function openSense(leads: Leads, open: boolean, cellV: number, nowMs: number): void {
  leads.senseOpen = open ? 1 : 0;
  leads.openedMs = nowMs;
  leads.heldV = cellV;
}
