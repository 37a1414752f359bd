-- Answers with what `record` needs to know. First of all out of a set, which passes on a full Redis, and lets what
-- follows pass: docs/decisions/0042.
local function end_attempt(job, outcome, error)
  call('SREM', BULL .. 'stalled', bull_id(job))
  call('RPUSH', OURS .. 'attempts:' .. job.id, cjson.encode({
    job.claims, job.worker_id, job.attempt_at, text(now), outcome, error,
  }))
  return cjson.encode({job.attempt_at, 'processing', 'claimed by ' .. job.worker_id})
end
