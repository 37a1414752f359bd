// What the programs in this folder check with. They are compiled and run by tests/clients.
import { TTSQueueError } from "../src/ttsqueue.js";

declare const process: { env: Record<string, string | undefined> };

/** What the test handed to this program. */
export function given(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

export function same(what: string, actual: unknown, expected: unknown): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (found !== wanted) throw new Error(`${what}: ${found}, not ${wanted}`);
}

/** The error that a call must fail with. */
export async function refused(call: Promise<unknown>, status: number, code: string): Promise<TTSQueueError> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof TTSQueueError)) throw error;
    same("the error", [error.status, error.code], [status, code]);
    return error;
  }
  throw new Error(`nobody refused; expected ${status} ${code}`);
}

export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export const WORK = "11111111-1111-4111-8111-111111111111";

/** A small book; the server takes it for another one because its chapter has another id. */
export function book(name: string) {
  return { workId: WORK, title: name, chapters: [{ id: name, title: "One", text: `The sea, as ${name} saw it.` }] };
}
