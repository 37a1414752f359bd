// BullMQ in Node: the same measures as bench/redis/main.py takes of the others, by its own clock.
import { Queue, Worker } from "bullmq";

const { hostname: host, port, pathname } = new URL(process.env.REDIS_URL);
const connection = { host, port: Number(port), db: Number(pathname.slice(1)) };
const text = "A kilobyte of text. ".repeat(51);
const options = { priority: 5, attempts: 3 };
const job = (mark) => ({ name: "speak", data: { mark, text }, opts: options });
const seconds = (start) => Number(process.hrtime.bigint() - start) / 1e9;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function adding(number, callers) {
  const queue = new Queue(`add${callers}`, { connection });
  await queue.waitUntilReady();
  const start = process.hrtime.bigint();
  const inTurn = async () => {
    for (let i = 0; i < number / callers; i++) await queue.add("speak", job("").data, options);
  };
  await Promise.all(Array.from({ length: callers }, inTurn));
  const rate = number / seconds(start);
  await queue.close();
  return rate;
}

async function addingMany(number) {
  const queue = new Queue("bulk", { connection });
  await queue.waitUntilReady();
  const start = process.hrtime.bigint();
  for (let i = 0; i < number / 1000; i++) await queue.addBulk(Array.from({ length: 1000 }, () => job("")));
  const rate = number / seconds(start);
  await queue.close();
  return rate;
}

async function working(number, concurrency) {
  const queue = new Queue(`work${concurrency}`, { connection });
  for (let i = 0; i < number / 1000; i++) await queue.addBulk(Array.from({ length: 1000 }, () => job("")));
  let start;
  const worker = new Worker(queue.name, async () => { start ??= process.hrtime.bigint(); }, { connection, concurrency });
  const left = async () => Object.values(await queue.getJobCounts("prioritized", "waiting", "active", "delayed"));
  while ((await left()).reduce((sum, each) => sum + each)) await pause(50);
  const rate = number / seconds(start);
  await worker.close(true);
  await queue.close();
  return rate;
}

async function pickingUp(number) {
  const queue = new Queue("pick", { connection });
  const taken = new Map();
  const worker = new Worker(queue.name, async ({ data }) => taken.get(data.mark)(), { connection, concurrency: 4 });
  await worker.waitUntilReady();
  const times = [];
  for (let i = 0; i < number + 10; i++) {
    const done = new Promise((resolve) => taken.set(`${i}`, resolve));
    const start = process.hrtime.bigint();
    await queue.add("speak", job(`${i}`).data, options);
    await done;
    times.push(seconds(start) * 1000);
    await pause(30);
  }
  await worker.close(true);
  await queue.close();
  return times.slice(10);
}

const work = JSON.parse(process.env.WORK);
const figures = {
  "add, jobs/s": await adding(1500, 1),
  "add by 16 callers, jobs/s": await adding(3200, 16),
  "add 1,000 at a time, jobs/s": await addingMany(5000),
};
for (const [concurrency, number] of Object.entries(work)) {
  figures[`work at ${concurrency}, jobs/s`] = await working(number, Number(concurrency));
}
console.log(JSON.stringify({ figures, pickUp: await pickingUp(150) }));
process.exit(0);
