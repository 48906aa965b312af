// Runs on the interpreter before the unmodified bundle (as .boot0): puts objects in the place of
// pins, I2C1, the serial port, watchdog, console and time that ask the far end, which keeps the
// simulated world and virtual time. See `far-end.ts` for the requests.

/** An answer: one letter, `getTime` in µs (15 columns), a number (10 columns); for a read and for
 *  text that many bytes follow. */
export type Answer =
  | "+" // done
  | "-" // not acknowledged
  | "T" // this timer is due
  | "S" // text for the serial port
  | "M" // say how much memory is in use
  | "X"; // let the next Math.abs throw

interface FarFile {
  read(count: number): string;
  write(text: string): void;
}

declare const E: {
  openFile(path: string, mode: string): FarFile;
  toUint8Array(text: string): Uint8Array;
  enableWatchdog: (timeoutS: number, automatic: boolean) => void;
  kickWatchdog: () => void;
  setConsole: (device: null, options: object) => void;
};
declare const global: Record<string, unknown>;
declare const I2C1: object;
declare const SPI1: object;
/** The board's pins and its serial port to the host; put in front of this text. */
declare const farPins: string[];
declare const farSerial: string;
/** Variables to fill, so that the bundle has fewer. */
declare const farBallast: number;
/** Sabotage has to be possible; it slows down. */
declare const farFragile: boolean;
declare const process: { memory(): { blocksize: number } };
declare function setTimeout(run: () => void, delayMs: number): void;

const far = {
  requests: E.openFile("requests", "w"),
  answers: E.openFile("answers", "r"),
  timeUs: 0,
  number: 0,
  register: -1,
  timers: {} as Record<number, () => void>,
  lastTimer: 0,
  onText: null as unknown as (text: string) => void,
  later: setTimeout,
  sabotaged: false,
  ballast: new Uint8Array(Math.max(0, farBallast * process.memory().blocksize - 30)),
};

function tell(text: string): void {
  far.requests.write(text + "\n");
}

function ask(text: string): string {
  tell(text);
  const head = far.answers.read(26);
  far.timeUs = parseFloat(head.substr(1, 15));
  far.number = parseInt(head.substr(16, 10), 10);
  return head.charAt(0);
}

for (const pin of farPins) {
  const name = pin;
  global[name] = {
    mode: (mode: string) => tell("e" + name + ".mode " + mode),
    write: (high: boolean) => tell("p" + name + " " + (high ? 1 : 0)),
    read: () => {
      ask("i" + name);
      return far.number === 1;
    },
    name,
  };
}

global.digitalWrite = (pins: { write(high: boolean): void }[], bits: number) => {
  for (let i = pins.length - 1; i >= 0; i--) {
    pins[i].write((bits & 1) === 1);
    bits >>= 1;
  }
};

// Flash is a file here: reading it would fill memory with a copy.
global.require = () => ({ read: () => "boot code" });

Object.assign(I2C1, {
  setup: (o: { scl: { name: string }; sda: { name: string }; bitrate: number }) =>
    tell("eI2C1.setup " + o.scl.name + " " + o.sda.name + " " + o.bitrate),
  writeTo: (to: number | { address: number; stop: boolean }, bytes: Uint8Array | number) => {
    if (typeof to === "number") {
      if (ask("w" + to + " " + (bytes as Uint8Array).join(",")) === "-") throw new Error("NACK");
    } else far.register = bytes as number;
  },
  readFrom: (address: number, count: number) => {
    const known = ask("r" + address + " " + far.register + " " + count) === "+";
    far.register = -1;
    if (!known) throw new Error("NACK");
    return E.toUint8Array(far.answers.read(count));
  },
});

/** `new SPI()`: pins driven by software, at the far end. */
global.SPI = function () {
  return {
    setup: (o: { sck: { name: string }; miso: { name: string }; mode: number }) =>
      tell("eSPI.setup " + o.sck.name + " " + o.miso.name + " " + o.mode),
    send: (bytes: Uint8Array) => {
      ask("q" + bytes.length);
      return E.toUint8Array(far.answers.read(bytes.length));
    },
  };
};

Object.assign(SPI1, {
  setup: (o: Record<"sck" | "miso" | "mosi", { name: string }> & { baud: number }) =>
    tell("eSPI1.setup " + o.sck.name + " " + o.miso.name + " " + o.mosi.name + " " + o.baud),
  write: (bytes: Uint8Array) => tell("o" + bytes.join(",")),
  send: (bytes: Uint8Array) => {
    ask("z" + bytes.length);
    return E.toUint8Array(far.answers.read(bytes.length));
  },
});

Object.assign(global[farSerial] as object, {
  setup: (baud: number, o: { tx: { name: string }; rx: { name: string } }) =>
    tell("e" + farSerial + ".setup " + baud + " " + o.tx.name + " " + o.rx.name),
  on: (event: string, onText: (text: string) => void) => {
    tell("e" + farSerial + ".on " + event);
    far.onText = onText;
  },
  write: (text: string) => tell("s" + JSON.stringify(text)),
});

E.enableWatchdog = (timeoutS, automatic) => {
  tell("eE.enableWatchdog " + timeoutS + " " + automatic);
  tell("d" + timeoutS);
};
E.kickWatchdog = () => tell("k");
E.setConsole = (device, options) => tell("eE.setConsole " + device + " " + JSON.stringify(options));

global.getTime = () => far.timeUs / 1e6;
global.setTimeout = (run: () => void, delayMs: number) => {
  const timer = ++far.lastTimer;
  far.timers[timer] = run;
  tell("t" + timer + " " + Math.floor(delayMs * 1000 + 0.5));
  return timer;
};
global.clearTimeout = (timer: number) => {
  delete far.timers[timer];
  tell("c" + timer);
};

// An exception from inside the firmware, once. The bundle may take the function once and for all.
if (farFragile) {
  const abs = Math.abs;
  Math.abs = (x: number) => {
    if (!far.sabotaged) return abs(x);
    far.sabotaged = false;
    throw new Error("sabotage");
  };
}

function turn(): void {
  const what = ask("n");
  const number = far.number;
  try {
    if (what === "T") {
      const run = far.timers[number];
      delete far.timers[number];
      run();
    } else if (what === "S") far.onText(far.answers.read(number));
    else if (what === "M") tell("m" + JSON.stringify(process.memory()));
    else if (what === "X") far.sabotaged = true;
  } catch (e) {
    tell("x" + String(e));
  }
}

// Every now and then the interpreter's own idle loop gets its turn.
function turns(): void {
  for (let i = 0; i < 100; i++) turn();
  far.later(turns, 0);
}
far.later(turns, 0);
tell("m" + JSON.stringify(process.memory()));
