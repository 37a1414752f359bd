/**
 * ttsqueue from TypeScript, over REST: one file, no dependencies, nothing but `fetch`.
 * Runs in Node 18 and newer, browsers, Deno, Bun and edge runtimes.
 */

// --- what goes over the wire -----------------------------------------------------------------------------------------

export type JobStatus = "pending" | "processing" | "completed" | "failed" | "cancelled";
export type JobType = "full_book" | "single_chapter" | "sample";
export type AudioFormat = "m4b" | "mp3" | "opus" | "flac" | "wav";
export type Urgency = "urgent" | "normal" | "bulk";

/** One chapter of a new job. `id` and `chapterId` both name it, uniquely within the job; one of them is needed. */
export type NewChapter = { text: string; title?: string } & (
  | { chapterId: string; id?: string }
  | { id: string; chapterId?: string }
);

export interface VoiceSettings {
  /** `engine:voice`, or `default` for a voice of the book's language. */
  voiceId?: string;
  /** 0.5 to 2.5; 1 is the voice's own pace. */
  speed?: number;
}

/** A book to be spoken. */
export interface NewJob {
  /** UUID of the work in your application. */
  workId: string;
  chapters: readonly NewChapter[];
  voiceSettings?: VoiceSettings;
  jobType?: JobType;
  /** UUID. Only a server's key or an admin may name another user than the caller. */
  userId?: string;
  /** The user's tier; only a server's key or an admin may name it. */
  isPremium?: boolean;
  title?: string;
  author?: string;
  /** BCP 47 tag. */
  language?: string;
  format?: AudioFormat;
  /** A JPEG or PNG as a data URI. */
  cover?: string;
  /** Start no sooner than this many seconds from now. */
  delaySeconds?: number;
  /** Start no sooner; where both are given the later holds. */
  runAt?: string | Date;
  maxAttempts?: number;
}

/** A job as the server shows it. Moments are ISO 8601 in UTC. */
export interface Job {
  id: string;
  workId: string;
  userId: string;
  jobType: JobType;
  title: string;
  status: JobStatus;
  /** 1 (soonest) to 10. */
  priority: number;
  /** 0 to 100. */
  progressPercent: number;
  progressMessage: string;
  currentChapter: number;
  totalChapters: number;
  attempts: number;
  maxAttempts: number;
  /** Why it failed for good. */
  errorMessage: string | null;
  errorCode: string | null;
  /** What went wrong last, also when it was tried again. */
  lastError: string | null;
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
  runAt: string;
  etaSeconds: number | null;
  voiceId: string | null;
  /** What it made, once it is completed. */
  result: JobResult | null;
}

export interface JobResult {
  /** One per chapter, in order. */
  audioFileIds: string[];
  /** Seconds. */
  totalDuration: number;
  completedAt: string | null;
  audiobookFileId: string | null;
  /** See `audioUrl`. */
  audiobookUrl: string | null;
  chapters: ChapterSound[];
}

/** One chapter of a finished audiobook. */
export interface ChapterSound {
  chapterId: string;
  title: string;
  audioFileId: string;
  /** See `audioUrl`. */
  audioUrl: string;
  /** Seconds into the audiobook. */
  start: number;
  /** Seconds. */
  duration: number;
  /** Held nothing that can be spoken. */
  silent: boolean;
  /** Sentences that the job's voice could not speak. */
  substitutions: Substitution[];
}

/** A sentence, or its beginning, and the voice that spoke it instead. */
export interface Substitution {
  text: string;
  voiceId: string;
}

/** What a job would take. Nothing is subtracted for sound that the server kept from earlier. */
export interface Estimate {
  /** Who would speak. */
  voiceId: string;
  chapters: number;
  /** That would be spoken. */
  characters: number;
  /** Of the engine; about. */
  calls: number;
  estimatedSeconds: number;
  /** In the currency of the server's price list; null when the voice costs nothing, or `costUnknown` says why not. */
  estimatedCost: number | null;
  /** Why nobody knows what it costs, when a price is missing at the server. */
  costUnknown: string | null;
}

/** One chapter of a job; the last members are null until it has been spoken. */
export interface Chapter {
  /** 0-based. */
  index: number;
  chapterId: string;
  title: string;
  characters: number;
  audioFileId: string | null;
  /** See `audioUrl`. */
  audioUrl: string | null;
  /** Seconds. */
  duration: number | null;
  silent: boolean | null;
  finishedAt: string | null;
}

/** What has happened to a job, oldest first. */
export interface Timeline {
  history: { at: string; status: JobStatus; reason: string }[];
  attempts: Attempt[];
}

export interface Attempt {
  number: number;
  workerId: string;
  startedAt: string;
  endedAt: string | null;
  /** completed, failed, retried, handed_back, lost or cancelled; null while it runs. */
  outcome: string | null;
  error: string | null;
}

/** Jobs by status; `pending` includes `delayed`. */
export interface QueueStats {
  pending: number;
  processing: number;
  completed: number;
  failed: number;
  cancelled: number;
  delayed: number;
  /** Whether the queue hands out no jobs; see `pause`. */
  paused: boolean;
}

export interface JobFilter {
  /** `all` is everybody's, for admins. Left out: the caller's own. */
  userId?: string;
  workId?: string;
  status?: JobStatus | readonly JobStatus[];
}

/** Jobs, newest first; `nextCursor` is null on the last page. */
export interface JobPage {
  jobs: Job[];
  nextCursor: string | null;
}

/** A job as it is now; `position` is how many jobs come before it, null unless it is pending. */
export interface LiveState {
  job: Job;
  position: number | null;
}

export interface Voice {
  id: string;
  engine: string;
  name: string;
  language: string;
  label: string;
}

export interface Voices {
  voices: Voice[];
  /** The voice that `default` stands for; null if there is none for the language. */
  default: string | null;
}

/** A few sentences to hear a voice by. */
export interface Preview extends VoiceSettings {
  /** At most 500 characters are spoken. */
  text: string;
  language?: string;
}

/** A book file as the server read it. Its chapters fit into `NewJob.chapters` as they are. */
export interface BookFile {
  title: string;
  author: string;
  language: string;
  /** Data URI; fits into `NewJob.cover`. */
  cover: string | null;
  chapters: BookChapter[];
}

export interface BookChapter {
  id: string;
  title: string;
  text: string;
  characters: number;
  estimatedSeconds: number;
  /** Why readers would rather not hear it, such as `front matter`; null for what belongs to the story. */
  leftOut: string | null;
}

/** What comes from `eventsUrl`. */
export type LiveMessage =
  | ({ type: "job" } & LiveState)
  | { type: "deleted"; jobId: string }
  | { type: "heartbeat" }
  | { type: "end"; reason: string; message: string };

// --- errors ----------------------------------------------------------------------------------------------------------

/** Whatever a call fails with, except that an abort by your own signal throws that signal's reason. */
export class TTSQueueError extends Error {
  override readonly name = "TTSQueueError";
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** One word for a program: `job_not_found`, `duplicate_job`, `unreachable`, `timeout`... */
  readonly code: string;
  readonly details: readonly unknown[];
  /** Seconds after which asking again may help. */
  readonly retryAfter: number | null;

  constructor(
    message: string,
    about: { status?: number; code: string; details?: readonly unknown[]; retryAfter?: number | null; cause?: unknown },
  ) {
    super(message, "cause" in about ? { cause: about.cause } : undefined);
    this.status = about.status ?? 0;
    this.code = about.code;
    this.details = about.details ?? [];
    this.retryAfter = about.retryAfter ?? null;
  }
}

// --- priorities ------------------------------------------------------------------------------------------------------

const PREMIUM: Record<Urgency, number> = { urgent: 1, normal: 2, bulk: 3 };
const FREE: Record<Urgency, number> = { urgent: 5, normal: 5, bulk: 10 };

/**
 * The priority of a new job: 1 to 3 for premium users, 5 to 10 for free ones; lower is sooner.
 * Urgency is a premium right: a free user's urgent job is a normal one.
 */
export function getPriorityForUser(isPremium: boolean, urgency: Urgency = "normal"): number {
  return (isPremium ? PREMIUM : FREE)[urgency];
}

// --- the client ------------------------------------------------------------------------------------------------------

export interface ClientOptions {
  /** Such as `https://tts.example.org`. Default: TTSQUEUE_URL, the page's own origin, or this machine. */
  baseUrl?: string;
  /**
   * A server key or a user's token, or a function that gives a fresh one for each request.
   * Default: TTSQUEUE_KEY, and only when `baseUrl` is left out too: the key goes to no other server.
   */
  token?: string | (() => Token | Promise<Token>);
  /** In place of the runtime's own. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds that one attempt may take; 30,000 if left out. Uploads of books and previews have five minutes. */
  timeout?: number;
}

export interface CallOptions {
  /** Ends the call, its waiting and its retries. */
  signal?: AbortSignal | undefined;
}

type Token = string | null | undefined;

interface Call extends CallOptions {
  method?: "GET" | "POST" | "DELETE";
  query?: Record<string, string | number | readonly string[] | undefined>;
  headers?: Record<string, string>;
  body?: string | FormData;
  timeout?: number;
  /** Asking twice does no more than asking once: it may be tried again. */
  repeatable?: boolean;
}

const LOCAL_SERVER = "http://127.0.0.1:8642";
const QUEUE = "/api/tts/queue";
const EVENTS = "/api/tts/events";
const LONGEST_PAGE = 200;
const TIMEOUT = 30_000;
const LONG_TIMEOUT = 300_000;
/** The server sends a heartbeat far more often than this. */
const LONGEST_SILENCE = 60_000;
const MOST_RETRIES = 3;
const LONGEST_WAIT = 30;
const PASSING = [429, 502, 503, 504];

/** A ttsqueue server. Every method fails with TTSQueueError. */
export class TTSQueueClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions = {}) {
    this.#options = options;
  }

  // -- jobs

  /**
   * Queue a book and get its job id. Without an `idempotencyKey` a fresh one is used, so that a retry by this client
   * never makes a second job; with yours, asking again within 24 hours answers with the same job.
   */
  async addJob(
    job: NewJob,
    priority?: number,
    { idempotencyKey = randomKey(), signal }: CallOptions & { idempotencyKey?: string } = {},
  ): Promise<string> {
    const headers = { "Idempotency-Key": idempotencyKey };
    const body = JSON.stringify({ ...job, priority });
    const call: Call = { method: "POST", headers, body, repeatable: true, signal };
    return (await this.#json<{ jobId: string }>(QUEUE, call)).jobId;
  }

  /** What this job would take and cost. Fails with what `addJob` would fail with; nothing is queued. */
  async estimate(job: NewJob, { signal }: CallOptions = {}): Promise<Estimate> {
    const call: Call = { method: "POST", query: { dryRun: "true" }, body: JSON.stringify(job), repeatable: true, signal };
    return (await this.#json<{ estimate: Estimate }>(QUEUE, call)).estimate;
  }

  async getJob(jobId: string, { signal }: CallOptions = {}): Promise<Job> {
    return (await this.#json<{ job: Job }>(QUEUE, { query: { jobId }, signal })).job;
  }

  /** A user's newest jobs; `"all"` is everybody's, for admins. */
  async getUserJobs(userId: string, limit = 50, { signal }: CallOptions = {}): Promise<Job[]> {
    const jobs: Job[] = [];
    let cursor: string | null | undefined;
    do {
      const wanted = Math.min(limit - jobs.length, LONGEST_PAGE);
      const page = await this.listJobs({ userId, limit: wanted, cursor }, { signal });
      jobs.push(...page.jobs);
      cursor = page.nextCursor;
    } while (cursor !== null && jobs.length < limit);
    return jobs;
  }

  /** One page of jobs, newest first; at most 200. */
  async listJobs(
    { cursor, ...filter }: JobFilter & { limit?: number; cursor?: string | null | undefined } = {},
    { signal }: CallOptions = {},
  ): Promise<JobPage> {
    return this.#json<JobPage>(QUEUE, { query: { ...filter, cursor: cursor ?? undefined }, signal });
  }

  /** All jobs, newest first, page after page as they are asked for. */
  async *eachJob(filter: JobFilter = {}, { signal }: CallOptions = {}): AsyncGenerator<Job, void, undefined> {
    let cursor: string | null | undefined;
    do {
      const page = await this.listJobs({ ...filter, limit: LONGEST_PAGE, cursor }, { signal });
      yield* page.jobs;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }

  /** Cancel a job that waits or is being spoken; its finished chapters stay. */
  async cancelJob(jobId: string, { signal }: CallOptions = {}): Promise<Job> {
    const call: Call = { method: "DELETE", query: { jobId }, repeatable: true, signal };
    return (await this.#json<{ job: Job }>(QUEUE, call)).job;
  }

  /** Try a failed or cancelled job again; its finished chapters are kept. */
  async retryJob(jobId: string, { signal }: CallOptions = {}): Promise<Job> {
    return (await this.#json<{ job: Job }>(`${address(jobId)}/retry`, { method: "POST", signal })).job;
  }

  /** Forget a job in a final state, with its sound. */
  async deleteJob(jobId: string, { signal }: CallOptions = {}): Promise<void> {
    await this.#json(address(jobId), { method: "DELETE", signal });
  }

  /** Every chapter in order; those that have been spoken can be played. */
  async getChapters(jobId: string, { signal }: CallOptions = {}): Promise<Chapter[]> {
    return (await this.#json<{ chapters: Chapter[] }>(`${address(jobId)}/chapters`, { signal })).chapters;
  }

  /** The states the job has been in, and every attempt to speak it. */
  async getTimeline(jobId: string, { signal }: CallOptions = {}): Promise<Timeline> {
    return this.#json<Timeline>(`${address(jobId)}/timeline`, { signal });
  }

  /**
   * The job as it is now, then its newest state after each change; ends after a final one. A lost connection is made
   * again, for as long as it takes: give a `signal` to stop, or leave the loop. Fails when the job is deleted.
   */
  async *watch(jobId: string, { signal }: CallOptions = {}): AsyncGenerator<LiveState, void, undefined> {
    for (let failures = 0; ; failures++) {
      let asked: number | null = null;
      try {
        for await (const message of this.#events(jobId, signal)) {
          failures = 0;
          if (message.type === "deleted") {
            throw new TTSQueueError(`Job ${jobId} was deleted.`, { status: 404, code: "job_not_found" });
          }
          if (message.type !== "job") continue;
          yield { job: message.job, position: message.position };
          if (isFinal(message.job)) return;
        }
      } catch (error) {
        if (!isPassing(error)) throw error;
        asked = error.retryAfter;
      }
      await sleep(Math.min(asked ?? backoff(failures), LONGEST_WAIT), signal);
    }
  }

  /**
   * For an `EventSource` of your own (or, with `ws` in place of `http`, a `WebSocket`), which can send no token: an
   * address with a ticket, good for 30 seconds and one connection. Without `jobId`: of all jobs that you may see.
   */
  async eventsUrl(jobId?: string, { signal }: CallOptions = {}): Promise<string> {
    const call: Call = { method: "POST", repeatable: true, signal };
    const { ticket } = await this.#json<{ ticket: string }>("/api/tts/tickets", call);
    return this.#baseUrl() + EVENTS + queryString({ jobId, ticket });
  }

  /** Cancel and forget all jobs of a user, with their sound; returns how many. Users may do so for themselves. */
  async deleteUser(userId: string, { signal }: CallOptions = {}): Promise<number> {
    const call: Call = { method: "DELETE", repeatable: true, timeout: LONG_TIMEOUT, signal };
    return (await this.#json<{ deleted: number }>(`/api/tts/users/${encodeURIComponent(userId)}`, call)).deleted;
  }

  // -- the queue; but for the stats, which every server key may read, for admins and keys with admin rights

  async getQueueStats({ signal }: CallOptions = {}): Promise<QueueStats> {
    return this.#json<QueueStats>("/api/tts/stats", { signal });
  }

  /** Start no further job until `resume`; running ones go on. */
  async pause({ signal }: CallOptions = {}): Promise<void> {
    await this.#json("/api/tts/pause", { method: "POST", repeatable: true, signal });
  }

  async resume({ signal }: CallOptions = {}): Promise<void> {
    await this.#json("/api/tts/resume", { method: "POST", repeatable: true, signal });
  }

  /** Put jobs without a heartbeat back into the queue, or fail them when no attempts are left. Returns how many. */
  async resetStuckJobs({ signal }: CallOptions = {}): Promise<number> {
    const call: Call = { method: "POST", repeatable: true, signal };
    return (await this.#json<{ reset: number }>("/api/tts/reset-stuck", call)).reset;
  }

  // -- voices, books and sound

  async getVoices(language?: string, { signal }: CallOptions = {}): Promise<Voices> {
    return this.#json<Voices>("/api/tts/voices", { query: { language }, signal });
  }

  /** A few sentences in a voice, as a WAV file. */
  async preview(preview: Preview, { signal }: CallOptions = {}): Promise<Blob> {
    const call: Call = { method: "POST", body: JSON.stringify(preview), timeout: LONG_TIMEOUT, signal };
    return this.#ask("/api/tts/preview", call, (response) => response.blob());
  }

  /** Chapters, title, author, language and cover of a book file; nothing is stored. A bare Blob needs a `name`. */
  async readBook(
    file: Blob & { name?: string },
    { name, signal }: CallOptions & { name?: string } = {},
  ): Promise<BookFile> {
    const body = new FormData();
    body.append("file", file, name ?? file.name ?? "book");
    return this.#json<BookFile>("/api/tts/books", { method: "POST", body, timeout: LONG_TIMEOUT, signal });
  }

  /**
   * A whole address for `audioUrl` or `audiobookUrl`, for `<audio src>` or a link. It is signed and good for some
   * hours: ask for the job again to get a new one. With `download` browsers save the file under the title.
   */
  audioUrl(link: string, { download = false }: { download?: boolean } = {}): string {
    const url = new URL(link, this.#baseUrl());
    if (download) url.searchParams.set("download", "1");
    return url.href;
  }

  // -- how it is asked

  #baseUrl(): string {
    const wish = this.#options.baseUrl || environment("TTSQUEUE_URL") || pageOrigin() || LOCAL_SERVER;
    return wish.replace(/\/+$/, "");
  }

  async #token(): Promise<Token> {
    const { token, baseUrl } = this.#options;
    if (token === undefined) return baseUrl ? undefined : environment("TTSQUEUE_KEY");
    return typeof token === "function" ? token() : token;
  }

  async #json<T>(path: string, call: Call): Promise<T> {
    return this.#ask<T>(path, call, async (response) => {
      const text = await response.text();
      try {
        return JSON.parse(text) as T;
      } catch (cause) {
        throw badAnswer(this.#baseUrl(), response.status, cause);
      }
    });
  }

  async #ask<T>(path: string, call: Call, read: (response: Response) => Promise<T>): Promise<T> {
    const repeatable = call.repeatable ?? (call.method ?? "GET") === "GET";
    for (let attempt = 0; ; attempt++) {
      const token = await this.#token();
      const deadline = new Deadline(call.timeout ?? this.#options.timeout ?? TIMEOUT, call.signal);
      try {
        return await read(await this.#send(path, call, deadline, token));
      } catch (caught) {
        const error = deadline.explain(caught, this.#baseUrl());
        const wait = repeatable && attempt < MOST_RETRIES ? waitBeforeRetry(error, attempt) : null;
        if (wait === null) throw error;
        await sleep(wait, call.signal);
      } finally {
        deadline.end();
      }
    }
  }

  /** One attempt. TTSQueueError for an answer that is an error; whatever `fetch` throws. */
  async #send(path: string, call: Call, deadline: Deadline, token: Token): Promise<Response> {
    const init: RequestInit = {
      method: call.method ?? "GET",
      headers: {
        Accept: "application/json",
        ...(typeof call.body === "string" && { "Content-Type": "application/json" }),
        ...(token && { Authorization: `Bearer ${token}` }),
        ...call.headers,
      },
      signal: deadline.signal,
      ...(call.body !== undefined && { body: call.body }),
      // Next.js would keep answers. Runtimes without caches refuse the member.
      ...("cache" in Request.prototype && { cache: "no-store" }),
    };
    const fetch = this.#options.fetch ?? globalThis.fetch;
    const response = await fetch(this.#baseUrl() + path + queryString(call.query), init);
    if (!response.ok) throw await refusal(response);
    return response;
  }

  /** One connection. Server-sent events by `fetch`: they carry the token in a header and need no WebSocket. */
  async *#events(jobId: string, signal: AbortSignal | undefined): AsyncGenerator<LiveMessage, void, undefined> {
    const token = await this.#token();
    const deadline = new Deadline(LONGEST_SILENCE, signal);
    try {
      const call: Call = { query: { jobId }, headers: { Accept: "text/event-stream" } };
      const { body, headers, status } = await this.#send(EVENTS, call, deadline, token);
      const isStream = headers.get("Content-Type")?.startsWith("text/event-stream");
      if (body === null || !isStream) throw badAnswer(this.#baseUrl(), status);
      for await (const data of serverSentEvents(body)) {
        deadline.extend();
        yield JSON.parse(data) as LiveMessage;
      }
    } catch (error) {
      throw deadline.explain(error, this.#baseUrl());
    } finally {
      deadline.end();
      deadline.abort();
    }
  }
}

/** The server that the environment names: TTSQUEUE_URL and TTSQUEUE_KEY, read at each call. */
export const TTSQueue = new TTSQueueClient();

// --- waiting ---------------------------------------------------------------------------------------------------------

/** A signal that aborts after a time, or when the caller's own does. (Node 18 has no AbortSignal.any.) */
class Deadline {
  readonly #milliseconds: number;
  readonly #outer: AbortSignal | undefined;
  readonly #controller = new AbortController();
  readonly #follow = () => this.abort();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(milliseconds: number, outer: AbortSignal | undefined) {
    outer?.throwIfAborted();
    outer?.addEventListener("abort", this.#follow);
    this.#milliseconds = milliseconds;
    this.#outer = outer;
    this.extend();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  extend(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isOver = true;
      this.abort();
    }, this.#milliseconds);
  }

  abort(): void {
    this.#controller.abort();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener("abort", this.#follow);
  }

  /** What to throw when a request under this deadline threw `error`. */
  explain(error: unknown, server: string): unknown {
    if (error instanceof TTSQueueError) return error;
    if (this.#outer?.aborted) return this.#outer.reason;
    if (this.#isOver) {
      const seconds = this.#milliseconds / 1000;
      return new TTSQueueError(`${server} did not answer within ${seconds} s.`, { code: "timeout", cause: error });
    }
    if (!(error instanceof TypeError) && !isAbort(error)) return error;
    return new TTSQueueError(`${server} cannot be reached: ${reason(error)}.`, { code: "unreachable", cause: error });
  }
}

function sleep(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** Seconds: about 0.5, 1, 2, 4, 8, then 15; each client a little different, so that they do not return all at once. */
function backoff(failures: number): number {
  return Math.min(0.5 * 2 ** failures, 15) * (0.75 + Math.random() / 2);
}

/** Seconds, or null for an error that waiting does not mend, or not soon. */
function waitBeforeRetry(error: unknown, attempt: number): number | null {
  if (!isPassing(error) || error.code === "timeout") return null;
  const wait = error.retryAfter ?? backoff(attempt);
  return wait <= LONGEST_WAIT ? wait : null;
}

function isPassing(error: unknown): error is TTSQueueError {
  return error instanceof TTSQueueError && (error.status === 0 || PASSING.includes(error.status));
}

function isFinal(job: Job): boolean {
  return job.status !== "pending" && job.status !== "processing";
}

// --- answers ---------------------------------------------------------------------------------------------------------

/** The error that an answer stands for; also when something between us and the server made it. */
async function refusal(response: Response): Promise<TTSQueueError> {
  const { status } = response;
  const retryAfter = secondsUntil(response.headers.get("Retry-After"));
  const text = await response.text();
  try {
    const { error, code, details } = JSON.parse(text) as { error: unknown; code: unknown; details: unknown };
    if (typeof error === "string" && typeof code === "string") {
      return new TTSQueueError(error, { status, code, details: Array.isArray(details) ? details : [], retryAfter });
    }
  } catch {
    // not ours
  }
  return new TTSQueueError(`The server answered with status ${status}.`, { status, code: "http_error", retryAfter });
}

function badAnswer(server: string, status: number, cause?: unknown): TTSQueueError {
  const message = `${server} does not answer as a ttsqueue server does; check its address.`;
  return new TTSQueueError(message, { status, code: "bad_answer", cause });
}

/** `Retry-After` is a number of seconds or a date. */
function secondsUntil(header: string | null): number | null {
  if (header === null) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}

/** The `data` of each event. */
async function* serverSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let data: string[] = [];
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    const lines = (rest + decoder.decode(value, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("data:")) data.push(line.slice(5));
      if (line !== "" || data.length === 0) continue;
      yield data.join("\n");
      data = [];
    }
  }
}

// --- small things ----------------------------------------------------------------------------------------------------

function address(jobId: string): string {
  return `${QUEUE}/${encodeURIComponent(jobId)}`;
}

function queryString(query: Call["query"] = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) {
      if (one !== undefined) parameters.append(name, String(one));
    }
  }
  const text = parameters.toString();
  return text && `?${text}`;
}

/** Unlike any other of this user today; no secret. (Node 18 and pages without HTTPS lack `crypto.randomUUID`.) */
function randomKey(): string {
  return [Date.now(), Math.random(), Math.random()].map((number) => number.toString(36).replace("0.", "")).join("-");
}

function environment(name: string): string | undefined {
  const runtime = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return runtime.process?.env?.[name] || undefined;
}

function pageOrigin(): string | undefined {
  const origin = (globalThis as { location?: { origin?: string } }).location?.origin;
  return origin?.startsWith("http") ? origin : undefined;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

function reason(error: unknown): string {
  const { cause } = error as { cause?: { message?: string; code?: string } };
  return cause?.message || cause?.code || (error as Error).message;
}
