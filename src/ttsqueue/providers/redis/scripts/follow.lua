--! part finish
--! part spoken_elsewhere
--! part retry_job
--! part whereabouts
--! part last_words
-- Others have touched these jobs of BullMQ's queue: what they meant is done to ours. Answers with the ids of those to be
-- adopted.
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

local said

-- No record is left of it in BullMQ's queue.
local function vanished(job)
  said = said or last_words(args.ids)
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
    local was_listed = unlist(bull_id(job), list)
    if was_delayed or was_listed then to_its_place(job) end
    return was_delayed or was_listed
  elseif where == 'astray' then
    to_its_place(job)
  else
    return false
  end
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
    end_attempt(job, 'retried')
    move(job, 'pending')
    write(job, {status = 'pending', lease = job.lease + 1, worker_id = false, heartbeat_at = false})
    record(job, 'retried')
    if where == 'waiting' or where == 'astray' then to_its_place(job, list) end
  elseif where ~= 'active' then
    bring_back(job, list)
  else
    return false
  end
  return true
end

-- Final for us. Retried by a tool, it begins anew; or it goes back to where it was, when the same job is active again.
local function follow_final(job, where, list)
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
    to_its_place(job, list)
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
  local where, list = whereabouts(bull)
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
