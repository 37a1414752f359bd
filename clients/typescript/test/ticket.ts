// Live events over a connection that can send no token.
import { type LiveMessage, TTSQueueClient } from "../src/ttsqueue.js";
import { book, given, refused, same } from "./check.js";

const ada = new TTSQueueClient({ baseUrl: given("SERVER"), token: given("ADA_TOKEN") });
const jobId = await ada.addJob(book("Ada"));

for (const url of [await ada.eventsUrl(jobId), await ada.eventsUrl()]) {
  const message = await firstMessage(url);
  same("the first message", message.type === "job" && [message.job.id, message.position], [jobId, 0]);
  same("a ticket that has been used", (await fetch(url)).status, 401);
}

const ben = new TTSQueueClient({ baseUrl: given("SERVER"), token: given("BEN_TOKEN") });
same("somebody else's job", (await fetch(await ben.eventsUrl(jobId))).status, 404);
await refused(new TTSQueueClient({ baseUrl: given("SERVER") }).eventsUrl(), 401, "unauthenticated");

async function firstMessage(url: string): Promise<LiveMessage> {
  const { body } = await fetch(url);
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  let data: RegExpExecArray | null = null;
  while ((data = /^data: (.*)\n\n/m.exec(text)) === null) {
    text += decoder.decode((await reader.read()).value, { stream: true });
  }
  await reader.cancel();
  return JSON.parse(data[1] ?? "") as LiveMessage;
}
