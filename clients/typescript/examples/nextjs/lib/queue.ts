// In your application this is a copy of ttsqueue.ts, or `export * from "ttsqueue"`.
export * from "../../../src/ttsqueue.js";
