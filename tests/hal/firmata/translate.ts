// The processor's program as JavaScript: straight runs of instructions, each a copy of what avr8js
// itself does for that instruction with the operands filled in. It is made from the source text of
// its interpreter, so that there is no second description of the instruction set.
import { compileFunction } from "node:vm";
import type { CPU } from "avr8js";
import { avrInstruction } from "avr8js";
import ts from "typescript";

/** Longest run, and the longest that one instruction takes, cycles. */
const RUN_MAX = 48;
const CYCLES_MAX = 5;
/** Where registers with a peripheral behind them end, and memory begins. */
const MEMORY_AT = 0x100;
/** Stack pointer and status register, I/O numbers; the latter only to be read. */
const [STACK_LOW, STACK_HIGH, STATUS] = [0x3d, 0x3e, 0x3f];
/** Enables interrupts. */
const SEI = 0x9478;

/** A run that begins at one place of the program. */
export interface Run {
  /** Leaves the processor as its interpreter would, instruction by instruction. */
  execute: () => void;
  /** Cycles that it takes at most. */
  longest: number;
}

/** One branch of the interpreter. */
interface Branch {
  applies: (opcode: number) => boolean;
  body: string;
}

/** How an instruction may go on: within a run, after a look at what it has done, or not. */
type Going = "on" | "look" | "ends";

function branchesOf(interpreter: string): Branch[] {
  const file = ts.createSourceFile("instruction.js", interpreter, ts.ScriptTarget.ES2022, true);
  const [declared] = file.statements;
  const statements = (declared as ts.FunctionDeclaration).body?.statements ?? [];
  const branches: Branch[] = [];
  let next: ts.Statement | undefined = [...statements].find(ts.isIfStatement);
  while (next !== undefined && ts.isIfStatement(next)) {
    const condition = `return Boolean(${next.expression.getText()});`;
    const applies = compileFunction(condition, ["opcode"]) as Branch["applies"];
    branches.push({ applies, body: next.thenStatement.getText() });
    next = next.elseStatement;
  }
  return branches;
}

const isLong = (opcode: number): boolean =>
  // LDS, STS, JMP, CALL (AVR instruction set manual).
  (opcode & 0xfc0f) === 0x9000 || (opcode & 0xfe0c) === 0x940c;

/** I/O number of IN and OUT, -1 = another instruction. */
function ioOf(opcode: number): number {
  const moves = (opcode & 0xf000) === 0xb000;
  return moves ? (opcode & 0xf) | ((opcode & 0x600) >> 5) : -1;
}

function goingOf(body: string, opcode: number, operand: number): Going {
  if (/cpu\.pc\s*(=|\+=|\|=)/.test(body) || opcode === SEI || /onWatchdogReset/.test(body)) {
    return "ends";
  }
  if (!/readData|writeData/.test(body)) return "on";
  const io = ioOf(opcode);
  const isOut = (opcode & 0x800) !== 0;
  if (io === STACK_LOW || io === STACK_HIGH || (io === STATUS && !isOut)) return "on";
  if (isLong(opcode)) return operand >= MEMORY_AT ? "on" : "ends";
  // What is left are loads and stores by a pointer, and the bits of I/O registers.
  return io >= 0 || (opcode & 0xfc00) === 0x9800 ? "ends" : "look";
}

/** The interpreter's text for one instruction, its operands filled in. */
function specialise(body: string, opcode: number, operand: number, going: Going): string {
  let text = body
    .replace(/\bcpu\.pc22Bits\b|\bconst \{ pc22Bits \} = cpu;/g, "")
    .replace(/\bpc22Bits\b/g, "false")
    .replace(/\bopcode\b/g, String(opcode))
    .replace(/\bcpu\.progMem\[cpu\.pc \+ 1\]/g, String(operand))
    .replace(/\bcpu\.dataView\b/g, "view")
    .replace(/\bcpu\.data\b/g, "bytes");
  if (going === "ends") return text;
  text = text.replace(/\bcpu\.pc\+\+;/g, "");
  if (going === "on") text = text.replace(/\bcpu\.cycles\b/g, "cycles");
  return text.replace(/\bcpu\.readData\(/g, "read(").replace(/\bcpu\.writeData\(/g, "write(");
}

const PRELUDE = `
const view = cpu.dataView, bytes = cpu.data;
const read = (address) => address >= ${MEMORY_AT} ? bytes[address] : cpu.readData(address);
const write = (address, value) => {
  if (address >= ${MEMORY_AT}) bytes[address] = value;
  else cpu.writeData(address, value);
};
const isTwoWordInstruction = isLong;
`;

/** Translates runs of `cpu`'s program. `touches` counts what has to be looked at: events arranged,
 *  looks at the time. */
export function createTranslator(cpu: CPU, touches: { count: number }): (pc: number) => Run {
  const branches = branchesOf(avrInstruction.toString());
  const word = (pc: number): number => cpu.progMem[pc % cpu.progMem.length];
  const length = cpu.progMem.length;

  return (begin) => {
    let pc = begin;
    let count = 0;
    let going: Going = "on";
    let text = "let cycles = cpu.cycles;\n";
    while (going !== "ends" && count < RUN_MAX) {
      const [opcode, operand] = [word(pc), word(pc + 1)];
      const body = branches.find(({ applies }) => applies(opcode))?.body ?? "{}";
      going = goingOf(body, opcode, operand);
      const after = (pc + (isLong(opcode) ? 2 : 1)) % length;
      const special = specialise(body, opcode, operand, going);
      if (going === "on") text += `${special} cycles++;\n`;
      else if (going === "look") {
        text += `cpu.cycles = cycles; ${special} cycles = ++cpu.cycles;\n`;
        text += `if (touches.count !== touched || cpu.nextInterrupt >= 0) `;
        text += `{ cpu.pc = ${after}; return; }\n`;
      } else {
        text += `cpu.cycles = cycles; cpu.pc = ${pc}; ${special}\n`;
        text += `cpu.pc = (cpu.pc + 1) % ${length}; cpu.cycles++;\n`;
      }
      pc = after;
      count++;
    }
    if (going !== "ends") text += `cpu.cycles = cycles; cpu.pc = ${pc};\n`;
    const make = compileFunction(
      `${PRELUDE} return () => { const touched = touches.count; ${text} };`,
      ["cpu", "touches", "isLong"],
    ) as (cpu: CPU, touches: { count: number }, long: typeof isLong) => () => void;
    return { execute: make(cpu, touches, isLong), longest: CYCLES_MAX * count };
  };
}
