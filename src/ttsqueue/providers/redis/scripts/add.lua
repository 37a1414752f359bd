--! part enqueue
--! part new_job
--! part duplicate
-- ARGV[2]: the outline, ARGV[3]: the payload, both JSON.
local again = load(args.id)
if again then return {'ok', again} end

if args.once then
  local used = call('HMGET', args.once, 'body_hash', 'id')
  local earlier = used[2] and load(used[2]) -- nil also when it was deleted: then the request counts as new
  if earlier then return used[1] == args.body_hash and {'ok', earlier} or {'mismatch'} end
end

local twin = twin_of(args)
if twin then return duplicate(twin) end

local job = new_job()
if args.once then
  call('HSET', args.once, 'body_hash', args.body_hash, 'id', job.id)
  call('EXPIRE', args.once, 86400)
end
enqueue(job)
announce(job.id, true)
return {'ok', job}
