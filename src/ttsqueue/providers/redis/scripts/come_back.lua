--! part enqueue
--! part shelves
if args.again and tonumber(call('HGET', key_of(args.id), 'lease') or -1) == args.token then return {'ok', 1} end
local kept = call('HMGET', away('job:', args.id), 'lease', 'active_key')
if tonumber(kept[1] or -1) ~= args.token then return {'ok', 0} end
local twin = twin_of({id = args.id, active_key = kept[2]})
if twin then return {'duplicate', twin.id, twin.status} end
unshelve(args.id)
local job = load(args.id)
write(job, {})
if job.bull then call('HSETNX', OURS .. 'foreign', job.bull, job.id) end
list(job)
call('HDEL', OURS .. 'departed', args.id)
announce(job.id, true)
return {'ok', 1}
