import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { hearWord } from "../../host/terminal.ts";

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

test("the word on a line of its own is heard, each time, and nothing else", async () => {
  const input = new PassThrough();
  let heard = 0;
  const end = hearWord(input, "resume", () => heard++);
  input.write("resum");
  await turn();
  expect(heard).toBe(0);
  input.write("e\n resumed\ndo resume\n\n");
  await turn();
  expect(heard).toBe(1);
  input.write("  Resume \r\n");
  await turn();
  expect(heard).toBe(2);
  end();
  input.write("resume\n");
  await turn();
  expect(heard).toBe(2);
});
