// The data file's columns by both of their names: preferred label and machine-readable name
// (battery-data-alliance, ontology 1.3.0).

/** Machine-readable name of each label that we write. */
const MACHINE_NAMES: Readonly<Record<string, string>> = {
  "Test Time / s": "test_time_second",
  "Voltage / V": "voltage_volt",
  "Current / A": "current_ampere",
  "Unix Time / s": "unix_time_second",
  "Cycle Count / 1": "cycle_count",
  "Step Count / 1": "step_count",
  "Step ID / 1": "step_id",
  "Step Type / 1": "step_type",
  "Charging Capacity / Ah": "charging_capacity_ah",
  "Discharging Capacity / Ah": "discharging_capacity_ah",
  "Cumulative Capacity / Ah": "cumulative_capacity_ah",
  "Net Capacity / Ah": "net_capacity_ah",
  "Surface Temperature / degC": "surface_temperature_celsius",
  "Surface Pressure / Pa": "surface_pressure_pa",
  "Clamp Force / N": "clamp_force_newton",
};

const labels = new Map(Object.entries(MACHINE_NAMES).map(([label, name]) => [name, label]));

/** The preferred label of a header in either style; another header is its own. */
export function labelOf(header: string): string {
  const text = header.replace(/^\ufeff/, "").trim();
  return labels.get(text.toLowerCase()) ?? text;
}

/** The machine-readable name of a label; one that is not ours as words_with_underscores. */
export function machineName(label: string): string {
  const plain = label.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "_");
  return MACHINE_NAMES[label] ?? plain.replace(/^_+|_+$/g, "");
}
