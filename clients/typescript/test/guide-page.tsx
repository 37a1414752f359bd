// A page for operators, in the words promised to applications.
import { TTSQueue } from "@/lib/queue";

declare global {
  namespace JSX {
    interface IntrinsicElements {
      div: { children?: unknown };
      h1: { children?: unknown };
    }
  }
}

export default async function QueueDashboard() {
  const stats = await TTSQueue.getQueueStats();
  const recentJobs = await TTSQueue.getUserJobs("all", 20);

  return (
    <div>
      <h1>Queue Dashboard</h1>
      <div>Pending: {stats.pending}</div>
      <div>Processing: {stats.processing}</div>
      {recentJobs.length}
    </div>
  );
}
