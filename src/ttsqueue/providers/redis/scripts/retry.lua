--! bullmq reprocessJob-9
--! part enqueue
--! part retry_job
--! part duplicate
--! part when_full
local job = load(args.id)
if not job then return {'missing'} end
if args.again and job.status == 'pending' then return {'ok', job} end
if job.status ~= 'failed' and job.status ~= 'cancelled' then return {'refused', job.status} end
local twin = twin_of(job)
if twin then return duplicate(twin) end
pass_when_full() -- its texts are here already
retry_job(job, 'retried by hand')
local b = function(name) return BULL .. name end
local moved = owns(job) and bull_reprocessJob(
  {BULL .. bull_id(job), b'events', b'failed', b'wait', b'meta', b'active', b'marker', b'prioritized', b'pc'},
  {bull_id(job), 'LPUSH', 'failedReason', 'failed', '1', '1'}
)
if moved == 1 then
  call('ZADD', b'prioritized', place(job), bull_id(job))
else
  enqueue(job) -- a tool has cleaned it away
end
announce(job.id, true)
return {'ok', job}
