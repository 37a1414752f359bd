-- A failed or cancelled job begins anew.
local function retry_job(job, reason)
  move(job, 'pending')
  write(job, {
    status = 'pending', lease = job.lease + 1, attempts = 0, run_at = now, worker_id = false, heartbeat_at = false,
    completed_at = false, error_message = false, error_code = false, last_error = false,
  })
  call('HDEL', BULL .. bull_id(job), 'atm') -- where a tool tries it again, BullMQ counts on
  call('SET', OURS .. 'active:' .. job.active_key, job.id)
  record(job, reason)
end
