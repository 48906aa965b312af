// The simulated board's log: in the W25Q32 on its SPI, where that is fitted.
import type { Datalog } from "../firmware/datalog.ts";
import { createDatalog } from "../firmware/datalog.ts";
import type { Spi } from "../hal/bus.ts";
import { base64 } from "../hal/memory/base64.ts";
import { createNor } from "../hal/memory/nor.ts";
import type { Board } from "../hal/port.ts";

/** `board` with a log in the flash behind `spi`. */
export function createLog(board: Board, spi: Spi): Datalog {
  return createDatalog(board, createNor(spi), base64);
}
