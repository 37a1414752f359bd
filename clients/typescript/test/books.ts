// A book file becomes a job; voices are listed and heard.
import { TTSQueueClient } from "../src/ttsqueue.js";
import { given, same, WORK } from "./check.js";

const ada = new TTSQueueClient({ baseUrl: given("SERVER"), token: given("ADA_TOKEN") });
const file = new Blob(["# The Tide\n\nIt came in.\n\n# The Ebb\n\nIt went out.\n"]);
const book = await ada.readBook(file, { name: "tide.md" });
same("chapters", book.chapters.map(({ id, title, text }) => [id, title, text]), [
  ["ch1", "The Tide", "The Tide\n\nIt came in."],
  ["ch2", "The Ebb", "The Ebb\n\nIt went out."],
]);
const { title, author, language, chapters } = book;
const estimate = await ada.estimate({ workId: WORK, title, author, language, chapters });
same("the estimate", [estimate.chapters, estimate.characters, estimate.estimatedCost], [2, 42, null]);
same("nothing is queued", (await ada.listJobs()).jobs.map((job) => job.title), []);
const jobId = await ada.addJob({ workId: WORK, title, author, language, chapters });
same("the job's chapters", (await ada.getChapters(jobId)).map((chapter) => chapter.chapterId), ["ch1", "ch2"]);
