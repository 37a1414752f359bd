--! part enqueue
--! part shelves
-- A departed job as it is kept, and the idempotency key that stands for it: body hash, and seconds that it still lasts.
local flat = call('HGETALL', away('job:', args.id))
if #flat == 0 then return {'gone'} end
local once = call('HGET', away('job:', args.id), 'once')
local used = once and call('HMGET', once, 'body_hash', 'id')
local book = call('HMGET', away('book:', args.id), 'outline', 'payload')
return {
  'ok', flat, book[1], book[2],
  call('HGETALL', away('chapters:', args.id)),
  call('LRANGE', away('attempts:', args.id), 0, -1),
  call('LRANGE', away('history:', args.id), 0, -1),
  used and used[2] == args.id and {used[1], call('TTL', once)} or {},
  text(now),
}
