// Copies of plain data: a run is forked by copying its world, and the states around it.

/** Any function found in a state; which one it is in the other rig is the caller's knowledge. */
export type StateFunction = (...args: never[]) => unknown;
export type Translate = (found: StateFunction) => StateFunction;

type TypedArray = Float64Array | Float32Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

function isTypedArray(value: object): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** Throws on what is no plain data: a class instance, a Map, a DataView. */
function assertPlain(value: object): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && !Array.isArray(value)) {
    throw new TypeError("copy: not plain data: " + Object.prototype.toString.call(value));
  }
}

/**
 * A deep copy of plain data: numbers, strings, booleans, null, arrays, plain objects, typed
 * arrays. Throws a TypeError on anything else, functions included.
 */
export function copy<T>(source: T): T {
  return copied(undefined, source, refuse) as T;
}

function refuse(): never {
  throw new TypeError("copy: a function is no plain data");
}

/**
 * Makes the tree `target` equal to `source`, of the same shape, in place: objects keep their
 * identity, so closures that hold them see the new values. Arrays are resized, typed arrays set,
 * functions replaced by `translate(function)`. Neither tree may contain a cycle.
 */
export function copyInto<T extends object>(target: T, source: T, translate: Translate): void {
  if (copied(target, source, translate) !== target) {
    throw new TypeError("copyInto: the two trees differ in kind or length at the top");
  }
}

/** What `target` has to become: itself, filled in place, where it is of the right kind. */
function copied(target: unknown, source: unknown, translate: Translate): unknown {
  if (typeof source === "function") return translate(source as StateFunction);
  if (typeof source !== "object" || source === null) return source;
  if (isTypedArray(source)) return copiedTyped(target, source);
  if (Array.isArray(source)) return copiedArray(target, source, translate);
  return copiedObject(target, source, translate);
}

function copiedTyped(target: unknown, source: TypedArray): TypedArray {
  const fits =
    typeof target === "object" &&
    target !== null &&
    isTypedArray(target) &&
    target.constructor === source.constructor &&
    target.length === source.length;
  if (!fits) return source.slice();
  target.set(source);
  return target;
}

function copiedArray(target: unknown, source: unknown[], translate: Translate): unknown[] {
  const into: unknown[] = Array.isArray(target) ? target : [];
  into.length = source.length;
  for (let i = 0; i < source.length; i++) {
    const next = copied(into[i], source[i], translate);
    if (!Object.is(into[i], next)) into[i] = next;
  }
  return into;
}

function copiedObject(target: unknown, source: object, translate: Translate): object {
  assertPlain(source);
  const from = source as Record<string, unknown>;
  const reuse = typeof target === "object" && target !== null && !Array.isArray(target);
  const into = (reuse && !isTypedArray(target) ? target : {}) as Record<string, unknown>;
  for (const key of Object.keys(into)) if (!(key in from)) delete into[key];
  for (const key of Object.keys(from)) {
    const next = copied(into[key], from[key], translate);
    if (!Object.is(into[key], next)) into[key] = next;
  }
  return into;
}
