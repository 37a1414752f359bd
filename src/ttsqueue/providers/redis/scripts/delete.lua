--! bullmq removeJob-2
--! part whose
local job = load(args.id)
if not job then return {args.again and 'ok' or 'missing'} end
if job.status == 'pending' or job.status == 'processing' then return {'refused', job.status} end
if owns(job) then bull_removeJob({BULL .. bull_id(job), BULL .. 'repeat'}, {bull_id(job), '0', BULL}) end
for _, index in ipairs({'all', 'user:' .. job.user_id, 'work:' .. job.work_id, 'status:' .. job.status}) do
  call('ZREM', OURS .. index, job.id)
end
if job.bull then call('HDEL', OURS .. 'foreign', job.bull) end
local o = function(name) return OURS .. name .. job.id end
call('DEL', key_of(job.id), o'book:', o'chapters:', o'attempts:', o'history:')
-- What was handed in lately counts for a day, also when it is deleted.
call('ZADD', OURS .. 'usage-of-deleted', job.created_at, job.user_id .. ' ' .. job.id .. ':' .. job.characters)
announce(job.id, false)
return {'ok'}
