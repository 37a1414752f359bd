--! part leave
--! part whereabouts
-- Pending jobs leave for another store, in order of arrival. One that BullMQ has elsewhere is followed first.
local left, last = {}, args.after
local waiting = call(
  'ZRANGEBYSCORE', OURS .. 'status:pending', '(' .. text(args.after), '+inf', 'WITHSCORES', 'LIMIT', 0, args.limit
)

for i = 1, #waiting, 2 do
  local job = load(waiting[i])
  local where = job and owns(job) and whereabouts(bull_id(job))
  if where == 'waiting' or where == 'delayed' then
    leave(job, args.to)
    left[#left + 1] = job.id
  end
  last = tonumber(waiting[i + 1])
end
if #left > 0 then announce(table.concat(left, ' '), false) end
return {'ok', left, text(last), #waiting}
