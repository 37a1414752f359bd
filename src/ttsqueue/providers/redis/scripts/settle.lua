--! bullmq retryJob-11
--! bullmq moveToDelayed-11
--! part finish
--! part elsewhere
--! part heed_priority
--! part end_attempt
-- ARGV[2]: the result, ARGV[3]: what of it BullMQ shows; both JSON.
local function requeue(job)
  heed_priority(job)
  local b = function(name) return BULL .. name end
  local id = bull_id(job)
  call('DEL', BULL .. id .. ':lock')
  if tonumber(job.run_at) > now then
    bull_moveToDelayed(
      {
        b'marker', b'active', b'prioritized', b'delayed', BULL .. id, b'events', b'meta', b'stalled', b'wait',
        b'limiter', b'pc',
      },
      {BULL, now_ms, id, '0', math.ceil(job.run_at / 1000) - now_ms, '0', '', '', ''}
    )
    call('ZADD', OURS .. 'later', place(job), id)
  else
    bull_retryJob( -- which would let all that is due go before
      {
        b'active', b'wait', b'paused', BULL .. id, b'meta', b'events', NONE, b'prioritized', b'pc', b'marker',
        b'stalled',
      },
      {BULL, now_ms, 'RPUSH', id, '0', ''}
    )
    call('ZADD', b'prioritized', place(job), id)
  end
  call('HSET', BULL .. id, 'atm', job.attempts) -- what counts for us: other workers give up by this
end

-- Every way of ending bumps the lease.
local function written(job, changes)
  changes.lease, changes.settled, changes.status = job.lease + 1, args.token, args.status
  changes.eta_seconds = job.eta_seconds and false
  write(job, changes)
end

local job = held(args.id, args.token)
if not job and args.again then
  local settled = load(args.id)
  if settled and tonumber(settled.settled or -1) == args.token then return {'ok', settled} end
end
local is_alive = job and args.silent_for and (now - job.heartbeat_at < args.silent_for or is_alive_elsewhere(job))
if not job or is_alive then return {'lost'} end

local begun = end_attempt(job, args.kind, args.error)
move(job, args.status)
if args.status == 'completed' then
  written(job, {progress_percent = 100, result = ARGV[2], completed_at = now})
  call('HDEL', OURS .. 'book:' .. job.id, 'payload') -- nobody speaks it again, and memory is dear
  finish(job, 'completed', 'returnvalue', ARGV[3])
elseif args.status == 'failed' then
  written(job, {
    error_message = args.error, error_code = args.code or false, last_error = args.error,
    completed_at = now,
  })
  finish(job, 'failed', 'failedReason', args.error)
else
  written(job, {
    attempts = math.max(job.attempts - args.refund, 0), last_error = args.error or job.last_error,
    run_at = args.delay and now + args.delay or job.run_at, worker_id = false, heartbeat_at = false,
  })
  if owns(job) then requeue(job) end
end
record(job, args.kind, begun)
if job.status ~= 'pending' then
  let_go_of_active_key(job)
  count(job.status, 1)
end
announce(job.id, true)
return {'ok', job}
