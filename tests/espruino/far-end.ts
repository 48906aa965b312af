// The far end of the interpreter's pipes: answers what its prelude asks from a machine in a
// simulated world, and decides when what is due runs.
import type { Machine } from "../boards/machine.ts";
import type { Answer } from "./prelude.ts";

/** What `process.memory()` says, in variables. */
export interface Memory {
  usage: number;
  total: number;
  blocksize: number;
  /** The most in use since it last said so; of an interpreter that counts it. */
  deepest?: number;
}

export interface FarEnd {
  /** Takes bytes of the request pipe. */
  take(text: string): void;
  /** Lets the interpreter go on until `timeMs`; resolves when nothing is due before. */
  runUntil(timeMs: number): Promise<void>;
  memory(): Promise<Memory>;
  /** Lets something throw inside the firmware, once; while nothing is due. */
  sabotage(): void;
  /** Uncaught exceptions, as text. */
  readonly exceptions: string[];
  /** Memory in use when the prelude had run and the bundle had not. */
  preludeMemory(): Memory | null;
}

interface State {
  machine: Machine;
  answer: (answer: Answer, number?: number, bytes?: ArrayLike<number>) => void;
  untilMs: number;
  partial: string;
  exceptions: string[];
  /** The interpreter asked what is next, and nothing is. */
  idle: boolean;
  wake: () => void;
  onMemory: (memory: Memory) => void;
  preludeMemory: Memory | null;
}

function goOn(state: State): void {
  const { machine } = state;
  state.idle = false;
  const due = machine.next(state.untilMs);
  if (due > 0) state.answer("T", due);
  else if (due < 0) {
    const text = Buffer.from(machine.receive(), "latin1");
    state.answer("S", text.length, text);
  } else {
    state.idle = true;
    state.wake();
  }
}

function carryOut(state: State, request: string): void {
  const { machine, answer } = state;
  const [first, second = "", third = ""] = request.slice(1).split(" ");
  switch (request.charAt(0)) {
    case "w": {
      const bytes = second === "" ? [] : second.split(",").map(Number);
      answer(machine.writeTo(Number(first), bytes) ? "+" : "-");
      break;
    }
    case "r": {
      const bytes = machine.readFrom(Number(first), Number(second), Number(third));
      if (bytes === null) answer("-");
      else answer("+", bytes.length, bytes);
      break;
    }
    case "n":
      return goOn(state);
    case "t":
      return machine.setTimer(Number(first), Number(second) / 1000);
    case "c":
      return machine.clearTimer(Number(first));
    case "p":
      return machine.writePin(first, second === "1");
    case "i":
      return answer("+", machine.readPin(first) ? 1 : 0);
    case "q":
      return answer("+", Number(first), machine.clockIn(Number(first)));
    case "o":
      return machine.sendSpi(request.slice(1).split(",").map(Number));
    case "z":
      return answer("+", Number(first), machine.receiveSpi(Number(first)));
    case "s":
      return machine.write(JSON.parse(request.slice(1)) as string);
    case "d":
      return machine.startWatchdog(Number(first));
    case "k":
      return machine.kickWatchdog();
    case "e":
      machine.trace.calls.push(request.slice(1));
      break;
    case "m":
      return state.onMemory(JSON.parse(request.slice(1)) as Memory);
    case "x":
      state.exceptions.push(request.slice(1));
      break;
    default:
      throw new Error(`far end: unknown request ${request}`);
  }
}

/** A far end over `machine`; `send` writes into the answer pipe. */
export function createFarEnd(machine: Machine, send: (bytes: Buffer) => void): FarEnd {
  const state: State = {
    machine,
    answer: (answer, number = 0, bytes = []) => {
      const time = String(machine.timeUs()).padStart(15);
      const head = answer + time + String(number).padStart(10);
      // A read's bytes follow; for all others there are none.
      send(Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(Array.from(bytes))]));
    },
    untilMs: 0,
    partial: "",
    exceptions: [],
    idle: false,
    wake: () => undefined,
    onMemory: (memory) => {
      state.preludeMemory = memory;
    },
    preludeMemory: null,
  };
  return {
    exceptions: state.exceptions,
    take: (text) => {
      const requests = (state.partial + text).split("\n");
      state.partial = requests.pop() ?? "";
      for (const request of requests) carryOut(state, request);
    },
    runUntil: (timeMs) =>
      new Promise((wake) => {
        state.untilMs = timeMs;
        state.wake = wake;
        if (state.idle) goOn(state);
      }),
    memory: () =>
      new Promise((done) => {
        state.onMemory = done;
        state.idle = false;
        state.answer("M");
      }),
    sabotage: () => {
      state.idle = false;
      state.answer("X");
    },
    preludeMemory: () => state.preludeMemory,
  };
}
