// Runs the examples of one card and asks the heap what survived them: node --expose-gc run.mjs REQUEST.json
// Request and answer are JSON; without a file the request is on stdin.
// What a turn, a count and a skip are: rules/README.md
import { Console } from "node:console";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { clearTimeout, setTimeout } from "node:timers";
import { setImmediate as nextImmediate, setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { transform } from "sucrase";
import { enterDom } from "./dom.mjs";

const GROWS = 0.8; // of N: one object per turn, less what chance may free
const STILL = 0.1; // of N: what a stack or a cache may hold a moment longer
const DEADLINE = 20_000; // ms for one example

// ---- one request -------------------------------------------------------------------------------------------------

async function answer({ heap, examples, n = 40 }, folder) {
  // Read as text: the heap part may touch the globals of its world, so the world must stand before the part is loaded.
  const world = /^export const world = ["'](\w+)["']/m.exec(heap)?.[1] ?? "node";
  const heapFile = join(folder, "heap.mjs");
  writeFileSync(heapFile, heap);
  const results = {};
  for (const [index, example] of examples.entries()) {
    // The query makes a new module: what one example leaves in the heap part must not reach the next.
    const heapUrl = `${pathToFileURL(heapFile)}?example=${index}`;
    results[example.title] = await examine(world, example, heapUrl, join(folder, `example${index}`), n);
  }
  return { node: process.version, n, examples: results };
}

async function examine(world, example, heapUrl, folder, n) {
  const troubles = [];
  const report = (error) => troubles.push(describe(error));
  const leaveGuard = guard(report);
  const leaveWorld = world === "dom" ? enterDom(report) : () => {};
  try {
    const result = await withDeadline(verdict(example, heapUrl, folder, n));
    return troubles.length > 0 ? { error: troubles[0] } : result;
  } catch (error) {
    return { error: troubles[0] ?? describe(error) };
  } finally {
    // Here, and not where the turns run: an example that hangs must not keep the next one in its world.
    leaveWorld();
    leaveGuard();
  }
}

async function verdict(example, heapUrl, folder, n) {
  const { title } = example;
  const { turns = {}, counts = {}, skips = {} } = await import(heapUrl);
  if (title in skips) return { skipped: skips[title] };
  const turn = turns[title] ?? turns.default;
  if (!turn) throw new Error(`no turn for "${title}", and no skip`);
  const module = await load(example, folder);
  return judge(await measure(turn, counts[title] ?? counts.default, module, n), n);
}

/** What went wrong and where: the message and the topmost frame, without the name of the temporary folder. */
function describe(error) {
  return String(error?.stack ?? error).split("\n").slice(0, 2).join("\n").replace(/file:\S*memlint-heap-[^/]+\//, "");
}

// ---- measuring ---------------------------------------------------------------------------------------------------

async function measure(turn, count, module, n) {
  const seen = []; // WeakRefs, nothing else: the runner must not be what keeps them
  const survivors = async () => {
    await settle();
    return count ? count(module) : seen.filter((ref) => ref.deref() !== undefined).length;
  };
  await repeat(turn, module, n, seen);
  if (!count && seen.length === 0) throw new Error("the turn returns no object, and nothing is counted");
  const first = await survivors();
  await repeat(turn, module, n, seen);
  return { first, second: await survivors() };
}

async function repeat(turn, module, n, seen) {
  for (let i = 0; i < n; i++) await once(turn, module, seen);
}

// A function of its own, so that no variable of a running function holds the last result when garbage is collected.
async function once(turn, module, seen) {
  const result = await turn(module);
  for (const value of Array.isArray(result) ? result : [result]) {
    if (Object(value) === value) seen.push(new WeakRef(value));
  }
}

// A WeakRef holds its object until the job ends that made or read it, and an ended promise, timer or frame a little
// longer: garbage is collected only in a fresh turn of the event loop, and several times.
async function settle() {
  for (let i = 0; i < 4; i++) {
    await sleep(5);
    await nextImmediate();
    globalThis.gc();
  }
}

function judge({ first, second }, n) {
  const growth = second - first;
  if (growth >= GROWS * n) return { first, second, grows: true };
  if (growth <= STILL * n) return { first, second, grows: false };
  return { error: `neither: ${first} survivors after ${n} turns, ${second} after ${2 * n}` };
}

// ---- the files of an example ---------------------------------------------------------------------------------------

/** Writes the files, and returns what the first one exports (of CommonJS: its module.exports). */
async function load({ files, entry }, folder) {
  const names = Object.keys(files);
  write(join(folder, "package.json"), '{ "type": "module" }');
  for (const name of names) write(join(folder, runnable(name)), compile(name, files[name], names));
  const module = await import(pathToFileURL(join(folder, runnable(entry))));
  return entry.endsWith(".cjs") ? module.default : module;
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** The name under which Node can load it: shelf.ts → shelf.js. */
function runnable(name) {
  return name.replace(/\.(ts|tsx|jsx)$/, ".js");
}

function compile(name, source, names) {
  if (!/\.([cm]?js|tsx?|jsx)$/.test(name)) return source;
  const transforms = { ts: ["typescript"], tsx: ["typescript", "jsx"], jsx: ["jsx"] }[name.split(".").at(-1)];
  const options = { transforms, production: true, disableESTransforms: true };
  const code = transforms ? transform(source, options).code : source;
  return code.replace(/(\bfrom\s*|\bimport\s*\(?\s*)(["'])(\.{1,2}\/[^"']+)\2/g, (_, before, quote, specifier) =>
    before + quote + resolve(specifier, name, names) + quote);
}

/** "./shelf", "./shelf.js" and "./shelf.ts" all find the file shelf.ts, as bundlers and compilers do. */
function resolve(specifier, importer, names) {
  const stem = posix.join(posix.dirname(importer), specifier);
  const bare = stem.replace(/\.(js|jsx|ts|tsx)$/, "");
  const candidates = [stem, ...["js", "ts", "tsx", "jsx"].map((ending) => `${bare}.${ending}`)];
  const found = candidates.find((name) => names.includes(name));
  if (!found) return specifier;
  const relative = posix.relative(posix.dirname(importer), runnable(found));
  return relative.startsWith(".") ? relative : `./${relative}`;
}

// ---- the peace of the runner ---------------------------------------------------------------------------------------

/** Errors that nobody catches belong to the example that runs; what it leaves on `process` leaves with it. */
function guard(report) {
  const before = new Map(process.eventNames().map((name) => [name, process.rawListeners(name)]));
  process.on("unhandledRejection", report);
  process.on("uncaughtException", report);
  return () => {
    for (const name of process.eventNames()) {
      const known = new Set(before.get(name));
      for (const listener of process.rawListeners(name)) if (!known.has(listener)) process.off(name, listener);
    }
  };
}

/** Also keeps the event loop alive for an example that waits for something that never comes. */
function withDeadline(work) {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`not done after ${DEADLINE / 1000} s`)), DEADLINE);
    work.then(done, fail).finally(() => clearTimeout(timer));
  });
}

async function main() {
  if (!globalThis.gc) throw new Error("run me with node --expose-gc");
  const request = JSON.parse(readFileSync(process.argv[2] ?? 0, "utf8"));
  const print = process.stdout.write.bind(process.stdout);
  // Standard output is the answer's alone; examples may talk, on standard error.
  globalThis.console = new Console(process.stderr, process.stderr);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  process.removeAllListeners("warning"); // leaking listeners is what the examples are for
  process.on("unhandledRejection", () => {}).on("uncaughtException", () => {}); // of an example that is over
  const folder = mkdtempSync(join(tmpdir(), "memlint-heap-"));
  const result = await answer(request, folder).finally(() => rmSync(folder, { recursive: true, force: true }));
  // Timers that examples left behind would never let it end.
  print(`${JSON.stringify(result)}\n`, () => process.exit(0));
}

main().catch((error) => {
  process.stderr.write(`${error.stack ?? error}\n`);
  process.exit(1);
});
