// bull-board over our queue; says its port.
import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { ExpressAdapter } from "@bull-board/express";
import { Queue } from "bullmq";
import express from "express";

const { hostname: host, port, pathname } = new URL(process.env.REDIS_URL);
const connection = { host, port: Number(port || 6379), db: Number(pathname.slice(1) || 0) };
const adapter = new ExpressAdapter();
createBullBoard({
  queues: [new BullMQAdapter(new Queue("tts-generation", { prefix: "{tts}", connection }))],
  serverAdapter: adapter,
});
const app = express();
app.use("/", adapter.getRouter());
const server = app.listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ event: "ready", port: server.address().port }));
});
