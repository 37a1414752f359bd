-- Milliseconds; -1 for none. In the list `wait` are jobs that others put there.
local limits = call('HMGET', BULL .. 'meta', 'paused', 'max', 'concurrency')
if limits[1] then return {'ok', -1} end
if limits[3] and call('LLEN', BULL .. 'active') >= tonumber(limits[3]) then return {'ok', -1} end -- an end wakes us
if call('ZCARD', BULL .. 'prioritized') + call('LLEN', BULL .. 'wait') > 0 then
  local is_spent = limits[2] and tonumber(call('GET', BULL .. 'limiter') or 0) >= tonumber(limits[2])
  return {'ok', is_spent and math.max(call('PTTL', BULL .. 'limiter'), 0) or 0}
end
local first = call('ZRANGE', BULL .. 'delayed', 0, 0, 'WITHSCORES')
if not first[2] then return {'ok', -1} end
return {'ok', math.max(math.floor(first[2] / 4096) - now_ms, 0)}
