// W25Q32JV, 4 MB of NOR flash on SPI (Winbond, rev. F). Nothing here waits: a program takes up to
// 3 ms and a sector's erase up to 400 ms, during which `busy` is true and all else is refused.
import type { Flash, Spi } from "../bus.ts";
import type { Part } from "../port.ts";

// Instructions, section 8.1.2.
const WRITE_ENABLE = 0x06;
const READ_STATUS = 0x05;
const READ = 0x03;
const PAGE_PROGRAM = 0x02;
const SECTOR_ERASE = 0x20;
const JEDEC_ID = 0x9f;
// Status register 1, section 7.1: BUSY, write enable latch WEL, block protection BP2:BP0.
const BUSY = 0x01;
const ENABLED = 0x02;
const PROTECTED = 0x1c;
// JEDEC id, section 8.1.1: Winbond; type 40h or, for the -M versions, 70h; 2^22 bytes.
const WINBOND = 0xef;
const CAPACITY = 0x16;

const BYTES = 4194304;
const SECTOR = 4096;
const PAGE = 256;

interface Chip {
  readonly spi: Spi;
  /** An instruction alone; one with its address, and room for a page. */
  readonly single: Uint8Array;
  readonly packet: Uint8Array;
  readonly addressed: Uint8Array;
  readonly status: Uint8Array;
  readonly id: Uint8Array;
  readonly nothing: Uint8Array;
}

function ask(chip: Chip, instruction: number, into: Uint8Array): void {
  chip.single[0] = instruction;
  chip.spi.transfer(chip.single, into);
}

/** A busy chip ignores the question, and a missing one leaves the line at rest. */
function answers(chip: Chip): boolean {
  ask(chip, JEDEC_ID, chip.id);
  if (chip.id[0] !== WINBOND || chip.id[2] !== CAPACITY) return false;
  return chip.id[1] === 0x40 || chip.id[1] === 0x70;
}

/** Allows one program or erase; false = the chip does not confirm it, or is write-protected. */
function enable(chip: Chip): boolean {
  ask(chip, WRITE_ENABLE, chip.nothing);
  ask(chip, READ_STATUS, chip.status);
  return (chip.status[0] & (BUSY | ENABLED | PROTECTED)) === ENABLED;
}

/** Puts an instruction and its 24-bit address at the packet's head. */
function address(chip: Chip, instruction: number, offset: number): void {
  chip.packet[0] = instruction;
  chip.packet[1] = offset >> 16;
  chip.packet[2] = (offset >> 8) & 255;
  chip.packet[3] = offset & 255;
}

function program(chip: Chip, offset: number, bytes: ArrayLike<number>): boolean {
  const count = bytes.length;
  const inPage = offset & (PAGE - 1);
  // Past the page's end the chip would go on at its start, over what is there.
  if (count === 0 || inPage + count > PAGE || !(offset >= 0 && offset < BYTES)) return false;
  if (!answers(chip) || !enable(chip)) return false;
  address(chip, PAGE_PROGRAM, offset);
  for (let i = 0; i < count; i++) chip.packet[4 + i] = bytes[i];
  chip.spi.transfer(chip.packet.subarray(0, 4 + count), chip.nothing);
  return true;
}

function createChip(spi: Spi): Chip {
  const packet = new Uint8Array(4 + PAGE);
  return {
    spi,
    single: new Uint8Array(1),
    packet,
    addressed: packet.subarray(0, 4),
    status: new Uint8Array(1),
    id: new Uint8Array(3),
    nothing: new Uint8Array(0),
  };
}

/** The memory behind `spi`; touches no hardware. */
export function createNor(spi: Spi): Flash & Part {
  const chip = createChip(spi);
  return {
    // Nothing outlives a call.
    state: {},
    bytes: BYTES,
    sectorBytes: SECTOR,
    pageBytes: PAGE,
    read: (offset, into) => {
      if (!(offset >= 0 && offset + into.length <= BYTES) || !answers(chip)) return false;
      address(chip, READ, offset);
      spi.transfer(chip.addressed, into);
      return true;
    },
    program: (offset, bytes) => {
      return program(chip, offset, bytes);
    },
    erase: (sector) => {
      if (!(sector >= 0 && sector < BYTES / SECTOR)) return false;
      if (!answers(chip) || !enable(chip)) return false;
      address(chip, SECTOR_ERASE, sector * SECTOR);
      spi.transfer(chip.addressed, chip.nothing);
      return true;
    },
    busy: () => {
      ask(chip, READ_STATUS, chip.status);
      return (chip.status[0] & BUSY) !== 0;
    },
  };
}
