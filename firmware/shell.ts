// What the shell around the core remembers, beside the core itself.
import type { Board, BurstDone, Task } from "../hal/port.ts";
import type { Channel } from "./channel.ts";
import { createChannel } from "./channel.ts";
import type { Request } from "./console.ts";
import { createRequest } from "./console.ts";
import type { Desk, Diary } from "./diary.ts";
import { createDiary } from "./diary.ts";
import type { Features } from "./features.ts";
import type { Envelope } from "./limits.ts";
import { equip } from "./proof-state.ts";
import { confine } from "./shorts-state.ts";
import type { Speech } from "./speak.ts";
import { createSpeech } from "./speak.ts";

/** What changes in the shell. */
export interface ShellState {
  /** Last written to the board; -1 = not known, write again. */
  relay: number;
  code: number;
  range: number;
  /** What the line has asked for and the next frame takes up, `VERB_…`; a stop beside it wins. */
  wanted: number;
  stopWanted: number;
  /** What is to be answered once the hardware has been told; "" = nothing. */
  answer: string;
  /** Between `load` and `commit`, memory is being written. */
  loading: number;
  /** The burst under way is evidence, not part of an experiment. */
  witnessing: number;
  /** Null on a board without a journal. */
  diary: Diary | null;
  speech: Speech;
}

/** A running channel: the core's state and the shell's. */
export interface Shell {
  readonly board: Board;
  readonly envelope: Envelope;
  readonly channel: Channel;
  readonly state: ShellState;
  /** Null on a board without a journal. */
  readonly desk: Desk | null;
  readonly request: Request;
  onBurst: BurstDone;
  readonly features: Features;
  /** Functions given to ports, for a rig that forks. */
  readonly tasks: Task[];
}

/** A shell whose ports have not been touched; `onBurst` is the caller's to set. */
export function createShell(board: Board, envelope: Envelope, features: Features): Shell {
  const channel = createChannel(board.circuit, board.capabilities, board.dac.codeMid);
  const speech = createSpeech(features.witness);
  const diary = features.scribe === undefined ? null : createDiary(board.memory.areas);
  const state = {
    relay: -1,
    code: -1,
    range: -1,
    wanted: 0,
    stopWanted: 0,
    answer: "",
    loading: 0,
    witnessing: 0,
    diary,
    speech,
  };
  const request = createRequest();
  const desk = diary === null ? null : { diary, channel, memory: board.memory };
  const parts = { board, envelope, channel, state, desk, request, features, tasks: [] };
  channel.burst.samples = board.scan.samples;
  if (features.rules === null) confine(channel.run.shorts);
  if (features.potential !== undefined) channel.grip = features.potential.equip(channel);
  if (features.impedance !== undefined) channel.wave = features.impedance.equip(channel);
  if (features.prover !== null) equip(channel.run.proof, features.prover.further !== null);
  return parts as unknown as Shell;
}
