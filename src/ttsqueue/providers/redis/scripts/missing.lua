-- How many of our jobs, at least, are in none of BullMQ's lists, and in how many rounds a sweep has seen all that wait.
-- Tools may take them out of there as a whole, and tell nobody which those were.
local A_ROUND = 1000 -- as in sweep.lua

local function entries(command, prefix, names)
  local sum = 0
  for _, name in ipairs(names) do sum = sum + call(command, prefix .. name) end
  return sum
end

local pending = entries('ZCARD', OURS, {'status:pending'})
local waiting = entries('ZCARD', BULL, {'prioritized', 'delayed'}) + entries('LLEN', BULL, {'wait', 'paused'})
local processing = entries('ZCARD', OURS, {'status:processing'})
local active = entries('LLEN', BULL, {'active'})
local missing = math.max(pending - waiting, 0) + math.max(processing - active, 0)
return {'ok', missing, math.ceil(4 * pending / A_ROUND) + 1} -- a table that has shrunk is looked through in more
