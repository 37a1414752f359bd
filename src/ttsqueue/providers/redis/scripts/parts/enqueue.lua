--! bullmq addPrioritizedJob-9
--! bullmq addDelayedJob-6
--! part whose
-- Job data are small: BullMQ sends them along with each claim and list. The texts lie under `bookKey`.
local function data_of(job)
  return cjson.encode({
    jobId = job.id, workId = job.work_id, userId = job.user_id, jobType = job.job_type, title = job.title,
    totalChapters = tonumber(job.total_chapters), bookKey = book_of(job),
  })
end

-- Into BullMQ's queue, as new; and then to its own place in it.
local function enqueue(job)
  if call('EXISTS', BULL .. bull_id(job)) == 1 and not owns(job) then take_another_name(job) end
  local delay = math.ceil(job.run_at / 1000) - now_ms
  local is_delayed = tonumber(job.run_at) > now
  local options = {
    priority = tonumber(job.priority), attempts = tonumber(job.max_attempts), jobId = bull_id(job),
    backoff = {type = 'exponential', delay = 5000}, -- for other workers; ours go by retry.py
  }
  if is_delayed then options.delay = delay end
  local packed = {cmsgpack.pack({BULL, bull_id(job), 'generate-tts', now_ms}), data_of(job), cmsgpack.pack(options)}
  local b = function(name) return BULL .. name end
  if is_delayed then
    bull_addDelayedJob(
      {b'marker', b'meta', b'id', b'delayed', b'completed', b'events'},
      {packed[1], packed[2], packed[3], now_ms}
    )
    call('ZADD', OURS .. 'later', place(job), bull_id(job))
  else
    bull_addPrioritizedJob(
      {b'marker', b'meta', b'id', b'prioritized', b'delayed', b'completed', b'active', b'events', b'pc'},
      {packed[1], packed[2], packed[3], now_ms}
    )
    call('ZADD', BULL .. 'prioritized', place(job), bull_id(job))
  end
  mark(job)
end
