--! part finish
--! part end_attempt
--! part retry_job
--! part whereabouts
-- Others have touched these jobs of BullMQ's queue: what they meant is done to ours. Answers with jobs to be adopted.
local ELSEWHERE = 'bullmq:'

local function is_elsewhere(job)
  return job.status == 'processing' and string.sub(job.worker_id or '', 1, #ELSEWHERE) == ELSEWHERE
end

local function begin_elsewhere(job)
  local fields = call('HMGET', BULL .. bull_id(job), 'pb', 'processedOn')
  local worker = ELSEWHERE .. (fields[1] or 'worker')
  begin_attempt(job, worker)
  call('ZREM', OURS .. 'later', bull_id(job))
end

-- A result in the form of ours, whatever the other worker returned.
local function result_of(value)
  local fine, found = pcall(cjson.decode, value or '')
  if not fine or type(found) ~= 'table' then found = {} end
  local files = {}
  for _, file in ipairs(type(found.audioFileIds) == 'table' and found.audioFileIds or {}) do
    files[#files + 1] = tostring(file)
  end
  local book = type(found.audiobookFileId) == 'string' and found.audiobookFileId or cjson.null
  local result = cjson.encode({totalDuration = tonumber(found.totalDuration) or 0, audiobookFileId = book})
  return '{"audioFileIds":' .. (#files > 0 and cjson.encode(files) or '[]') .. ',' .. string.sub(result, 2)
end

local function end_elsewhere(job, where)
  local fields = call('HMGET', BULL .. bull_id(job), 'returnvalue', 'failedReason')
  local reason = fields[2] or 'Failed in another worker.'
  end_attempt(job, where, where == 'failed' and reason or nil)
  move(job, where)
  write(job, {status = where, lease = job.lease + 1, eta_seconds = false, completed_at = now})
  if where == 'completed' then
    write(job, {progress_percent = 100, result = result_of(fields[1])})
  else
    write(job, {error_message = reason, last_error = reason})
  end
  record(job, where)
  let_go_of_active_key(job)
  count(where, 1)
end

local function removed(job)
  if job.status == 'processing' then end_attempt(job, 'cancelled', 'Removed from the queue.') end
  move(job, 'cancelled')
  write(job, {
    status = 'cancelled', lease = job.lease + 1, eta_seconds = false, completed_at = now,
    last_error = 'Removed from the queue by another program.',
  })
  call('ZREM', OURS .. 'later', bull_id(job))
  record(job, 'removed')
  let_go_of_active_key(job)
end

-- Out of BullMQ's plain lists, whichever it lies in; how many those were.
local function unlist(bull)
  return call('LREM', BULL .. 'wait', 0, bull) + call('LREM', BULL .. 'paused', 0, bull)
end

local function to_its_place(job)
  unlist(bull_id(job))
  call('ZREM', BULL .. 'delayed', bull_id(job))
  call('ZADD', BULL .. 'prioritized', place(job), bull_id(job))
end

-- BullMQ took a running job for stalled; whether it is, we know better.
local function bring_back(job)
  local bull = bull_id(job)
  unlist(bull)
  for _, set in ipairs({'prioritized', 'delayed', 'failed'}) do call('ZREM', BULL .. set, bull) end
  call('LPUSH', BULL .. 'active', bull)
  call('SET', BULL .. bull .. ':lock', job.worker_id .. ':' .. job.lease, 'PX', args.lock_for)
end

local function follow_pending(job, where)
  if not where then
    removed(job)
  elseif where == 'active' then
    begin_elsewhere(job)
  elseif where == 'completed' or where == 'failed' then
    begin_elsewhere(job)
    end_elsewhere(job, where)
  elseif where == 'waiting' then
    local was_delayed = call('ZREM', OURS .. 'later', bull_id(job)) == 1
    if was_delayed then write(job, {run_at = math.min(job.run_at, now)}) end -- promoted by hand
    local was_listed = unlist(bull_id(job)) > 0
    if was_delayed or was_listed then to_its_place(job) end
    return was_delayed or was_listed
  elseif where == 'astray' then
    to_its_place(job)
  else
    return false
  end
  return true
end

local function follow_processing(job, where)
  if not where then
    removed(job)
  elseif is_elsewhere(job) and where == 'active' then
    if call('EXISTS', BULL .. bull_id(job) .. ':lock') == 0 then return false end
    write(job, {heartbeat_at = now})
  elseif is_elsewhere(job) and (where == 'completed' or where == 'failed') then
    end_elsewhere(job, where)
  elseif is_elsewhere(job) then
    end_attempt(job, 'retried')
    move(job, 'pending')
    write(job, {status = 'pending', lease = job.lease + 1, worker_id = false, heartbeat_at = false})
    record(job, 'retried')
    if where == 'waiting' or where == 'astray' then to_its_place(job) end
  elseif where ~= 'active' then
    bring_back(job)
  else
    return false
  end
  return true
end

-- Final for us. Retried by a tool, it begins anew; or it goes back to where it was, when the same job is active again.
local function follow_final(job, where)
  local was_there = where == (job.status == 'completed' and 'completed' or 'failed')
  if not where or where == 'astray' or was_there then return false end
  local is_waiting = where == 'waiting' or where == 'delayed'
  if job.status == 'completed' or twin_of(job) then
    if is_waiting then
      finish(job, 'failed', 'failedReason', 'This job cannot be retried: it is completed, or the same one is active.')
    end
    return false
  end
  retry_job(job, 'retried by hand')
  if is_waiting then
    call('HSET', BULL .. bull_id(job), 'priority', job.priority)
    to_its_place(job)
  else
    follow_pending(job, where) -- another worker was quick
  end
  return true
end

local FOLLOW = {pending = follow_pending, processing = follow_processing}

local strangers = {}
for _, bull in ipairs(args.ids) do
  local id = id_of(bull)
  local job = id and load(id)
  local where = whereabouts(bull)
  if job then
    if (FOLLOW[job.status] or follow_final)(job, where) then announce(job.id, true) end
  elseif not where then
    unlist(bull) -- a name without a job
    for _, set in ipairs({'prioritized', 'delayed'}) do call('ZREM', BULL .. set, bull) end
  elseif where == 'waiting' or where == 'delayed' then
    local fields = call('HMGET', BULL .. bull, 'data', 'priority', 'opts')
    strangers[#strangers + 1] = {bull, fields[1] or '', fields[2] or '0', fields[3] or '{}'}
  end
end
return {'ok', strangers}
