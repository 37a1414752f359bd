--! part whose
-- Answers with the places, from 1, of the leases that are lost.
local lost = {}
for place, lease in ipairs(args.leases) do
  local job = held(lease[1], lease[2])
  if not job then
    lost[#lost + 1] = place
  elseif not args.only_look then
    call('SREM', BULL .. 'stalled', bull_id(job)) -- first, so that a full Redis lets the rest pass, too
    call('HSET', key_of(job.id), 'heartbeat_at', text(now), 'updated_at', text(now))
    if owns(job) then
      call('SET', BULL .. bull_id(job) .. ':lock', job.worker_id .. ':' .. job.lease, 'PX', args.lock_for)
    end
  end
end
return {'ok', lost}
