local old = call('ZRANGEBYSCORE', OURS .. 'usage-of-deleted', 0, now - 86400000000, 'LIMIT', 0, 1000)
for _, entry in ipairs(old) do
  local user, usage = string.match(entry, '^(.*) (%S+)$')
  call('ZREM', OURS .. 'usage:' .. user, usage)
  call('ZREM', OURS .. 'usage-of-deleted', entry)
end
call('ZREMRANGEBYSCORE', OURS .. 'minutes', 0, math.floor(now / 60000000) - args.minutes)
for _, id in ipairs(call('ZRANGEBYSCORE', OURS .. 'closed-arrivals', 0, now - 86400000000, 'LIMIT', 0, 1000)) do
  call('HDEL', OURS .. 'arrivals', id)
  call('ZREM', OURS .. 'closed-arrivals', id)
end
return {'ok'}
