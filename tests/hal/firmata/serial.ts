// The chip's serial port, byte by byte, with what avr8js's model lacks: a receive buffer of two
// bytes, and status bits that survive writes to the control registers (without which a byte that
// arrives while one is being sent is lost).
import type { CPU } from "avr8js";
import { AVRUSART, usart0Config } from "avr8js";

const RXC = 0x80;
const UDRE = 0x20;
/** Bytes that wait for the processor (data sheet, 19.7.3). */
const BUFFER_BYTES = 2;

export interface Serial {
  /** A byte's stop bit has arrived. */
  receive(byte: number): void;
  /** Called when a byte begins to be sent; its stop bit ends `cycles` later. */
  onSend: (byte: number, cycles: number) => void;
  /** Bytes lost because the processor did not fetch them in time. */
  overruns: number;
  /** Whether the receiver has been switched on. */
  readonly listens: boolean;
}

/** The hooks of avr8js 0.21.1 with what they lose put back (ATmega328P data sheet, 19.10.2). */
function keepStatus(cpu: CPU, usart: AVRUSART): void {
  const { UCSRA, UCSRB } = usart0Config;
  const [onStatus, onControl] = [cpu.writeHooks[UCSRA], cpu.writeHooks[UCSRB]];
  cpu.writeHooks[UCSRA] = (value, before, address, mask) => {
    onStatus(value, before, address, mask);
    cpu.data[UCSRA] |= before & (RXC | UDRE);
    return true;
  };
  cpu.writeHooks[UCSRB] = (value, before, address, mask) => {
    const waiting = cpu.data[UCSRA] & RXC;
    onControl(value, before, address, mask);
    if (waiting !== 0) cpu.setInterruptFlag(usart["RXC"]);
    return true;
  };
}

export function createSerial(cpu: CPU, hz: number): Serial {
  const usart = new AVRUSART(cpu, usart0Config, hz);
  keepStatus(cpu, usart);
  const waiting: number[] = [];
  const serial: Serial = {
    overruns: 0,
    onSend: () => undefined,
    receive: (byte) => {
      if (!usart.rxEnable) return;
      if (waiting.length === BUFFER_BYTES) serial.overruns++;
      else {
        waiting.push(byte);
        if (waiting.length === 1) usart.writeByte(byte, true);
      }
    },
    get listens() {
      return usart.rxEnable;
    },
  };
  const onFetch = cpu.readHooks[usart0Config.UDR];
  cpu.readHooks[usart0Config.UDR] = (address) => {
    const byte = onFetch(address);
    waiting.shift();
    if (waiting.length > 0) usart.writeByte(waiting[0], true);
    return byte;
  };
  usart.onByteTransmit = (byte) => serial.onSend(byte, usart["cyclesPerChar"]);
  return serial;
}
