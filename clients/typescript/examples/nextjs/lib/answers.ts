import { TTSQueueError } from "@/lib/queue";
import { currentUser, type User } from "@/lib/session";

/**
 * Answers with what `work` returns for the signed-in user, as JSON unless it is an answer already; an error becomes
 * the answer that ttsqueue would give.
 */
export async function answerFor(request: Request, work: (user: User) => Promise<unknown>): Promise<Response> {
  const user = await currentUser(request);
  if (user === null) return problem(401, "unauthenticated", "Sign in first.");
  try {
    const answer = await work(user);
    return answer instanceof Response ? answer : Response.json(answer);
  } catch (error) {
    if (error instanceof SyntaxError) return problem(400, "malformed", "The request is not JSON.");
    if (!(error instanceof TTSQueueError) || error.status === 0 || error.status === 401) {
      console.error(error); // the key or the address is wrong: for the log, not for the visitor
      return problem(503, "unavailable", "Audiobooks cannot be made at the moment.");
    }
    return problem(error.status, error.code, error.message, error.retryAfter);
  }
}

export function problem(status: number, code: string, error: string, retryAfter: number | null = null): Response {
  const headers = retryAfter === null ? {} : { "Retry-After": String(Math.ceil(retryAfter)) };
  return Response.json({ error, code, details: [] }, { status, headers });
}
