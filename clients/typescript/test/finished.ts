// A completed job, and addresses that play.
import { TTSQueueClient } from "../src/ttsqueue.js";
import { given, same } from "./check.js";

const ada = new TTSQueueClient({ baseUrl: given("SERVER"), token: given("ADA_TOKEN") });
const job = await ada.getJob(given("JOB"));
same("status", [job.status, job.progressPercent], ["completed", 100]);
same("sound", job.result?.audioFileIds, ["sound-1"]);
const link = job.result?.chapters[0]?.audioUrl ?? "";
same("a relative address", link.startsWith("/api/tts/audio/sound-1?"), true);
same("a whole address", ada.audioUrl(link), given("SERVER") + link);
same("a download", ada.audioUrl(link, { download: true }), `${given("SERVER")}${link}&download=1`);
same("somebody else's address", ada.audioUrl("https://cdn.example.org/a?b=c"), "https://cdn.example.org/a?b=c");
