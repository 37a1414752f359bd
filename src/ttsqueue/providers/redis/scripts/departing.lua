--! part leave
-- A departed job as it is kept, and the idempotency key that stands for it: body hash, and seconds that it still lasts.
local flat = call('HGETALL', away('job:', args.id))


-- Of a script that took it away, brought it back, or forgot it, only half may be left.
if #flat == 0 then
  local job = call('HEXISTS', OURS .. 'departed', args.id) == 1 and load(args.id)
  if job and is_half_listed(job) then list_anew(job) elseif job then enlist(job) end
  call('HDEL', OURS .. 'departed', args.id)
  return {'gone'}
end

local job = {}
for i = 1, #flat, 2 do job[flat[i]] = flat[i + 1] end
shelve(job.id)
if call('ZSCORE', OURS .. 'all', job.id) or owns(job) then withdraw(job) end
local used = job.once and call('HMGET', job.once, 'body_hash', 'id')
local book = call('HMGET', away('book:', args.id), 'outline', 'payload')
return {
  'ok', flat, book[1], book[2],
  call('HGETALL', away('chapters:', args.id)),
  call('LRANGE', away('attempts:', args.id), 0, -1),
  call('LRANGE', away('history:', args.id), 0, -1),
  used and used[2] == args.id and {used[1], call('TTL', job.once)} or {},
  text(now),
}
