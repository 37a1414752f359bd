-- The counters of each minute in which something was done, from `span` before the end of this one.
local MINUTE = 60000000
local first = math.ceil((math.floor(now / MINUTE + 1) * MINUTE - args.span) / MINUTE)
local minutes = {}
for _, minute in ipairs(call('ZRANGEBYSCORE', OURS .. 'minutes', first, '+inf')) do
  minutes[#minutes + 1] = {minute, call('HGETALL', OURS .. 'minute:' .. minute)}
end
return {'ok', text(now), minutes}
