--! part finish
--! part spoken_elsewhere
--! part retry_job
--! part whereabouts
--! part last_words
--! part heed_priority
--! part put_back
--! part when_full
-- Others have touched these jobs of BullMQ's queue: what they meant is done to ours. Answers with the ids of those to be
-- adopted.
local function removed(job)
  local begun = job.status == 'processing' and end_attempt(job, 'cancelled', 'Removed from the queue.')
  move(job, 'cancelled')
  write(job, {
    status = 'cancelled', lease = job.lease + 1, eta_seconds = false, completed_at = now,
    last_error = 'Removed from the queue by another program.',
  })
  call('ZREM', OURS .. 'later', bull_id(job))
  record(job, 'removed', begun)
  let_go_of_active_key(job)
end

pass_when_full()

-- Jobs of ours whose names are those of other books by now, by name.
local parted = {}
for _, bull in ipairs(args.ids) do
  local job = job_of(bull)
  if job and call('EXISTS', BULL .. bull) == 1 then
    if owns(job) then mark(job) else parted[bull] = true end
  end
end

local said

local function words()
  local is_used_again = {}
  for bull in pairs(parted) do is_used_again[bull] = true end
  return last_words(args.ids, is_used_again)
end

-- No record is left of it in BullMQ's queue.
local function vanished(job)
  said = said or words()
  local event, value = unpack(said[bull_id(job)] or {})
  local is_over = event == 'completed' or event == 'failed'
  if is_over and job.status == 'pending' then begin_elsewhere(job) end
  if is_over and is_elsewhere(job) then
    end_elsewhere(job, event, value)
  else
    removed(job)
  end
end

-- Out of the plain list that it is in; whether there was one. Where that is not known, it is looked for where claims look.
local function unlist(bull, list)
  local is_old = not list and call('LPOS', BULL .. 'wait', bull, 'RANK', -1, 'MAXLEN', 1000)
  list = list or (is_old and 'wait')
  return list and call('LREM', BULL .. list, -1, bull) > 0
end

local function to_its_place(job, list)
  heed_priority(job)
  call('HSET', BULL .. bull_id(job), 'priority', job.priority)
  unlist(bull_id(job), list)
  call('ZREM', BULL .. 'delayed', bull_id(job))
  call('ZADD', BULL .. 'prioritized', place(job), bull_id(job))
end

-- BullMQ took a running job for stalled; whether it is, we know better.
local function bring_back(job, list)
  local bull = bull_id(job)
  unlist(bull, list)
  for _, set in ipairs({'prioritized', 'delayed', 'failed'}) do call('ZREM', BULL .. set, bull) end
  call('LPUSH', BULL .. 'active', bull)
  call('SET', BULL .. bull .. ':lock', job.worker_id .. ':' .. job.lease, 'PX', args.lock_for)
end

-- When it starts, the queue says.
local function follow_delayed(job)
  local due = math.floor(call('ZSCORE', BULL .. 'delayed', bull_id(job)) / 4096) * 1000
  local is_known = call('ZSCORE', OURS .. 'later', bull_id(job))
  if is_known and math.abs(due - job.run_at) < 2000 then return false end
  write(job, {run_at = due})
  call('ZADD', OURS .. 'later', place(job), bull_id(job))
  return true
end

-- Its worker tries it again, at once or later.
local function again_elsewhere(job, where, list)
  local reason = call('HGET', BULL .. bull_id(job), 'failedReason') or nil
  local begun = end_attempt(job, 'retried', reason)
  move(job, 'pending')
  write(job, {
    status = 'pending', lease = job.lease + 1, worker_id = false, heartbeat_at = false,
    last_error = reason or job.last_error,
  })
  record(job, 'retried', begun)
  if where == 'delayed' then follow_delayed(job) end
  if where == 'waiting' or where == 'astray' then to_its_place(job, list) end
end

local function follow_pending(job, where, list)
  if not where then
    vanished(job)
  elseif where == 'active' then
    begin_elsewhere(job)
  elseif where == 'completed' or where == 'failed' then
    begin_elsewhere(job)
    ended_elsewhere(job, where)
  elseif where == 'waiting' then
    local was_delayed = call('ZREM', OURS .. 'later', bull_id(job)) == 1
    if was_delayed then write(job, {run_at = math.min(job.run_at, now)}) end -- promoted by hand
    local is_new = heed_priority(job) or was_delayed
    is_new = unlist(bull_id(job), list) or is_new
    if is_new then to_its_place(job) end
    return is_new
  elseif where == 'astray' then
    to_its_place(job)
  elseif not call('ZSCORE', OURS .. 'later', bull_id(job)) then -- another worker had it meanwhile
    begin_elsewhere(job)
    again_elsewhere(job, where)
  else
    return follow_delayed(job)
  end
  return true
end

-- It runs. Where half of a script was left of its end, no list of ours has it any more: docs/decisions/0044. Answers whether
-- that was so.
local function list_as_running(job)
  if call('ZSCORE', OURS .. 'status:processing', job.id) then return false end
  for _, status in ipairs({'pending', 'completed', 'failed', 'cancelled'}) do
    call('ZREM', OURS .. 'status:' .. status, job.id)
  end
  call('ZADD', OURS .. 'status:processing', job.seq, job.id)
  return true
end

local function follow_processing(job, where, list)
  if not where then
    vanished(job)
  elseif is_elsewhere(job) and where == 'active' then
    return is_alive_elsewhere(job) and hear(job) and 'progress'
  elseif is_elsewhere(job) and (where == 'completed' or where == 'failed') then
    ended_elsewhere(job, where)
  elseif is_elsewhere(job) then
    again_elsewhere(job, where, list)
  elseif where ~= 'active' then
    bring_back(job, list)
  else
    return list_as_running(job)
  end
  return true
end

-- Final for us. A failed one that a tool retried begins anew; what is completed, or cancelled by a user, does not, nor
-- what is the same as an active one.
local function follow_final(job, where, list)
  local was_there = where == (job.status == 'completed' and 'completed' or 'failed')
  if was_there then -- and what halves of scripts have left elsewhere goes
    unlist(bull_id(job))
    call('LREM', BULL .. 'active', 0, bull_id(job))
  end
  if not where or where == 'astray' or was_there then return false end
  local twin = twin_of(job)
  if job.status ~= 'failed' or twin then
    put_back(job, list, twin and 'The same book is active, as job ' .. twin.id .. '.' or 'Cancelled; retry it in ttsqueue.')
    return false
  end
  retry_job(job, 'retried by hand')
  if where == 'waiting' or where == 'delayed' then
    to_its_place(job, list)
  else
    follow_pending(job, where) -- another worker was quick
  end
  return true
end

local FOLLOW = {pending = follow_pending, processing = follow_processing}

-- What lies under its name is another book.
local function part_ways(job)
  if FOLLOW[job.status] then vanished(job) end
  take_another_name(job)
  pass_on(job.id, true)
end

local strangers = {}
for _, bull in ipairs(args.ids) do
  local job = job_of(bull)
  local where, list = whereabouts(bull)
  if parted[bull] then
    part_ways(job)
    job = nil
  end

  if job then
    local change = (FOLLOW[job.status] or follow_final)(job, where, list)
    if change then pass_on(job.id, change ~= 'progress') end
  elseif not where then
    unlist(bull) -- a name without a job
    for _, set in ipairs({'prioritized', 'delayed'}) do call('ZREM', BULL .. set, bull) end
  elseif is_wanted(bull, where) then
    strangers[#strangers + 1] = bull
  end
end
return {'ok', strangers}
