import { describe, expect, it } from "vitest";
import { addCpuEvent, ADC_FINISHES, cancelCpuEvent, createClock } from "../../sim/clock.ts";
import { DAC_SETTLES, removeCpuEvent, scheduleHardware, takeHardware } from "../../sim/clock.ts";

describe("CPU events", () => {
  function drain(clock: ReturnType<typeof createClock>): number[] {
    const order: number[] = [];
    while (clock.cpuCount > 0) {
      order.push(clock.cpuTask[0]);
      removeCpuEvent(clock, 0);
    }
    return order;
  }

  it("come in order of time, then of insertion", () => {
    const clock = createClock(0);
    addCpuEvent(clock, 5, 1);
    addCpuEvent(clock, 3, 2);
    addCpuEvent(clock, 5, 3);
    addCpuEvent(clock, 3, 4);
    addCpuEvent(clock, 4, 5);
    expect(drain(clock)).toEqual([2, 4, 5, 1, 3]);
  });

  it("are cancelled by timer, once, and unknown timers are ignored", () => {
    const clock = createClock(0);
    const a = addCpuEvent(clock, 1, 10);
    addCpuEvent(clock, 2, 11);
    cancelCpuEvent(clock, a);
    cancelCpuEvent(clock, a);
    cancelCpuEvent(clock, 999);
    expect(drain(clock)).toEqual([11]);
  });

  it("survive more than the first capacity", () => {
    const clock = createClock(0);
    for (let i = 0; i < 100; i++) addCpuEvent(clock, 100 - i, i);
    expect(drain(clock)).toEqual(Array.from({ length: 100 }, (_, i) => 99 - i));
  });
});

describe("hardware events", () => {
  it("are taken earliest first and move the time, never backwards", () => {
    const clock = createClock(0);
    scheduleHardware(clock, ADC_FINISHES, 8);
    scheduleHardware(clock, DAC_SETTLES, 4);
    expect(clock.hardwareNextMs).toBe(4);
    expect(takeHardware(clock)).toBe(DAC_SETTLES);
    expect(clock.nowMs).toBe(4);
    clock.nowMs = 10;
    expect(takeHardware(clock)).toBe(ADC_FINISHES);
    expect(clock.nowMs).toBe(10);
    expect(clock.hardwareNextMs).toBe(Infinity);
  });

  it("are moved and cancelled by scheduling again", () => {
    const clock = createClock(0);
    scheduleHardware(clock, ADC_FINISHES, 8);
    scheduleHardware(clock, ADC_FINISHES, 12);
    expect(clock.hardwareNextMs).toBe(12);
    scheduleHardware(clock, ADC_FINISHES, Infinity);
    expect(clock.hardwareNextMs).toBe(Infinity);
  });
});
