-- A job as `args` describe it. ARGV[2]: the outline, ARGV[3]: the payload, both JSON.
local function new_job()
  local job = {}
  for _, name in ipairs({
    'id', 'work_id', 'user_id', 'job_type', 'priority', 'total_chapters', 'max_attempts', 'title', 'active_key',
    'characters', 'bull', 'once', 'once_key',
  }) do job[name] = text(args[name]) end
  job.status, job.attempts, job.claims, job.lease = 'pending', '0', '0', '0'
  job.seq = text(call('INCR', OURS .. 'seq'))
  job.created_at = text(now)
  job.run_at = text(math.max(now + args.delay, args.run_at or 0))
  write(job, job)
  call('HSET', OURS .. 'book:' .. job.id, 'outline', ARGV[2], 'payload', ARGV[3])
  for _, index in ipairs({'status:pending', 'all', 'user:' .. job.user_id, 'work:' .. job.work_id}) do
    call('ZADD', OURS .. index, job.seq, job.id)
  end
  call('SET', OURS .. 'active:' .. job.active_key, job.id)
  local usage = OURS .. 'usage:' .. job.user_id
  call('ZREMRANGEBYSCORE', usage, 0, now - 86400000000) -- nobody asks for more than a day
  call('ZADD', usage, now, job.id .. ':' .. job.characters)
  return job
end
