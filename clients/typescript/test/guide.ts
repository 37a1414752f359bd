// The calls that an application makes, in the words promised to it. Server and key come from the environment.
import { TTSQueue, getPriorityForUser } from "@/lib/queue";
import { given, same, WORK } from "./check.js";

const work = { id: WORK };
const user = { id: given("USER_ID"), isPremium: true };
const userId = user.id;

const jobId = await TTSQueue.addJob(
  {
    workId: work.id,
    userId: user.id,
    jobType: "full_book",
    chapters: [
      { chapterId: "ch1", text: "It was high tide.", title: "Chapter 1" },
      { chapterId: "ch2", text: "It was low tide.", title: "Chapter 2" },
    ],
    voiceSettings: {
      voiceId: "default",
      speed: 1.0,
    },
  },
  getPriorityForUser(user.isPremium) // 1-3 for premium, 5-10 for free
);

const job = await TTSQueue.getJob(jobId);
same("status", job.status, "pending");
same("progress", [job.progressPercent, job.progressMessage], [0, ""]);
same("priority", job.priority, 2);

const userJobs = await TTSQueue.getUserJobs(userId);
same("the user's jobs", userJobs.map((job) => job.id), [jobId]);

const recentJobs = await TTSQueue.getUserJobs("all", 20);
same("everybody's jobs", recentJobs.map((job) => job.id), [jobId]);

await TTSQueue.cancelJob(jobId);
same("after the cancel", (await TTSQueue.getJob(jobId)).status, "cancelled");
