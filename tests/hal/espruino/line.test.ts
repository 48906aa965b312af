import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLine } from "../../../hal/espruino/line.ts";
import type { EspruinoSerial } from "../../../hal/espruino/platform.ts";

function link() {
  const written: string[] = [];
  const lines: string[] = [];
  let send: (text: string) => void = () => undefined;
  const serial: EspruinoSerial = {
    setup: () => undefined,
    on: (_event, onData) => (send = onData),
    write: (text) => void written.push(text),
  };
  const line = createLine(serial);
  line.open((text) => lines.push(text));
  return { line, written, lines, send: (text: string) => send(text) };
}

describe("a line on a serial port", () => {
  test("writes lines that end in a line feed", () => {
    const { line, written } = link();
    expect(line.write("[1]")).toBe(true);
    expect(written).toEqual(["[1]\n"]);
  });

  test("ends lines at either control character, and knows no empty ones", () => {
    const { send, lines } = link();
    send("\r\n\nstart\r\nstop\r\n\nst");
    expect(lines).toEqual(["start", "stop"]);
    send("atus\n");
    expect(lines).toEqual(["start", "stop", "status"]);
  });

  test("takes 120 characters, and drops a longer line whole but not the one after it", () => {
    const { send, lines } = link();
    send("a".repeat(120) + "\n" + "b".repeat(121) + "\nstop\n" + "c".repeat(5000) + "\nstart\n");
    expect(lines).toEqual(["a".repeat(120), "stop", "start"]);
  });

  test("takes any byte as a character, and what is noise as lines or nothing", () => {
    const { send, lines } = link();
    const bytes = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
    send(bytes + "\nstop\n");
    expect(lines).toEqual([bytes.slice(0, 10), "\v\f", "stop"]);
    send("\u0003\n\0\0\n\0stop\nstop\n");
    expect(lines.slice(3)).toEqual(["\u0003", "\0\0", "\0stop", "stop"]);
  });

  test("drops 10 kB without an end, and hears what follows", () => {
    const { send, lines } = link();
    for (let n = 0; n < 160; n++) send("x".repeat(64));
    send("\nstop\n");
    expect(lines).toEqual(["stop"]);
  });

  test("goes on after a line whose reader has thrown", () => {
    const lines: string[] = [];
    let send: (text: string) => void = () => undefined;
    const serial: EspruinoSerial = {
      setup: () => undefined,
      on: (_event, onData) => (send = onData),
      write: () => undefined,
    };
    createLine(serial).open((text) => {
      if (text === "bad") throw new Error("bad");
      lines.push(text);
    });
    expect(() => send("bad\n")).toThrow("bad");
    send("stop\n");
    expect(lines).toEqual(["stop"]);
  });

  test("is the same however the bytes arrive", () => {
    const word = fc.string({
      unit: fc.constantFrom("a", "\u0003", "\n", "\r", "stop"),
      maxLength: 60,
    });
    fc.assert(
      fc.property(word, fc.array(fc.nat(200), { maxLength: 6 }), (text, cuts) => {
        const whole = link();
        whole.send(text + "\n");
        const parts = link();
        let from = 0;
        for (const cut of [...cuts, text.length].sort((a, b) => a - b)) {
          parts.send(text.slice(from, cut));
          from = Math.max(from, Math.min(cut, text.length));
        }
        parts.send("\n");
        expect(parts.lines).toEqual(whole.lines);
        expect(whole.lines).toEqual(
          text.split(/[\r\n]/).filter((l) => l !== "" && l.length <= 120),
        );
      }),
      { seed: 1 },
    );
  });
});
