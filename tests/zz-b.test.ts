import { test } from "vitest";
test("b", async () => { const e = process.exit; (process as any).exit = (c: number) => { console.log("status", c); }; await import("/tmp/wt/log/bench/datalog.ts"); process.exit = e; }, 300000);
