// Seeded random numbers: one seed, one named stream for each cause of randomness, so that a
// draw added to one cause never shifts another.

/** State of one generator: sfc32 (Doty-Humphrey, PractRand) and the second half of a pair of
 *  normal deviates. Plain data. */
export interface Stream {
  a: number;
  b: number;
  c: number;
  d: number;
  spare: number;
  hasSpare: number;
}

/** The causes of randomness in a world. */
export interface Streams {
  /** Contact fluctuation of the interfaces, drawn on the cell's own time grid. */
  contact: Stream;
  /** Nucleation, growth and burn-out of metal bridges, on the same grid. */
  shorts: Stream;
  /** Noise of the two converters. */
  adc: Stream;
  loadCell: Stream;
  /** Bounce of relay contacts. */
  bounce: Stream;
  /** Noise of the digital thermometer; busy times of the log's flash. */
  thermometer: Stream;
  flash: Stream;
}

const WARM_UP = 12;
const TWO_PI = 2 * Math.PI;

/** FNV-1a hash of a stream's name, 32 bits. */
function hash(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  return h;
}

/** One round of the finaliser of MurmurHash3: spreads near seeds over all 32 bits. */
function scramble(x: number): number {
  let h = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The stream `name` of `seed` (any finite number). */
export function createStream(seed: number, name: string): Stream {
  const low = scramble((seed | 0) ^ 0x9e3779b9);
  const high = scramble(Math.floor(seed / 4294967296) ^ low);
  const stream = { a: low, b: high, c: hash(name) | 0, d: 1, spare: 0, hasSpare: 0 };
  for (let i = 0; i < WARM_UP; i++) uniform(stream);
  return stream;
}

/** All streams of a world. */
export function createStreams(seed: number): Streams {
  return {
    contact: createStream(seed, "contact"),
    shorts: createStream(seed, "shorts"),
    adc: createStream(seed, "adc"),
    loadCell: createStream(seed, "loadCell"),
    bounce: createStream(seed, "bounce"),
    thermometer: createStream(seed, "thermometer"),
    flash: createStream(seed, "flash"),
  };
}

/** Uniform in [0, 1). */
export function uniform(s: Stream): number {
  const t = (((s.a + s.b) | 0) + s.d) | 0;
  s.d = (s.d + 1) | 0;
  s.a = s.b ^ (s.b >>> 9);
  s.b = (s.c + (s.c << 3)) | 0;
  s.c = (((s.c << 21) | (s.c >>> 11)) + t) | 0;
  return (t >>> 0) / 4294967296;
}

/** Uniform in [-limit, limit): how a tolerance of a data sheet is drawn. */
export function tolerance(s: Stream, limit: number): number {
  return (2 * uniform(s) - 1) * limit;
}

/** Standard normal deviate (Box and Muller, 1958). */
export function gaussian(s: Stream): number {
  if (s.hasSpare === 1) {
    s.hasSpare = 0;
    return s.spare;
  }
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(s)));
  const angle = TWO_PI * uniform(s);
  s.spare = radius * Math.sin(angle);
  s.hasSpare = 1;
  return radius * Math.cos(angle);
}
