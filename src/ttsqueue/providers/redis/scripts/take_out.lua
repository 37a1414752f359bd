--! bullmq removeJob-2
--! part enqueue
--! part shelves
--! part whereabouts
-- Pending jobs leave for another store, in order of arrival. One that BullMQ has elsewhere is followed first.
local left, last = {}, args.after
local waiting = call(
  'ZRANGEBYSCORE', OURS .. 'status:pending', '(' .. text(args.after), '+inf', 'WITHSCORES', 'LIMIT', 0, args.limit
)

local function leave(job)
  local bull = bull_id(job)
  write(job, {lease = job.lease + 1})
  bull_removeJob({BULL .. bull, BULL .. 'repeat'}, {bull, '0', BULL})
  call('ZREM', OURS .. 'later', bull)
  for _, index in ipairs(lists_of(job)) do call('ZREM', OURS .. index, job.id) end
  let_go_of_active_key(job)
  if job.bull then call('HDEL', OURS .. 'foreign', bull) end
  call('ZADD', OURS .. 'usage-of-deleted', job.created_at, job.user_id .. ' ' .. usage_of(job))
  call('HSET', OURS .. 'departed', job.id, args.to)
  shelve(job.id)
end

for i = 1, #waiting, 2 do
  local job = load(waiting[i])
  local where = job and owns(job) and whereabouts(bull_id(job))
  if where == 'waiting' or where == 'delayed' then
    leave(job)
    left[#left + 1] = job.id
  end
  last = tonumber(waiting[i + 1])
end
if #left > 0 then announce(table.concat(left, ' '), false) end
return {'ok', left, text(last), #waiting}
