import { getPriorityForUser, type Urgency } from "../src/ttsqueue.js";

const urgencies: Urgency[] = ["urgent", "normal", "bulk"];
const table = [true, false].map((isPremium) => urgencies.map((urgency) => getPriorityForUser(isPremium, urgency)));
console.log(JSON.stringify(table));
