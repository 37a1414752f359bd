--! part whose
--! part heed_priority
-- Delayed jobs that are due take their place. BullMQ would put them behind all that wait. Answers with those that are
-- none of ours yet: they take theirs when they are adopted.
local function promote()
  local strangers = {}
  if call('EXISTS', BULL .. 'delayed') == 0 then return strangers end
  local due = call('ZRANGEBYSCORE', BULL .. 'delayed', 0, (now_ms + 1) * 4096 - 1, 'LIMIT', 0, 1000)
  for _, bull in ipairs(due) do
    local job = job_of(bull)
    if job and owns(job) then
      heed_priority(job)
      call('ZREM', BULL .. 'delayed', bull)
      call('ZREM', OURS .. 'later', bull)
      call('ZADD', BULL .. 'prioritized', place(job), bull)
      call('HSET', BULL .. bull, 'delay', 0)
      call('XADD', BULL .. 'events', '*', 'event', 'waiting', 'jobId', bull, 'prev', 'delayed')
    else
      strangers[#strangers + 1] = bull
    end
  end
  return strangers
end
