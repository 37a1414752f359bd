// What operators see, and pausing.
import { TTSQueue } from "@/lib/queue";
import { book, given, same } from "./check.js";

await TTSQueue.addJob({ ...book("Ada"), userId: given("USER_ID") });

const stats = await TTSQueue.getQueueStats();
same("stats", [stats.pending, stats.processing, stats.completed, stats.failed], [1, 0, 0, 0]);
same("the rest of the stats", [stats.delayed, stats.cancelled, stats.paused], [0, 0, false]);

const resetCount = await TTSQueue.resetStuckJobs();
same("stuck jobs", resetCount, 0);

await TTSQueue.pause();
same("paused", (await TTSQueue.getQueueStats()).paused, true);
await TTSQueue.resume();
same("resumed", (await TTSQueue.getQueueStats()).paused, false);
