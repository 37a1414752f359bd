-- Another program may have given it another priority; BullMQ's 0 means none. Answers whether it did.
local function heed_priority(job, level)
  level = tonumber(level or call('HGET', BULL .. bull_id(job), 'priority'))
  local is_one = level and level >= 1 and level <= 10 and level % 1 == 0
  if not is_one or level == tonumber(job.priority) then return false end
  write(job, {priority = level})
  return true
end
