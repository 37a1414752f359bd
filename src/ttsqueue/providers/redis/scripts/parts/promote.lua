-- Delayed jobs that are due take their place. BullMQ would put them behind all that wait.
local function promote()
  if call('EXISTS', BULL .. 'delayed') == 0 then return end
  local due = call('ZRANGEBYSCORE', BULL .. 'delayed', 0, (now_ms + 1) * 4096 - 1, 'LIMIT', 0, 1000)
  for _, bull in ipairs(due) do
    local id = id_of(bull)
    local job = id and load(id)
    if job then
      call('ZREM', BULL .. 'delayed', bull)
      call('ZREM', OURS .. 'later', bull)
      call('ZADD', BULL .. 'prioritized', place(job), bull)
      call('HSET', BULL .. bull, 'delay', 0)
      call('XADD', BULL .. 'events', '*', 'event', 'waiting', 'jobId', bull, 'prev', 'delayed')
    end
  end
end
