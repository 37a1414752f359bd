local function end_attempt(job, outcome, error)
  call('RPUSH', OURS .. 'attempts:' .. job.id, cjson.encode({
    job.claims, job.worker_id, job.attempt_at, text(now), outcome, error,
  }))
  call('RPUSH', OURS .. 'history:' .. job.id, cjson.encode({job.attempt_at, 'processing', 'claimed by ' .. job.worker_id}))
end
