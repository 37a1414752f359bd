--! part finish
--! part end_attempt
--! part when_full
local job = load(args.id)
if not job then return {'missing'} end
if job.status == 'cancelled' then return {'ok', job} end
if job.status ~= 'pending' and job.status ~= 'processing' then return {'refused', job.status} end
pass_when_full()
local begun = job.status == 'processing' and end_attempt(job, 'cancelled')
move(job, 'cancelled')
write(job, {status = 'cancelled', lease = job.lease + 1, eta_seconds = false, completed_at = now})
record(job, 'cancelled', begun)
let_go_of_active_key(job)
finish(job, 'failed', 'failedReason', 'Cancelled.')
announce(job.id, true)
return {'ok', job}
