// Column names of recordings: Battery Data Format (battery-data-alliance, ontology 1.3.0: preferred
// labels and machine-readable names), Neware BTSDA exports in English and Chinese, NewareNDA
// frames, Arbin MITS exports, cellpy frames. A name without a unit is in V, A, s, °C.

/** What a replay can use of a recording. `clock` counts from the start of the test, `lap` may start
 *  again with every step, `date` is a calendar's. */
export type Quantity =
  | "clock"
  | "lap"
  | "date"
  | "voltage"
  | "current"
  | "setpoint"
  | "temperature"
  | "force"
  | "pressure"
  | "step"
  | "type"
  | "cycle"
  | "charged"
  | "discharged";

/** A recognised header; SI value = number x `scale` + `offset`. */
export interface ColumnName {
  quantity: Quantity;
  /** Of several columns of a quantity the lowest is taken. */
  rank: number;
  scale: number;
  offset: number;
  /** Written as the Battery Data Format wants it, which fixes the sign of a current. */
  standard: boolean;
}

// Best name first.
const NAMES: Readonly<Record<Quantity, readonly string[]>> = {
  clock: ["test time", "testtime", "total time", "cumulative time", "elapsed time", "总时间"],
  lap: ["time", "step time", "steptime", "relative time", "时间", "工步时间", "相对时间"],
  date: [
    ...["unix time", "date time", "datetime", "timestamp", "time stamp", "absolute time"],
    ...["realtime", "system time", "date", "绝对时间", "系统时间", "日期"],
  ],
  voltage: ["voltage", "vol", "电压"],
  current: ["current", "cur", "电流"],
  setpoint: ["current setpoint", "current set point", "set current"],
  temperature: [
    ...["surface temperature", "cell temperature", "temperature t1", "aux temperature 1"],
    ...["temperature", "temp", "aux temperature", "t1", "温度", "ambient temperature"],
  ],
  force: ["clamp force", "force"],
  pressure: ["surface pressure", "applied pressure", "stack pressure"],
  step: ["step count", "step id", "step index", "step number", "step no", "step", "工步号"],
  type: ["step type", "steptype", "status", "state", "工步类型"],
  cycle: ["cycle count", "cycle index", "cycle number", "cycle", "循环号"],
  charged: [
    ...["charging capacity", "charge capacity", "chg cap", "chg capacity", "充电容量"],
    ...["schedule charging capacity", "step charging capacity"],
  ],
  discharged: [
    ...["discharging capacity", "discharge capacity", "dchg cap", "dchg capacity", "放电容量"],
    ...["schedule discharging capacity", "step discharging capacity"],
  ],
};

const SECONDS = { "": 1, s: 1, sec: 1, second: 1, seconds: 1, min: 60, minute: 60, minutes: 60 };
/** Texts such as 01:02:03.4, whatever the header calls them. */
const CLOCKS = {
  "h:min:s.ms": 1,
  "h:min:s": 1,
  "hh:mm:ss": 1,
  "hh:mm:ss.ms": 1,
  "hh:mm:ss.fff": 1,
};
const TIMES = { ...SECONDS, h: 3600, hr: 3600, hour: 3600, hours: 3600, ms: 1e-3, ...CLOCKS };
const AMPERES = { "": 1, a: 1, ampere: 1, ma: 1e-3, milliampere: 1e-3, ua: 1e-6, na: 1e-9 };
const PASCALS = {
  pa: 1,
  pascal: 1,
  kpa: 1e3,
  kilopascal: 1e3,
  mpa: 1e6,
  megapascal: 1e6,
  bar: 1e5,
};
const CELSIUS = { "": 1, c: 1, degc: 1, "°c": 1, "℃": 1, celsius: 1, "\ufffdc": 1 };
const AMPERE_HOURS = { "": 1, ah: 1, mah: 1e-3, uah: 1e-6, "a.h": 1, "ma.h": 1e-3 };
const NONE = { "": 1, "1": 1, unitless: 1 };

/** Units by quantity, in lower case, as multiples of the SI unit. An unknown unit makes a column
 *  unknown: a wrong factor is worse than none. */
const UNITS: Readonly<Record<Quantity, Readonly<Record<string, number>>>> = {
  clock: TIMES,
  lap: TIMES,
  date: { ...SECONDS, iso8601: 1, ms: 1e-3 },
  voltage: { "": 1, v: 1, volt: 1, mv: 1e-3, millivolt: 1e-3, uv: 1e-6 },
  current: AMPERES,
  setpoint: AMPERES,
  temperature: { ...CELSIUS, k: 1, kelvin: 1 },
  force: { "": 1, n: 1, newton: 1, kn: 1e3 },
  pressure: PASCALS,
  step: NONE,
  type: NONE,
  cycle: NONE,
  charged: AMPERE_HOURS,
  discharged: AMPERE_HOURS,
};

const KELVIN = 273.15;
/** No column's name is longer; it bounds what taking it apart may cost. */
const LENGTH_MAX = 120;

interface Known {
  quantity: Quantity;
  rank: number;
}

const known = new Map<string, Known>();
for (const quantity of Object.keys(NAMES) as Quantity[]) {
  NAMES[quantity].forEach((name, rank) => known.set(name, { quantity, rank }));
}

type Split = [name: string, unit: string, standard: boolean];

// Name / unit, Name(unit), Name [unit], name_unit, or the name alone.
function splitUnit(text: string): Split[] {
  const slash = /^(.+?)\s*\/\s*([^/]+)$/.exec(text);
  if (slash !== null) return [[slash[1], slash[2], true]];
  const braced = /^(.+?)\s*[([（]([^)\]）]*)[)\]）](.*)$/.exec(text);
  if (braced !== null) return [[braced[1] + braced[3], braced[2].trim(), false]];
  const machine = /^(.+)_([a-z0-9]+)$/.exec(text);
  const whole: Split = [text, "", false];
  return machine === null ? [whole] : [whole, [machine[1], machine[2], true]];
}

/** What a header says, null when it is none of ours. */
export function recogniseColumn(header: string): ColumnName | null {
  if (header.length > LENGTH_MAX) return null;
  const text = header.trim().toLowerCase().replace(/[µμ]/g, "u");
  for (const [words, unit, standard] of splitUnit(text)) {
    const name = words.replace(/[\s_.-]+/g, " ").trim();
    const found = known.get(name);
    const scale = found === undefined ? undefined : UNITS[found.quantity][unit];
    if (found === undefined || scale === undefined) continue;
    const offset = unit === "k" || unit === "kelvin" ? -KELVIN : 0;
    return { ...found, scale, offset, standard };
  }
  return null;
}
