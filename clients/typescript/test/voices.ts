import { TTSQueueClient } from "../src/ttsqueue.js";
import { given, same } from "./check.js";

const ada = new TTSQueueClient({ baseUrl: given("SERVER"), token: given("ADA_TOKEN") });
const { voices, default: chosen } = await ada.getVoices("en");
same("the default is one of the voices", voices.some((voice) => voice.id === chosen), true);
