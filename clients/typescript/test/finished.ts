// A completed job, and addresses that play.
import { TTSQueueClient } from "../src/ttsqueue.js";
import { given, same } from "./check.js";

const ada = new TTSQueueClient({ baseUrl: given("SERVER"), token: given("ADA_TOKEN") });
const job = await ada.getJob(given("JOB"));
same("status", [job.status, job.progressPercent], ["completed", 100]);
same("sound", job.result?.audioFileIds, [given("SOUND")]);
const link = job.result?.chapters[0]?.audioUrl ?? "";
same("a relative address", link.startsWith(`/api/tts/audio/${given("SOUND")}?`), true);
same("a whole address", ada.audioUrl(link), given("SERVER") + link);
same("a download", ada.audioUrl(link, { download: true }), `${given("SERVER")}${link}&download=1`);
same("somebody else's address", ada.audioUrl("https://cdn.example.org/a?b=c"), "https://cdn.example.org/a?b=c");

// As an <audio> element asks: without a token, for a part.
const part = await fetch(ada.audioUrl(link), { headers: { Range: "bytes=0-3" } });
same("what plays", [part.status, part.headers.get("Content-Type"), await part.text()], [206, "audio/wav", "RIFF"]);
const download = await fetch(ada.audioUrl(link, { download: true }));
await download.arrayBuffer();
same("what is saved", download.headers.get("Content-Disposition")?.startsWith("attachment"), true);
