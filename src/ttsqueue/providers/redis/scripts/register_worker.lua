--! part when_full
-- ARGV[2]: the worker as JSON.
local names = OURS .. 'worker-names'
pass_when_full()
if call('HSETNX', names, args.name, args.instance) == 0 then
  local is_mine = args.again and call('HGET', names, args.name) == args.instance
  return {is_mine and 'ok' or 'taken'}
end
call('HSET', OURS .. 'workers', args.instance, cjson.encode({args.name, text(now), ARGV[2]}))
call('ZADD', OURS .. 'worker-beats', now, args.instance)
return {'ok'}
