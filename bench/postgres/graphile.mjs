// graphile-worker: `add URL` answers questions, `work URL CONCURRENCY` and `work-tuned ...` say when a task starts.
import { createInterface } from "node:readline";
import { Logger, makeWorkerUtils, run } from "graphile-worker";

const [kind, connectionString, concurrency] = process.argv.slice(2);
const seconds = () => Number(process.hrtime.bigint()) / 1e9; // the clock of Python's perf_counter
const say = (line) => process.stdout.write(`${line}\n`);
const logger = new Logger(() => () => {});
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function answerQuestions() {
  const utils = await makeWorkerUtils({ connectionString, logger, maxPoolSize: 20 });
  await utils.migrate();
  const actions = {
    async add({ mark, text }) {
      const began = seconds();
      await utils.addJob("speak", { mark, text });
      return { began };
    },
    async each({ number, callers, text }) {
      const began = seconds();
      const caller = async () => {
        for (let left = Math.floor(number / callers); left > 0; left--) await utils.addJob("speak", { mark: "", text });
      };
      await Promise.all(Array.from({ length: callers }, caller));
      return { seconds: seconds() - began };
    },
    async many({ number, size, text }) {
      const began = seconds();
      for (let left = number; left > 0; left -= size) {
        const job = { identifier: "speak", payload: { mark: "", text } };
        await utils.addJobs(Array.from({ length: size }, () => job));
      }
      return { seconds: seconds() - began };
    },
  };
  say("ready");
  for await (const line of lines) {
    const question = JSON.parse(line);
    say(JSON.stringify(await actions[question.do](question)));
  }
  await utils.release();
}

async function work() {
  const tuned = { localQueue: { size: 500 }, completeJobBatchDelay: 0 };
  let spoke = false;
  const speak = async ({ mark }) => {
    if (mark || !spoke) say(`${seconds()} ${mark}`);
    spoke = true;
  };
  say("ready");
  await lines.next();
  const runner = await run({
    taskList: { speak },
    preset: {
      worker: {
        connectionString,
        concurrentJobs: Number(concurrency),
        maxPoolSize: 20,
        logger,
        ...(kind === "work-tuned" ? tuned : {}),
      },
    },
    noHandleSignals: true,
  });
  while (!(await lines.next()).done);
  await runner.stop();
}

await (kind === "add" ? answerQuestions() : work());
process.exit(0);
