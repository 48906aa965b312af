// A real channel during a run. When the line is cut the run on the board goes on: the line is
// opened again and again, for a while.
import type { Address } from "./address.ts";
import type { Link } from "./link.ts";
import type { Wire } from "./wire.ts";

/** How patient a link is, ms. */
export interface Endurance {
  /** A board in a run says something every second; after so long it is asked. */
  quietMs: number;
  /** After so long without a word the line counts as cut, though nothing has closed it. */
  silentMs: number;
  retryMs: number;
  giveUpMs: number;
}

export const ENDURANCE: Endurance = {
  ...{ quietMs: 5000, silentMs: 12_000, retryMs: 1000, giveUpMs: 600_000 },
};

interface State {
  wire: Wire;
  connected: boolean;
  /** The board has spoken since it was connected: an open connection alone proves nothing. */
  standing: boolean;
  heardAt: number;
  cutAt: number;
  asked: boolean;
  closed: boolean;
  lost: boolean;
  onLine: (line: string) => void;
  onCut: (why: string | null) => void;
  /** Ends the waiting of `advance`. */
  wake: () => void;
}

function attach(state: State, wire: Wire, address: Address, endurance: Endurance): void {
  state.wire = wire;
  state.connected = true;
  state.asked = false;
  state.heardAt = performance.now();
  wire.onLine((line) => {
    state.heardAt = performance.now();
    state.asked = false;
    if (!state.standing) state.onCut(null);
    state.standing = true;
    state.onLine(line);
    state.wake();
  });
  wire.onEnd((why) => {
    state.connected = false;
    if (state.standing) {
      state.standing = false;
      state.cutAt = performance.now();
      state.onCut(why);
      state.wake();
    }
    void reconnect(state, address, endurance);
  });
}

async function reconnect(state: State, address: Address, endurance: Endurance): Promise<void> {
  while (!state.closed && !state.lost) {
    state.lost = performance.now() - state.cutAt > endurance.giveUpMs;
    await new Promise((done) => setTimeout(done, endurance.retryMs));
    const wire = state.closed ? null : await address.open().catch(() => null);
    if (wire !== null) {
      if (state.closed) return wire.close();
      wire.send("status");
      return attach(state, wire, address, endurance);
    }
  }
}

// A cable pulled out beyond a converter closes nothing: silence is what there is to notice.
function watch(state: State, endurance: Endurance): void {
  const quiet = performance.now() - state.heardAt;
  if (!state.connected || quiet < endurance.quietMs) return;
  if (!state.asked) state.wire.send("status");
  state.asked = true;
  if (quiet > endurance.silentMs) {
    state.wire.abandon(`no word for ${Math.round(endurance.silentMs / 1000)} s`);
  }
}

/** A link over `wire`, which stands; `address` is where to connect again. */
export function createRealLink(
  wire: Wire,
  address: Address,
  endurance: Endurance = ENDURANCE,
): Link {
  const origin = performance.now();
  const idle = (): void => undefined;
  const state: State = {
    ...{ wire, connected: true, standing: true, heardAt: origin, cutAt: 0 },
    ...{ asked: false, closed: false, lost: false },
    ...{ onLine: idle, onCut: idle, wake: idle },
  };
  attach(state, wire, address, endurance);
  const now = (): number => performance.now() - origin;
  return {
    send: (line) => state.wire.send(line),
    onLine: (listener) => void (state.onLine = listener),
    now,
    advance: (timeMs) => {
      watch(state, endurance);
      const ms = Math.min(timeMs - now(), endurance.quietMs);
      if (ms <= 0) return Promise.resolve();
      return new Promise((done) => {
        const timer = setTimeout(done, ms);
        state.wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    },
    onCut: (listener) => void (state.onCut = listener),
    lost: () => state.lost,
    trouble: () => wire.hosted?.trouble() ?? null,
    close: () => {
      state.closed = true;
      state.wire.close();
    },
  };
}
