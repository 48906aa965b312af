// The quantities of the Battery Data Format by all their names: preferred label, machine-readable
// name, and the other notations that its ontology (battery-data-alliance, 1.3.0) knows.

/** Machine-readable name by preferred label, without what is made of DIRECTED below. */
const PLAIN: Readonly<Record<string, string>> = {
  "Test Time / s": "test_time_second",
  "Voltage / V": "voltage_volt",
  "Current / A": "current_ampere",
  "Unix Time / s": "unix_time_second",
  "Cycle Count / 1": "cycle_count",
  "Step Count / 1": "step_count",
  "Step ID": "step_id",
  "Step Type": "step_type",
  "Step Time / s": "step_time_second",
  "Step Record Index / 1": "step_record_index",
  "Record Index / 1": "record_index",
  "Power / W": "power_watt",
  "Ambient Temperature / degC": "ambient_temperature_celsius",
  "Surface Temperature / degC": "surface_temperature_celsius",
  "Ambient Pressure / Pa": "ambient_pressure_pa",
  "Applied Pressure / Pa": "applied_pressure_pa",
  "Surface Pressure / Pa": "surface_pressure_pa",
  "Internal Resistance / ohm": "internal_resistance_ohm",
  "DC Internal Resistance / ohm": "dc_internal_resistance_ohm",
  "AC Internal Resistance / ohm": "ac_internal_resistance_ohm",
  "Frequency / Hz": "frequency_hertz",
  "Real Impedance / ohm": "real_impedance_ohm",
  "Imaginary Impedance / ohm": "imaginary_impedance_ohm",
  "Absolute Impedance / ohm": "absolute_impedance_ohm",
  "Phase / deg": "phase_degree",
  // Ours: the reading behind the pressure.
  "Clamp Force / N": "clamp_force_newton",
};

/** The ontology's other notations, and labels of files written before. */
const OTHERS: Readonly<Record<string, string>> = {
  "step id / 1": "Step ID",
  "step type / 1": "Step Type",
  test_time_s: "Test Time / s",
  voltage_v: "Voltage / V",
  current_a: "Current / A",
  unix_time_s: "Unix Time / s",
  power_w: "Power / W",
  cycle_count_1: "Cycle Count / 1",
  cycle_dimensionless: "Cycle Count / 1",
  step_count_1: "Step Count / 1",
  step_dimensionless: "Step Count / 1",
  step_record_index_1: "Step Record Index / 1",
  "step capacity / ah": "Step Cumulative Capacity / Ah",
  step_capacity_ah: "Step Cumulative Capacity / Ah",
  "step energy / wh": "Step Cumulative Energy / Wh",
  step_energy_wh: "Step Cumulative Energy / Wh",
  dcir: "DC Internal Resistance / ohm",
  dc_resistance_ohm: "DC Internal Resistance / ohm",
  acr: "AC Internal Resistance / ohm",
  ac_resistance_ohm: "AC Internal Resistance / ohm",
};

/** What is counted since when, each of charge and energy, in each of these directions. */
const SPANS = ["", "Step ", "Cycle ", "Schedule "];
const DIRECTIONS = ["Charging", "Discharging", "Cumulative", "Net"];
const SENSORS = ["T1", "T2", "T3", "T4", "T5"];

const labels = new Map<string, string>();
const machineNames = new Map<string, string>();

function add(label: string, name: string, ...others: readonly string[]): void {
  machineNames.set(label, name);
  for (const one of [label.toLowerCase(), name, ...others]) labels.set(one, label);
}

// "Step Charging Capacity / Ah" is step_charging_capacity_ah; some write charge for charging.
function addCounted(span: string, direction: string): void {
  const stem = `${span}${direction}`.toLowerCase().replace(" ", "_");
  const short = stem.replace(/charging$/, "charge");
  const charge = [`${stem}_capacity_ampere_hour`, `${short}_capacity_ah`];
  add(`${span}${direction} Capacity / Ah`, `${stem}_capacity_ah`, ...charge);
  const energy = [`${stem}_energy_watt_hour`, `${short}_energy_wh`];
  add(`${span}${direction} Energy / Wh`, `${stem}_energy_wh`, ...energy);
}

for (const [label, name] of Object.entries(PLAIN)) {
  add(label, name, name.replace(/_celsius$/, "_degc").replace(/_pa$/, "_pascal"));
}
for (const span of SPANS) for (const direction of DIRECTIONS) addCounted(span, direction);
for (const sensor of SENSORS) {
  const name = `temperature_${sensor.toLowerCase()}`;
  const others = [
    `${name}_degc`,
    `surface_${name}_celsius`,
    `surface temperature ${sensor} / degc`,
  ];
  add(`Temperature ${sensor} / degC`, `${name}_celsius`, ...others.map((one) => one.toLowerCase()));
}
for (const [other, label] of Object.entries(OTHERS)) labels.set(other, label);

/** The preferred label of a header in any style; another header is its own. */
export function labelOf(header: string): string {
  const text = header.replace(/^\ufeff/, "").trim();
  return labels.get(text.toLowerCase()) ?? text;
}

/** Whether a label is one of the format's, or ours. */
export function isLabel(label: string): boolean {
  return machineNames.has(label);
}

/** The machine-readable name of a label; one that is not ours as words_with_underscores. */
export function machineName(label: string): string {
  const plain = label.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "_");
  return machineNames.get(label) ?? plain.replace(/^_+|_+$/g, "");
}
