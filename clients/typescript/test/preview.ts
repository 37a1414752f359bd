import { TTSQueueClient } from "../src/ttsqueue.js";
import { given, same } from "./check.js";

const ada = new TTSQueueClient({ baseUrl: given("SERVER"), token: given("ADA_TOKEN") });
const sound = await ada.preview({ text: "The tide comes in.", language: "en", speed: 1.5 });
same("a WAV file", [sound.type, await sound.slice(0, 4).text()], ["audio/wav", "RIFF"]);
