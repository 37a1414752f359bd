--! part finish
--! part whereabouts
-- A job from elsewhere that cannot be spoken: it fails at once, and BullMQ's tools show why.
local where, job = whereabouts(args.bull), job_of(args.bull)
local is_ours = job and owns(job)
if where and call('HGET', BULL .. args.bull, 'timestamp') ~= args.made_at then return {'changed'} end
if not is_ours and (where == 'waiting' or where == 'delayed') then
  finish_record(args.bull, call('HGET', BULL .. args.bull, 'opts'), 'failed', 'failedReason', args.reason)
end
return {'ok'}
