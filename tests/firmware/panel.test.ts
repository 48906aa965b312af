// Light and button through the whole shell, with the panel of the real boards.
import { UNTIL } from "../../firmware/calm.ts";
import { describe, expect, test } from "vitest";
import { FAULT_V_HIGH } from "../../firmware/fault.ts";
import { attend } from "../../firmware/panel.ts";
import { HELD, IDLE, RUNNING } from "../../firmware/schedule.ts";
import { END_STOPPED, EVENT_START, EVENT_VERDICT } from "../../firmware/telemetry.ts";
import { createPanel } from "../../hal/espruino/panel.ts";
import type { ShellBoard } from "./shell-board.ts";
import { bootShell, memoryOf } from "./shell-board.ts";
import { NO_FEATURES, currentStep, restStep } from "./specimen.ts";

const PROGRAM = [restStep(1), currentStep(5e-4, { duration: 60 })];

interface Panelled {
  board: ShellBoard;
  button: { pressed: boolean };
  /** What the light did, a character a frame. */
  light(): string;
}

/** Booted, one frame delivered. */
function panelled(memory = memoryOf(PROGRAM)): Panelled {
  const button = { pressed: false };
  let light = "";
  const pin = { mode: () => undefined, write: () => undefined, read: () => false };
  const panel = createPanel(
    { ...pin, write: (high) => void (light += high ? "#" : ".") },
    { ...pin, read: () => button.pressed },
  );
  const board = bootShell(memory, { ...NO_FEATURES, panel: attend }, { panel });
  board.frame();
  return { board, button, light: () => light };
}

function phase({ board }: Panelled): number {
  return board.shell.channel.run.schedule.phase;
}

/** Holds the button down for so many frames. */
function press(rig: Panelled, frames: number): void {
  rig.button.pressed = true;
  for (let n = 0; n < frames; n++) rig.board.frame();
  rig.button.pressed = false;
  rig.board.frame();
}

function running(): Panelled {
  const rig = panelled();
  press(rig, 5);
  for (let n = 0; n < 40; n++) rig.board.frame();
  expect(phase(rig)).toBe(RUNNING);
  return rig;
}

function lampOf(rig: Panelled): string {
  const before = rig.light().length;
  for (let n = 0; n < 8; n++) rig.board.frame();
  const eight = rig.light().slice(before);
  // From the first light after a dark frame, so that the pattern does not depend on when it began.
  const begin = 8 - (before % 8);
  return (eight + eight).slice(begin, begin + 8);
}

const codes = ({ board }: Panelled): number[] => board.events().map(({ code }) => code);

describe("a press", () => {
  test("of a second starts the program, as the line's start does", () => {
    const rig = panelled();
    press(rig, 4);
    expect(phase(rig)).toBe(IDLE);
    press(rig, 5);
    expect(phase(rig)).not.toBe(IDLE);
    expect(codes(rig)).toContain(EVENT_START);
    expect(rig.board.lines).toContain('["k",1,0]');
  });

  test("of two frames stops a run, also of one on hold, and going on holding starts none", () => {
    for (const held of [false, true]) {
      const rig = running();
      if (held) rig.board.send("hold");
      for (let n = 0; n < 3; n++) rig.board.frame();
      expect(phase(rig)).toBe(held ? HELD : RUNNING);
      press(rig, 1);
      expect(phase(rig)).toBe(held ? HELD : RUNNING);
      press(rig, 60);
      expect(phase(rig)).toBe(IDLE);
      expect(rig.board.held.relay).toBe(0);
      const verdict = rig.board.events().find(({ code }) => code === EVENT_VERDICT);
      expect(verdict?.values[2]).toBe(END_STOPPED);
      expect(codes(rig).filter((code) => code === EVENT_START)).toHaveLength(1);
    }
  });

  test("neither resumes nor clears nor starts after a fault", () => {
    const rig = running();
    for (let n = 0; n < 60 && phase(rig) !== IDLE; n++) {
      rig.board.frame({ voltage: 30000, current: 0 });
    }
    const fault = rig.board.shell.channel.guard.fault;
    expect([fault, phase(rig)]).toEqual([FAULT_V_HIGH, IDLE]);
    const before = codes(rig).length;
    press(rig, 20);
    expect(rig.board.shell.channel.guard.fault).toBe(fault);
    expect(codes(rig)).toHaveLength(before);
  });

  test("does not push aside what the line has asked for", () => {
    const rig = panelled();
    rig.button.pressed = true;
    for (let n = 0; n < 4; n++) rig.board.frame();
    rig.board.send("status");
    rig.board.send("selftest");
    rig.board.frame();
    expect(phase(rig)).toBe(IDLE);
    expect(rig.board.lines.some((line) => line.startsWith('["k",7,0'))).toBe(true);
  });
});

test("the light says idle, running, hold and fault, in calm frames as in others", () => {
  const rig = panelled();
  expect(lampOf(rig)).toBe("#.......");
  press(rig, 5);
  for (let n = 0; n < 400; n++) rig.board.frame();
  expect(phase(rig)).toBe(IDLE);
  expect(lampOf(rig)).toBe("#.......");
  const other = running();
  expect(lampOf(other)).toBe("####....");
  for (let n = 0; n < 100; n++) other.board.frame();
  expect(other.board.shell.channel.calm[UNTIL]).toBeGreaterThan(0);
  expect(lampOf(other)).toBe("####....");
  other.board.send("hold");
  for (let n = 0; n < 3; n++) other.board.frame();
  expect(lampOf(other)).toBe("#.#.....");
  expect(lampOf(panelled(new Uint8Array(0x8000)))).toBe("#.#.#.#.");
});
